"""Why a client is asked for a new assessment, in words."""

from collections.abc import Mapping
from typing import Any

from portal import clients
from portal.kit import i18n
from portal.kit.i18n import say
from portal.suitability.triggers import Kind, indicator


def why_anew(detail: Mapping[str, Any]) -> str:
    """Say in the reader's language what has happened since the assessment."""
    kind, about = Kind(detail["kind"]), detail["about"]
    if kind is Kind.FALL:
        return say("在本公司的资产 %(days)s 天内减少了 %(count)s%% 以上", days=detail["days"], count=detail["count"])
    if kind is Kind.AGE:
        return say("年满 %(age)s 岁", age=about)
    if kind is Kind.COMPLAINT:
        return say("提出了关于适当性的投诉")
    return say("登记的信息有变化：%(what)s", what=_label(about))


def _label(about: str) -> str:
    key = indicator(about, clients.by_key())
    found = clients.by_key()[key] if key else None
    return about if found is None else found.en if i18n.language() == "en" else found.zh
