"""The order of the rules, by a table of all that can meet, and who is rolled out to."""

from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.flags.judging import (
    Asker,
    Rules,
    Source,
    bucket,
    judged,
    steps,
)
from organizations.tenancy.models import uuid7

RANKS = {"free": 0, "starter": 10, "pro": 20, "enterprise": 30}
# The same in every process: the table's values hang on it.
ACME = UUID("018f0000-0000-7000-8000-00000000ac3e")
PLACE = bucket("quick_look", ACME)
KEYS = st.from_regex(r"[a-z0-9_]{1,30}", fullmatch=True)
PERCENT = st.integers(0, 100)


def rules(**values):
    usual = {
        "key": "quick_look",
        "default_enabled": False,
        "minimum_plan": "",
        "rollout_percent": None,
        "is_killed": False,
    }
    return Rules(**usual | values)


def verdict(asker=None, **values):
    step = judged(rules(**values), asker or Asker(ACME, "pro"), RANKS)
    return step.source, step.verdict


# Who wins, told once more and otherwise than in the code: each rule with its
# values, and what it answers to each.
KILLED = {False: None, True: False}
OVERRIDE = {None: None, True: True, False: False}
PLAN = {"": None, "free": None, "pro": None, "enterprise": False, "gone": False}
ROLLOUT = {None: None, 0: False, PLACE: False, PLACE + 1: True, 100: True}
DEFAULT = {False: False, True: True}
TABLE = list(product(KILLED, OVERRIDE, PLAN, ROLLOUT, DEFAULT))


# cap 78, 79
@pytest.mark.parametrize(("killed", "override", "plan", "percent", "default"), TABLE)
def test_the_first_rule_that_answers_decides(killed, override, plan, percent, default):
    answers = {
        Source.KILLED: KILLED[killed],
        Source.OVERRIDE: OVERRIDE[override],
        Source.PLAN: PLAN[plan],
        Source.ROLLOUT: ROLLOUT[percent],
        Source.DEFAULT: DEFAULT[default],
    }
    expected = next(pair for pair in answers.items() if pair[1] is not None)
    found = verdict(
        Asker(ACME, "pro", override),
        is_killed=killed,
        minimum_plan=plan,
        rollout_percent=percent,
        default_enabled=default,
    )
    assert found == expected


def test_the_rules_are_asked_in_one_order():
    found = [step.source for step in steps(rules(), Asker(ACME, "pro"), RANKS)]
    assert found == ["killed", "override", "plan", "rollout", "default"]


@pytest.mark.parametrize("plan", RANKS)
def test_a_plan_includes_what_a_lower_one_has(plan):
    on = [
        code
        for code in RANKS
        if verdict(Asker(ACME, code), minimum_plan=plan, default_enabled=True)[1]
    ]
    assert on == [code for code in RANKS if RANKS[code] >= RANKS[plan]]


@pytest.mark.parametrize("own", ["", "unheard of"])
def test_a_plan_that_nobody_knows_is_below_every_other(own):
    asker = Asker(ACME, own)
    assert verdict(asker, minimum_plan="free") == (Source.PLAN, False)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"default_enabled": True}, (Source.DEFAULT, True)),
        ({"rollout_percent": 100}, (Source.ROLLOUT, False)),
        ({"minimum_plan": "free", "default_enabled": True}, (Source.PLAN, False)),
    ],
)
def test_nobody_has_neither_a_plan_nor_a_place(values, expected):
    assert verdict(Asker(), **values) == expected


@given(key=KEYS, organization=st.uuids(), smaller=PERCENT, larger=PERCENT)
def test_a_growing_rollout_takes_nobody_out(key, organization, smaller, larger):
    smaller, larger = sorted((smaller, larger))
    asker = Asker(organization)
    before = judged(rules(key=key, rollout_percent=smaller), asker, {}).verdict
    after = judged(rules(key=key, rollout_percent=larger), asker, {}).verdict
    assert after or not before


@given(key=KEYS, organization=st.uuids())
def test_nothing_is_nobody_and_everything_is_everybody(key, organization):
    asker = Asker(organization)
    assert not judged(rules(key=key, rollout_percent=0), asker, {}).verdict
    assert judged(rules(key=key, rollout_percent=100), asker, {}).verdict
    assert bucket(key, organization) == bucket(key, organization)
    assert 0 <= bucket(key, organization) < 100


def test_a_place_is_the_same_in_every_process():
    known = "018f0000-0000-7000-8000-000000000001"
    assert bucket("quick_look", known) == bucket("quick_look", known)
    assert [bucket(key, known) for key in ("a", "b", "c")] == [8, 65, 85]


def test_a_rollout_reaches_about_as_many_as_it_says():
    many = [uuid7() for _number in range(2_000)]
    share = sum(bucket("quick_look", each) < 30 for each in many) / len(many)
    assert 0.25 < share < 0.35


def test_flags_do_not_all_begin_with_the_same_organizations():
    many = [uuid7() for _number in range(500)]
    first = {each for each in many if bucket("quick_look", each) < 20}
    second = {each for each in many if bucket("other_look", each) < 20}
    assert first != second
    assert len(first & second) < len(first) / 2
