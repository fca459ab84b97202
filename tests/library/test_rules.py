"""What a text needs, who may publish it, what it is found by, and how questions are read: by values."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.kit.prose import foreign_links, may_lead_to, prose
from portal.library import quiz, rules, terms
from portal.library.rules import Kind, Refusal, Text
from portal.library.synonyms import VARIANTS_LIMIT, BadSynonyms, groups, variants
from tests.library.house import PLAIN, QUESTIONS_EN, QUESTIONS_ZH, RESEARCH, TODAY


def test_an_empty_text_lacks_both_languages_and_an_end():
    assert set(rules.lacking(Kind.FAQ, Text(), TODAY)) == {*rules.WORDS, "expires_on"}
    assert rules.lacking(Kind.FAQ, PLAIN, TODAY) == {}


def test_research_is_signed_dated_classed_and_says_its_conflicts():
    assert set(rules.lacking(Kind.REPORT, PLAIN, TODAY)) == set(rules.OF_RESEARCH)
    assert rules.lacking(Kind.REPORT, RESEARCH, TODAY) == {}
    assert rules.lacking(Kind.REPORT, replace(RESEARCH, authored_on=TODAY + timedelta(1)), TODAY) == {
        "authored_on": "future"
    }


@pytest.mark.parametrize(
    ("kind", "days", "why"),
    [
        (Kind.NEWS, 92, None), (Kind.NEWS, 93, "too_far"), (Kind.REPORT, 367, "too_far"), (Kind.FAQ, 1098, None),
        (Kind.FAQ, 1099, "too_far"), (Kind.FAQ, 0, None), (Kind.FAQ, -1, "past"),
    ],
)  # fmt: skip
def test_everything_ends_one_day(kind, days, why):
    text = replace(RESEARCH, expires_on=TODAY + timedelta(days))
    assert rules.lacking(kind, text, TODAY).get("expires_on") == why


def test_who_wrote_a_word_is_no_second_person():
    asked = {"decider": 2, "writers": [1, 2], "is_whole": True}
    assert rules.publication_refusal("review", **asked) is Refusal.WROTE_IT
    assert rules.publication_refusal("review", **{**asked, "decider": 3}) is None
    assert rules.publication_refusal("draft", **{**asked, "decider": 3}) is Refusal.NOT_IN_REVIEW
    assert rules.publication_refusal("review", decider=3, writers=[1], is_whole=False) is Refusal.NOT_WHOLE


def test_what_is_copied_from_a_letter_shows_nobody_s_numbers():
    letter = "我叫王小满，电话 138 1234 5678，证件 11010119900101123X，2026-11-20 买了 600519，1,200.50 元"
    assert rules.without_numbers(letter) == "我叫王小满，电话 ****，证件 ****，2026-11-20 买了 600519，1,200.50 元"


def test_a_question_is_asked_without_the_words_of_asking():
    assert terms.question("摊薄成本是什么？") == ["摊薄", "薄成", "成本"]
    assert terms.question("How do I read the statements?") == ["read", "statement"]
    assert terms.question("什么是什么") == terms.question("什么是什么")
    assert terms.question("税") == ["税"]
    assert terms.question("Ｔ＋１") == ["t+1"]
    assert terms.question("  ,.!？") == []


@given(some.text(max_size=6000))
def test_any_question_gives_few_short_terms(asked):
    found = terms.question(asked)
    assert len(found) <= terms.TERMS_LIMIT
    assert all(0 < len(term) <= terms.TERM_LENGTH for term in found)


@given(some.text(max_size=300))
def test_whatever_a_title_says_finds_it(title):
    held = terms.index({"title_zh": title})
    assert set(terms.question(title)) <= set(held)


def test_rare_terms_tell_more_than_common_ones():
    assert terms.weight(100, 1) > terms.weight(100, 50) >= terms.weight(100, 100) > 0


def test_questions_are_read_and_marked():
    zh, en = quiz.read_both(QUESTIONS_ZH, QUESTIONS_EN)
    assert [question.right for question in zh] == [0, 1] == [question.right for question in en]
    assert quiz.marked(zh, {0: 0, 1: 0}) == [True, False]
    assert quiz.marked(zh, {}) == [False, False]
    assert quiz.read("") == ()


@pytest.mark.parametrize(
    ("text", "why", "line"),
    [
        ("* 没有题目", "unread", 1), ("? 一\n* 对", "options", 1), ("? 一\n- 错\n- 错", "none_right", 1),
        ("? 一\n* 对\n* 也对", "two_right", 3), ("乱写", "unread", 1), ("? 一\n* 对\n-", "unread", 3),
        ("? 一\n* 对\n- 错\n" * 6, "too_many", 16), (f"? {'长' * 201}", "unread", 1),
    ],
)  # fmt: skip
def test_questions_that_can_t_be_read_name_their_line(text, why, line):
    with pytest.raises(quiz.BadQuestions) as bad:
        quiz.read(text)
    assert (bad.value.why, bad.value.line) == (why, line)


def test_both_languages_ask_the_same():
    with pytest.raises(quiz.BadQuestions, match="unlike"):
        quiz.read_both(
            QUESTIONS_ZH, QUESTIONS_EN.replace("* Next trading day\n- Same day", "- Next trading day\n* Same day")
        )


EVIL = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html,<script>1</script>)", "![x](https://evil.example/x.png)", "<https://evil.example>",
    "[x](//evil.example)",     '[x](/a" onclick="b)', "[x](https://csrc.gov.cn.evil.example)", "[x](https://a@csrc.gov.cn)",
    "<svg/onload=alert(1)>", "[x](&#106;avascript:alert(1))", "<style>*{}</style>",
    "[x][1]\n\n[1]: https://evil.example",
]  # fmt: skip


@pytest.mark.parametrize("text", EVIL)
def test_what_would_do_harm_stays_text(text):
    shown = str(prose(text))
    assert not any(sign in shown for sign in ("<script", "<img", "<svg", "<style", "<a ", "href", "style="))


@given(some.text(alphabet="<>[]()!*#-`|:\"'&/\\ \nasjx=:", max_size=300))
def test_no_text_makes_markup_that_we_have_not_named(text):
    import re

    allowed = {
        "p",
        "h2",
        "h3",
        "h4",
        "ul",
        "ol",
        "li",
        "blockquote",
        "strong",
        "em",
        "a",
        "br",
        "hr",
        "code",
        "pre",
        "table",
    }
    allowed |= {"thead", "tbody", "tr", "th", "td"}
    assert {tag.lower() for tag in re.findall(r"</?\s*([a-zA-Z!?][\w-]*)", str(prose(text)))} <= allowed
    assert not re.search(r"<[^>]*\s(?:on\w+|style|src)\s*=", str(prose(text)))


def test_headings_go_down_one_step_at_a_time():
    assert str(prose("### 一\n# 二\n###### 三")).split() == ["<h2>一</h2>", "<h2>二</h2>", "<h3>三</h3>"]


def test_links_lead_to_our_pages_and_official_sites_only():
    assert may_lead_to("/points")
    assert may_lead_to("https://www.csrc.gov.cn/a")
    assert not any(
        map(may_lead_to, ("http://www.csrc.gov.cn", "https://notcsrc.gov.cn.example", "https://x[", "points", ""))
    )
    assert foreign_links("[一](/points) [二](https://evil.example) <https://www.sse.com.cn>") == [
        "https://evil.example"
    ]
    assert 'href="/%5Cevil.example"' in prose("[x](/\\evil.example)")  # a page of ours that is not there
    assert 'class="r"' in prose("|a|\n|--:|\n|1|")


def test_a_question_is_asked_in_each_word_for_the_same_thing_and_the_longest_counts():
    known = [("手续费", "佣金"), ("红利税", "股息税"), ("红利", "分红"), ("ipo", "打新")]
    assert variants("手续费怎么算", known) == ["手续费怎么算", "佣金怎么算"]
    assert variants("红利税", known) == ["红利税", "股息税"]
    assert variants("ＩＰＯ", known) == ["ipo", "打新"]
    assert variants("tripod", known) == ["tripod"]
    assert max(len(variants(word * 2000)) for group in groups() for word in group) <= VARIANTS_LIMIT


@pytest.mark.parametrize("words", ['["佣金"]', '["佣金", "费"]\n[[group]]\nwords = ["费", "税"]'])
def test_a_word_belongs_to_one_group_of_two_or_more(tmp_path, words):
    (file := tmp_path / "words.toml").write_text(f"[[group]]\nwords = {words}", "utf-8")
    with pytest.raises(BadSynonyms):
        groups(file)
