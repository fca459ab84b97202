"""The order of the tiers, and what each is promised."""

import pytest

from portal import tiers
from portal.kit.i18n import say, speaking
from portal.tiers.rules import Tier, is_at_least


def test_a_tier_reaches_itself_and_those_below() -> None:
    assert [tier for tier in Tier if is_at_least("gold", tier)] == ["normal", "silver", "gold"]


def test_a_tier_nobody_knows_is_an_error() -> None:
    with pytest.raises(ValueError, match="diamond"):
        is_at_least("diamond", "gold")


def test_every_tier_has_a_name_in_both_languages() -> None:
    assert [say(tiers.NAMES[tier]) for tier in Tier] == ["普通", "银卡", "金卡", "白金卡"]
    with speaking("en"):
        assert [say(tiers.NAMES[tier]) for tier in Tier] == ["Standard", "Silver", "Gold", "Platinum"]
