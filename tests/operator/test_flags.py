"""Flags in the console: defined, killed, switched for one, and why one is on."""

import pytest
from django.utils.html import escape

from billing.models import Plan
from organizations.audit.models import AuditEntry, PlatformEntry
from organizations.flags.models import FeatureFlag, OrganizationFeatureFlag
from organizations.models import Organization
from tests.flags.conftest import declared, staff  # noqa: F401
from tests.operator.conftest import CONSOLE, SOME_ID, address
from tests.operator.test_rights import helper  # noqa: F401

pytestmark = CONSOLE
FORM = {
    "key": "quick_look",
    "name": "Quick look",
    "description": "A task beside its list.",
    "minimum_plan": "pro",
    "rollout_percent": "25",
    "default_enabled": "on",
}
ADD = address(FeatureFlag, "add")


@pytest.fixture
def flag(staff):
    return staff.make("quick_look", name="Quick look", default_enabled=True)


@pytest.fixture
def told(look):
    def entries(model=PlatformEntry):
        rows = model.objects.filter(action__startswith="flag.")
        return list(rows.order_by("created_at", "id"))

    return lambda model=PlatformEntry: look(lambda: entries(model))


@pytest.fixture
def now_of(look):
    return lambda flag: look(lambda: FeatureFlag.objects.get(pk=flag.pk))


def page(flag, name="change"):
    return address(FeatureFlag, name, flag.pk)


# cap 78
def test_a_flag_is_defined_and_recorded(staff, as_olga, look, told, cast):
    assert as_olga.post(ADD, FORM).status_code == 302
    made = look(lambda: FeatureFlag.objects.get(key="quick_look"))
    assert (made.minimum_plan, made.rollout_percent) == ("pro", 25)
    assert made.default_enabled
    assert not made.is_killed
    [entry] = told()
    assert (entry.action, entry.actor_id) == ("flag.created", cast.olga.pk)
    assert entry.after["rollout_percent"] == 25


def test_a_change_is_recorded_and_the_key_stays(flag, as_olga, now_of, told):
    values = FORM | {"key": "other_look", "rollout_percent": "50", "minimum_plan": ""}
    assert as_olga.post(page(flag), values).status_code == 302
    assert (now_of(flag).key, now_of(flag).rollout_percent) == ("quick_look", 50)
    [entry] = told()
    assert entry.action == "flag.changed"
    assert entry.before["rollout_percent"] is None
    assert entry.after["rollout_percent"] == 50


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"key": "Quick Look"}, "Small letters, digits and underscores"),
        ({"key": "webhooks_replay_failed"}, "already exists"),
        ({"name": ""}, "This field is required"),
        ({"rollout_percent": "101"}, "less than or equal to 100"),
        ({"rollout_percent": "-1"}, "greater than or equal to 0"),
        ({"minimum_plan": "gold"}, "not one of the available choices"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(as_olga, staff, values, words):
    assert words in as_olga.post(ADD, FORM | values).text


def test_the_plans_are_those_of_the_price_list(staff, as_olga, look):
    text = as_olga.get(ADD).text
    assert "Every plan" in text
    for plan in look(lambda: list(Plan.objects.all())):
        assert f'value="{plan.code}"' in text


def test_a_plan_that_is_gone_is_still_named(staff, as_olga):
    flag = staff.make("old_look", minimum_plan="gold")
    assert 'value="gold" selected' in as_olga.get(page(flag)).text


def test_a_plan_that_a_flag_asks_for_stays(staff, as_olga, look):
    staff.make("quick_look", minimum_plan="starter")
    answer = as_olga.post(address(Plan, "delete", "starter"), {"post": "yes"})
    assert answer.status_code == 302
    assert look(lambda: Plan.objects.filter(code="starter").exists())


def test_the_kill_switch_takes_a_reason(flag, as_olga, now_of, told):
    assert as_olga.get(page(flag, "kill")).status_code == 200
    answer = as_olga.post(page(flag, "kill"), {"reason": ""})
    assert answer.status_code == 422
    assert not now_of(flag).is_killed
    assert as_olga.post(page(flag, "kill"), {"reason": "It burns"}).status_code == 302
    assert now_of(flag).is_killed
    text = as_olga.get(page(flag)).text
    assert "Bring back" in text
    assert page(flag, "kill") not in text
    assert as_olga.post(page(flag, "revive"), {"reason": "Out"}).status_code == 302
    assert not now_of(flag).is_killed
    assert [(each.action, each.after["reason"]) for each in told()] == [
        ("flag.killed", "It burns"),
        ("flag.revived", "Out"),
    ]


# cap 79
def test_a_flag_is_switched_on_the_organizations_page(flag, as_olga, cast, told, look):
    where = address(Organization, "flag", cast.acme.pk)
    values = {"flag": flag.pk, "switch": "off", "reason": "They asked for it"}
    assert as_olga.post(where, values | {"reason": ""}).status_code == 422
    assert as_olga.post(where, values).status_code == 302
    own = look(lambda: OrganizationFeatureFlag.objects.get())
    assert (own.organization_id, own.flag_id, own.enabled) == (
        cast.acme.pk,
        flag.pk,
        False,
    )
    [entry] = told(AuditEntry)
    assert entry.organization_id == cast.acme.pk
    assert entry.after["reason"] == "They asked for it"
    again = as_olga.post(where, values, follow=True)
    assert "Nothing was different." in again.text
    assert as_olga.post(where, values | {"switch": "none"}).status_code == 302
    assert not look(lambda: OrganizationFeatureFlag.objects.exists())


def test_members_read_it_in_their_log(flag, as_olga, as_alice, cast):
    where = address(Organization, "flag", cast.acme.pk)
    as_olga.post(where, {"flag": flag.pk, "switch": "on", "reason": "A trial"})
    assert "flag.overridden" in as_alice.get("/audit/").text


@pytest.mark.parametrize(
    ("change", "state", "source"),
    [
        ({}, "On", "Default"),
        ({"default_enabled": False}, "Off", "Default"),
        ({"minimum_plan": "enterprise"}, "Off", "Plan"),
        ({"rollout_percent": 0}, "Off", "Rollout"),
        ({"rollout_percent": 100}, "On", "Rollout"),
        ({"is_killed": True}, "Off", "Kill switch"),
        ({"own": True, "default_enabled": False}, "On", "Own switch"),
        ({"own": False}, "Off", "Own switch"),
    ],
)
def test_an_organizations_page_tells_what_decides(
    flag,
    staff,
    as_olga,
    cast,
    change,
    state,
    source,
):
    if (own := change.pop("own", None)) is not None:
        staff.override(flag, own)
    if change:
        staff.change(flag, **change)
    text = as_olga.get(address(Organization, "change", cast.acme.pk)).text
    row = text.partition("quick_look")[2].partition("</tr>")[0]
    assert f">{state}</span>" in row
    assert f"<td>{source}</td>" in row
    assert f"{page(flag, 'why')}?organization=acme" in text


def why(client, flag, slug):
    return client.get(page(flag, "why"), {"organization": slug})


def test_the_trace_names_every_rule_and_the_one_that_decides(
    flag,
    staff,
    as_olga,
):
    staff.change(flag, minimum_plan="free", rollout_percent=100)
    answer = why(as_olga, flag, "acme")
    steps = answer.context["steps"]
    assert [each["step"].source for each in steps] == [
        "killed",
        "override",
        "plan",
        "rollout",
        "default",
    ]
    assert [each["decides"] for each in steps] == [False, False, False, True, False]
    assert [each["is_asked"] for each in steps] == [True, True, True, True, False]
    assert answer.text.count('aria-current="step"') == 1
    assert "Not asked any more." in answer.text
    assert "From free on; the plan is free." in answer.text


def test_the_trace_is_of_the_organization_one_picks(flag, staff, as_olga, cast):
    staff.override(flag, False, cast.globex)
    for slug, source in (("acme", "default"), ("globex", "override")):
        steps = why(as_olga, flag, slug).context["steps"]
        [decided] = [each["step"] for each in steps if each["decides"]]
        assert decided.source == source


def test_before_one_picks_there_is_no_trace(flag, as_olga):
    answer = as_olga.get(page(flag, "why"))
    assert answer.status_code == 200
    assert answer.context["steps"] == []
    assert page(flag, "why") in as_olga.get(page(flag)).text


def test_an_address_that_nobody_has_is_said_to_be_none(flag, as_olga):
    answer = why(as_olga, flag, "nobody")
    assert answer.status_code == 422
    assert "No organization has this address." in answer.text


def test_a_flag_that_is_missing_is_missing(as_olga):
    for name in ("why", "kill"):
        where = address(FeatureFlag, name, SOME_ID)
        assert as_olga.get(where).status_code == 404


def test_what_the_code_asks_for_is_not_deleted(declared, as_olga, now_of):
    where = page(declared, "delete")
    answer = as_olga.post(where, {"post": "yes"}, follow=True)
    assert (
        escape("The code asks for webhooks_replay_failed, so it stays.") in answer.text
    )
    assert now_of(declared)


def test_what_has_switches_is_not_deleted(flag, staff, as_olga, now_of):
    staff.override(flag, True)
    answer = as_olga.post(page(flag, "delete"), {"post": "yes"}, follow=True)
    assert "have a switch of their own" in answer.text
    assert now_of(flag)
    staff.override(flag, None)
    assert as_olga.post(page(flag, "delete"), {"post": "yes"}).status_code == 302


def test_the_lists_tell_what_is_so(flag, staff, as_olga, cast):
    staff.change(flag, rollout_percent=25)
    staff.override(flag, True)
    staff.override(flag, False, cast.globex)
    answer = as_olga.get(address(FeatureFlag, "changelist"))
    [row] = [r for r in answer.context["cl"].result_list if r.pk == flag.pk]
    assert row.switches == 2
    assert "25 %" in answer.text
    listed = as_olga.get(address(OrganizationFeatureFlag, "changelist"))
    rows = {str(r.organization): r.enabled for r in listed.context["cl"].result_list}
    assert rows == {"Acme": True, "Globex": False}


def test_colleagues_who_only_look_change_nothing(flag, helper, cast, now_of):
    client = helper("view_featureflag", "view_organization")
    assert client.get(page(flag)).status_code == 200
    assert why(client, flag, "acme").status_code == 200
    assert client.post(page(flag), FORM).status_code == 403
    assert client.post(page(flag, "kill"), {"reason": "x"}).status_code == 403
    where = address(Organization, "flag", cast.acme.pk)
    values = {"flag": flag.pk, "switch": "on", "reason": "x"}
    assert client.post(where, values).status_code == 403
    assert not now_of(flag).is_killed


def test_colleagues_without_the_right_see_nothing(flag, helper):
    client = helper("view_organization")
    assert client.get(page(flag)).status_code == 403
    assert why(client, flag, "acme").status_code == 403
