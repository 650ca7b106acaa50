"""As many seats are paid as there are members."""

import pytest

from billing.models import Subscription
from organizations import flows
from organizations.models import Membership
from organizations.tenancy import no_context, tenant
from tests.billing.conftest import page
from tests.conftest import join


def quantity(shop):
    (subscription,) = shop.every("subscription")
    return subscription["items"]["data"][0]["quantity"]


# cap 53
def test_who_joins_is_paid_for(cast, paid, shop, row, run_jobs):
    paid()
    assert (row().seats, quantity(shop)) == (4, 4)
    join(cast.acme, cast.nora, "member")
    run_jobs()
    assert (row().seats, quantity(shop)) == (5, 5)


def test_who_leaves_is_paid_for_no_longer(
    cast, as_alice, paid, shop, row, run_jobs, inside
):
    paid()
    bob = inside(lambda: Membership.objects.get(user=cast.bob))
    with no_context(), tenant(cast.acme, cast.alice):
        flows.remove_member(membership=bob, by=cast.alice)
    run_jobs()
    assert (row().seats, quantity(shop)) == (3, 3)


def test_the_days_left_come_on_the_next_invoice(cast, as_alice, paid, shop, run_jobs):
    paid()
    before = len(shop.every("invoice"))
    join(cast.acme, cast.nora, "member")
    run_jobs()
    assert len(shop.every("invoice")) == before
    shop.advance(days=32)
    newest = max(shop.every("invoice"), key=lambda one: one["created"])
    assert newest["total"] > 5 * 1900


def test_a_free_organization_asks_nobody(cast, shop, run_jobs):
    join(cast.acme, cast.nora, "member")
    assert run_jobs() == []
    assert shop.every("customer") == []


def test_a_flat_plan_has_one_seat(cast, paid, shop, row, run_jobs, inside):
    paid()
    with no_context(), tenant(cast.acme, cast.alice):
        Subscription.objects.update(plan="enterprise")
    join(cast.acme, cast.nora, "member")
    run_jobs()
    assert quantity(shop) == 4


def test_a_deleted_organization_pays_no_further_period(cast, paid, shop, run_jobs):
    from organizations.closing import delete_organization

    paid()
    with no_context(), tenant(cast.acme, cast.alice):
        delete_organization(organization=cast.acme, by=cast.alice)
    run_jobs()
    (subscription,) = shop.every("subscription")
    assert subscription["cancel_at_period_end"] is True


@pytest.mark.parametrize("again", [1, 3])
def test_trying_again_changes_nothing_more(
    cast, paid, shop, row, run_jobs, again, inside
):
    from billing.jobs import keep_seats_later

    paid()
    for _time in range(again):
        inside(keep_seats_later)
    run_jobs()
    assert (row().seats, quantity(shop)) == (4, 4)


def test_the_limit_of_seats_follows_the_plan(as_alice, paid, acme_now):
    paid("starter")
    assert acme_now().limit("members") == 15
    assert "15" in as_alice.get(page("overview")).text
