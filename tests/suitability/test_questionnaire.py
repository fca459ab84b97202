import json
import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.suitability.evaluation import Status, evaluate
from portal.suitability.questionnaire import Definition, Fault, canonical
from tests.suitability.evaluator import Second, any_sheet
from tests.suitability.sheets import PERSONAS, SHIPPED

PAIRS = 5000
CONTEXT = {"d": {"full_capacity": True, "experience_elsewhere": True}, "profile": {"age": 40}}


def an_answer(question):
    if not question.is_multi:
        return st.sampled_from([option.key for option in question.options])
    alone = [option.key for option in question.options if option.given.get("exclusive")]
    others = [option.key for option in question.options if not option.given.get("exclusive")]
    some = st.lists(st.sampled_from(others), min_size=1, unique=True).map(sorted)
    return st.one_of(st.just(alone), some) if alone else some


SHEETS = st.fixed_dictionaries({question.id: an_answer(question) for question in SHIPPED.questions})


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona["id"])
def test_every_persona_comes_out_exactly(persona):
    assert evaluate(SHIPPED, persona["answers"], persona["context"]).figures() == persona["expected"]


def test_the_second_evaluator_agrees_with_the_personas():
    for persona in PERSONAS:
        assert Second(SHIPPED.body).expected(persona["answers"], persona["context"]) == persona["expected"]


def test_thousands_of_sheets_with_any_facts_come_out_as_another_program_works_them_out(capsys):
    chance, second, ends, rules = random.Random(20261127), Second(SHIPPED.body), Counter(), Counter()
    for _ in range(PAIRS):
        sheet, facts = any_sheet(SHIPPED.body, chance)
        expected = second.expected(sheet, facts)
        assert evaluate(SHIPPED, sheet, facts).figures() == expected, (sheet, facts)
        ends[expected["status"]] += 1
        rules.update([*expected["hard_rules"], *(each["id"] for each in expected["contradictions"])])
    with capsys.disabled():
        print(f"\n{PAIRS} sheets by two evaluators: {dict(ends)}; {len(rules)} rules met")
    named = {rule["id"] for part in ("hard_rules", "contradictions") for rule in SHIPPED.body[part]}
    assert set(rules) == named, "every rule of the definition was met"
    assert set(ends) == set(Status)


def test_a_bolder_or_richer_answer_never_lowers_the_level_except_by_a_rule_that_is_named():
    chance, lowered = random.Random(20261120), 0
    for _ in range(PAIRS):
        sheet = {question.id: drawn(question, chance) for question in SHIPPED.questions}
        question = chance.choice(SHIPPED.questions)
        other = {**sheet, question.id: drawn(question, chance)}
        low, high = sorted((sheet, other), key=lambda each: question.score(each[question.id]))
        before, after = evaluate(SHIPPED, low, CONTEXT), evaluate(SHIPPED, high, CONTEXT)
        if SHIPPED.levels.index(after.level) < SHIPPED.levels.index(before.level):
            lowered += 1
            assert set(after.hard_rules) - set(before.hard_rules) or set(after.adjustments) - set(before.adjustments)
    assert lowered <= PAIRS // 100


def drawn(question, chance):
    if not question.is_multi:
        return chance.choice(question.options).key
    others = [option.key for option in question.options if not option.given.get("exclusive")]
    some = sorted(chance.sample(others, chance.randint(0, len(others))))
    return some or [option.key for option in question.options if option.given.get("exclusive")]


@settings(max_examples=100, deadline=None)
@given(sheet=SHEETS)
def test_a_sheet_that_is_saved_and_read_again_comes_to_the_same(sheet):
    loaded = json.loads(canonical(SHIPPED.ordered(sheet)))
    definition = Definition(json.loads(canonical(SHIPPED.body)))
    assert definition.sha256 == SHIPPED.sha256
    assert evaluate(definition, loaded, CONTEXT) == evaluate(SHIPPED, sheet, CONTEXT)


@settings(max_examples=100, deadline=None)
@given(sheet=SHEETS)
def test_points_never_leave_their_dimension_s_range_and_the_level_never_exceeds_its_ceilings(sheet):
    found = evaluate(SHIPPED, sheet, CONTEXT)
    assert all(0 <= points <= SHIPPED.dimensions[name]["max"] for name, points in found.dimensions.items())
    assert found.total == sum(found.dimensions.values())
    index = SHIPPED.levels.index
    assert all(index(found.level) <= index(level) + 1 for level in found.score_levels.values())
    assert index(found.level) <= index(found.raw_level)


def test_the_order_in_which_products_are_chosen_changes_nothing():
    sheet = dict(PERSONAS[1]["answers"])
    turned = {**sheet, "experience_products": list(reversed(sheet["experience_products"]))}
    assert evaluate(SHIPPED, turned, CONTEXT) == evaluate(SHIPPED, sheet, CONTEXT)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"income_source": "Z"}, Fault.UNKNOWN_OPTION),
        ({"income_source": ["A"]}, Fault.UNKNOWN_OPTION),
        ({"experience_products": "B"}, Fault.UNKNOWN_OPTION),
        ({"experience_products": ["A", "B"]}, Fault.EXCLUSIVE),
        ({"experience_products": ["B", "B"]}, Fault.UNKNOWN_OPTION),
        ({"experience_products": []}, Fault.MISSING),
    ],
)
def test_an_answer_that_does_not_fit_its_question_is_refused(change, fault):
    sheet = {**PERSONAS[1]["answers"], **change}
    assert SHIPPED.faults(sheet) == dict.fromkeys(change, fault)
    with pytest.raises(ValueError, match=next(iter(change))):
        evaluate(SHIPPED, sheet, CONTEXT)


def test_who_is_under_eighteen_is_stopped_and_without_capacity_too():
    sheet = PERSONAS[1]["answers"]
    minor = evaluate(SHIPPED, sheet, {"profile": {"age": 17}})
    assert (minor.status, minor.hard_rules) == (Status.STOPPED, ["MINOR_STOP"])
    unable = evaluate(SHIPPED, sheet, {"d": {"full_capacity": False}})
    assert (unable.status, unable.stop_online, unable.lowest_class) == (Status.STOPPED, True, True)


def test_a_condition_on_a_value_that_nobody_knows_is_false():
    assert evaluate(SHIPPED, PERSONAS[1]["answers"], {}).contradictions == []


def test_failing_both_questions_of_fact_lowers_a_high_opinion_of_oneself():
    sheet = {**PERSONAS[1]["answers"], "knowledge_bond": "A", "knowledge_leverage": "D"}
    found = evaluate(SHIPPED, sheet, CONTEXT)
    assert found.adjustments == {"knowledge_self": 1}
    assert {"id": "X17", "severity": "adjust"} in found.contradictions
    assert (found.dimensions["knowledge"], found.level) == (1, "C4")
