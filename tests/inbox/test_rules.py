"""What decides whether a message goes out by SMS too."""

import pytest

from portal.inbox.rules import BY_SMS, Route, Weight, route


@pytest.mark.parametrize(
    ("weight", "preferred", "has_number", "expected"),
    [
        (Weight.REQUIRED, "wechat", True, Route.REQUIRED),
        (Weight.REQUIRED, "wechat", False, Route.NO_NUMBER),
        (Weight.NOTICE, "sms", True, Route.PREFERRED),
        (Weight.NOTICE, None, True, Route.UNSTATED),
        (Weight.NOTICE, "site_message", True, Route.NOT_PREFERRED),
        (Weight.NOTICE, "sms", False, Route.NO_NUMBER),
        (Weight.QUIET, "sms", True, Route.QUIET),
    ],
)
def test_weight_comes_before_preference(weight, preferred, has_number, expected):
    assert route(weight, preferred=preferred, has_number=has_number) is expected


def test_only_three_of_the_reasons_send_an_sms():
    assert {Route.REQUIRED, Route.PREFERRED, Route.UNSTATED} == BY_SMS
