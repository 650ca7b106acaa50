"""Every decision about money is recorded with who took it, or is not taken."""

import re

import pytest
from django.db import DatabaseError, connection

from billing.models import Subscription
from organizations.audit.models import AuditEntry
from tests.billing.conftest import choice, page

INSERTION = re.compile(r'INSERT INTO "?audit_')
FREE = {"plan_buy": ("subscription.checkout_opened", ("pro",))}
PAID = {
    "plan_change": ("subscription.change_planned", ("starter",)),
    "subscription_cancel": ("subscription.canceled", ()),
}


@pytest.fixture
def told(inside):
    """Return the actions recorded in Acme with who did them, the newest last."""

    def read():
        entries = AuditEntry.objects.filter(action__startswith="subscription")
        return [(one.action, one.actor_id) for one in entries.order_by("sequence")]

    return lambda: inside(read)


def refuse(execute, sql, params, many, context):
    if INSERTION.search(sql):
        raise DatabaseError("no entry can be written")
    return execute(sql, params, many, context)


def test_opening_a_checkout_is_recorded(as_alice, shop, told, cast):
    as_alice.post(page("plan_buy", "pro"), choice())
    assert told() == [("subscription.checkout_opened", cast.alice.pk)]


@pytest.mark.parametrize("name", list(PAID))
def test_a_decision_is_recorded_with_who_took_it(as_alice, paid, told, cast, name):
    action, args = PAID[name]
    paid()
    before = len(told())
    assert as_alice.post(page(name, *args), choice()).status_code == 302
    new = told()[before:]
    assert (action, cast.alice.pk) in new
    # What Stripe made of it is a change of its own.
    assert {one for one, _who in new} <= {action, "subscription.changed"}


def test_keeping_a_plan_is_recorded(as_alice, paid, told, cast):
    paid()
    as_alice.post(page("subscription_cancel"))
    as_alice.post(page("subscription_keep"))
    assert ("subscription.kept", cast.alice.pk) in told()


def test_an_upgrade_is_recorded_with_both_plans(as_alice, paid, inside, cast):
    paid("starter")
    moment = as_alice.get(page("plan_detail", "pro")).context["preview"].moment
    as_alice.post(page("plan_change", "pro"), choice(moment=moment))
    entry = inside(lambda: AuditEntry.objects.get(action="subscription.plan_changed"))
    assert (entry.before["plan"], entry.after["plan"]) == ("starter", "pro")
    assert (entry.actor_id, entry.address) == (cast.alice.pk, "127.0.0.1")


@pytest.mark.parametrize("name", [*FREE, *PAID])
def test_what_cannot_be_recorded_changes_no_row(as_alice, paid, name, inside):
    action, args = (FREE | PAID)[name]
    if name in PAID:
        paid()
    before = inside(lambda: list(Subscription.objects.values()))
    as_alice.raise_request_exception = False
    with connection.execute_wrapper(refuse):
        assert as_alice.post(page(name, *args), choice()).status_code >= 500
    assert inside(lambda: list(Subscription.objects.values())) == before
    assert not inside(lambda: AuditEntry.objects.filter(action=action).exists())


def test_doing_it_twice_is_doing_it_once(as_alice, paid, told):
    paid()
    as_alice.post(page("subscription_cancel"))
    before = told()
    as_alice.post(page("subscription_cancel"))
    assert told() == before
    as_alice.post(page("subscription_keep"))
    before = told()
    as_alice.post(page("subscription_keep"))
    assert told() == before


@pytest.mark.parametrize("person", ["as_bob", "as_vera"])
@pytest.mark.parametrize("name", ["portal", "subscription_cancel", "subscription_keep"])
def test_who_may_not_decides_nothing(request, paid, told, person, name):
    paid()
    before = told()
    answer = request.getfixturevalue(person).post(page(name))
    assert answer.status_code == 403
    assert told() == before


def test_another_organization_has_nothing_to_decide(as_charlie, paid, shop, told):
    paid()
    before = told()
    assert as_charlie.post(page("subscription_cancel")).status_code == 302
    assert as_charlie.post(page("portal")).status_code == 302
    assert told() == before
    (subscription,) = shop.every("subscription")
    assert subscription["cancel_at_period_end"] is False
