import json

import pytest

from billing.models import Plan, Subscription
from organizations.audit.models import AuditEntry, PlatformEntry
from organizations.models import Organization
from tests.operator.conftest import CONSOLE, address

pytestmark = CONSOLE


@pytest.fixture(autouse=True)
def _price_list(cast, look):
    """Plans outlive a test, as other rows of migrations do; put them back."""
    before = look(lambda: list(Plan.objects.values()))
    yield
    look(
        lambda: [Plan.objects.filter(code=row["code"]).update(**row) for row in before]
    )


@pytest.fixture
def acme_now(cast, look):
    return lambda: look(lambda: Organization.objects.get(pk=cast.acme.pk))


def plan_values(**values):
    plan = {"name": "Pro", "rank": 20, "monthly_cents": 2900}
    limits = values.pop("limits", {"members": 100})
    return plan | {"limits": json.dumps(limits)} | values


# cap 50
def test_staff_subscribe_an_organization(as_olga, cast, look, acme_now):
    values = {
        "organization": cast.acme.pk,
        "plan": "starter",
        "status": "trialing",
        "seats": 3,
    }
    assert as_olga.post(address(Subscription, "add"), values).status_code == 302
    row = look(lambda: Subscription.objects.get())
    assert (row.organization_id, row.plan_id, row.seats) == (cast.acme.pk, "starter", 3)
    assert (acme_now().plan, acme_now().limit("members")) == ("starter", 15)
    told = look(lambda: AuditEntry.objects.get(action="subscription.started"))
    assert (told.actor_type, told.organization_id) == ("operator", cast.acme.pk)


def test_staff_change_a_plan_once_and_it_is_recorded_once(
    as_olga, rows, look, acme_now
):
    page = address(Subscription, "change", rows.subscription.pk)
    values = {"plan": "enterprise", "status": "active", "seats": 1}
    assert as_olga.post(page, values).status_code == 302
    assert (acme_now().plan, acme_now().limits) == ("enterprise", {})
    told = look(lambda: AuditEntry.objects.get(action="subscription.changed"))
    assert (told.before["plan"], told.after["plan"]) == ("pro", "enterprise")


def test_an_organization_is_subscribed_once(as_olga, cast, rows):
    values = {"organization": cast.acme.pk, "plan": "free", "status": "active"}
    answer = as_olga.post(address(Subscription, "add"), values | {"seats": 1})
    assert answer.status_code == 200
    assert answer.context["errors"]


def test_a_new_limit_reaches_whoever_is_on_the_plan(as_olga, rows, look, acme_now):
    values = plan_values(limits={"members": 120, "webhooks": 5})
    assert as_olga.post(address(Plan, "change", "pro"), values).status_code == 302
    assert acme_now().limits == {"members": 120, "webhooks": 5}
    told = look(lambda: PlatformEntry.objects.get(action="plan.changed"))
    assert told.before["limits"]["members"] == 100
    assert told.after["limits"] == {"members": 120, "webhooks": 5}


@pytest.mark.parametrize(
    "limits",
    [
        {"cakes": 3},
        {"members": "many"},
        {"members": -1},
        ["members"],
        {"members": True},
    ],
)
def test_limits_that_mean_nothing_are_refused(as_olga, rows, acme_now, limits):
    answer = as_olga.post(address(Plan, "change", "pro"), plan_values(limits=limits))
    assert answer.status_code == 200
    assert answer.context["errors"]
    assert acme_now().limits["members"] == 100


@pytest.mark.parametrize("code", ["pro", "free"])
def test_a_plan_in_use_stays(as_olga, rows, look, code):
    page = address(Plan, "delete", code)
    answer = as_olga.post(page, {"post": "yes"}, follow=True)
    assert "stays" in answer.content.decode()
    assert look(lambda: Plan.objects.filter(code=code).exists())


def test_a_plan_nobody_has_can_go(as_olga, cast, look):
    values = plan_values(code="solo", name="Solo", rank=5)
    assert as_olga.post(address(Plan, "add"), values).status_code == 302
    answer = as_olga.post(address(Plan, "delete", "solo"), {"post": "yes"})
    assert answer.status_code == 302
    assert not look(lambda: Plan.objects.filter(code="solo").exists())
    actions = look(lambda: set(PlatformEntry.objects.values_list("action", flat=True)))
    assert {"plan.created", "plan.deleted"} <= actions
