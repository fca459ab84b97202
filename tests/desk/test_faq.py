"""An answered enquiry becomes a draft of the FAQ by one press, and one draft however often it is pressed."""

from portal.feedback import Kind, actions
from tests.feedback.house import furnish
from tests.visitors import post, sign_in_staff


def test_an_answered_enquiry_becomes_one_draft(browser, database, clock):
    house = furnish(database)
    number = house.bring(kind=Kind.ENQUIRY, title="红利税怎么扣")
    sign_in_staff(browser, database, "周经办", clock.at)
    here = f"/desk/voice/{number}"
    assert "写成常见问题草稿" not in browser.get(here).text
    assert post(browser, here, f"{here}/faq").status_code == 404
    house.do(actions.answer, number, text="持有满一年免税，卖出时按持有天数补扣。")
    assert "写成常见问题草稿" in browser.get(here).text
    first = post(browser, here, f"{here}/faq").headers["location"]
    assert post(browser, here, f"{here}/faq").headers["location"] == first
    draft = browser.get(first).text
    assert "红利税怎么扣" in draft
    assert "持有满一年免税" in draft


def test_a_complaint_becomes_no_draft(browser, database, clock):
    house = furnish(database)
    number = house.bring()
    house.work(number)
    house.answer(number)
    sign_in_staff(browser, database, "周经办", clock.at)
    assert post(browser, f"/desk/voice/{number}", f"/desk/voice/{number}/faq").status_code == 404
