from datetime import timedelta

import pytest
from django.utils import timezone

from billing import comping, dunning
from billing.models import Plan, Subscription
from organizations.audit.models import AuditEntry
from organizations.models import Membership
from organizations.tenancy import no_context, tenant
from tests.billing.paid import change, now_of, paid, row_of
from tests.billing.test_dunning import texts


@pytest.fixture
def give(cast):
    def run(code="pro", **values):
        with no_context(), tenant(cast.acme):
            return comping.comp(
                plan=Plan.objects.get(code=code),
                by=cast.olga,
                **({"reason": "A school"} | values),
            )

    return run


@pytest.fixture
def keep_time(cast):
    def run():
        with no_context(), tenant(cast.acme):
            comping.keep_time()

    return run


def entries(cast, action):
    with no_context(), tenant(cast.acme):
        return list(AuditEntry.objects.filter(action=action).order_by("sequence"))


def in_days(days):
    return timezone.now() + timedelta(days=days)


# cap 50
def test_a_plan_is_given_without_any_payment(give, cast):
    give()
    row = row_of(cast.acme)
    assert (row.plan_id, row.status, row.is_comped) == ("pro", "active", True)
    assert (row.cents, row.comped_until, row.is_at_stripe) == (0, None, False)
    assert (now_of(cast.acme).plan, now_of(cast.acme).limit("members")) == ("pro", 100)
    (entry,) = entries(cast, "subscription.comped")
    assert entry.before == {}
    assert entry.after == {"plan": "pro", "seats": 1, "reason": "A school"}
    assert entry.actor_id == cast.olga.pk


def test_what_was_given_can_be_changed(give, cast):
    give(until=in_days(10))
    give("starter", until=in_days(90), seats=3)
    row = row_of(cast.acme)
    assert (row.plan_id, row.seats) == ("starter", 3)
    assert row.comped_until > in_days(89)
    _first, entry = entries(cast, "subscription.comped")
    assert (entry.before["plan"], entry.after["plan"]) == ("pro", "starter")
    assert entry.after["until"] == row.comped_until.isoformat()
    assert now_of(cast.acme).plan == "starter"


@pytest.mark.parametrize("status", ["active", "trialing", "past_due", "unpaid"])
def test_nothing_is_given_while_something_is_paid(give, cast, status):
    paid(cast.acme, plan="starter", status=status)
    with pytest.raises(comping.PaidAlready):
        give()
    row = row_of(cast.acme)
    assert (row.plan_id, row.is_comped, row.cents) == ("starter", False, 1900)
    assert entries(cast, "subscription.comped") == []


def test_a_plan_is_given_after_one_that_was_paid(give, cast):
    paid(cast.acme, status="canceled", ended_at=timezone.now(), trial_end=in_days(-9))
    give()
    row = row_of(cast.acme)
    # Their invoices are still found.
    assert row.stripe_customer_id == "cus_acme"
    assert (row.stripe_subscription_id, row.cents, row.ended_at) == ("", 0, None)
    # There is no second trial.
    assert row.trial_end is not None
    assert row.is_entitled


def test_a_given_plan_opens_what_a_late_payment_closed(give, cast):
    paid(cast.acme, status="unpaid", past_due_since=in_days(-30))
    with no_context(), tenant(cast.acme):
        dunning.climb()
    change(cast.acme, status="canceled")
    give()
    assert now_of(cast.acme).standing == "good"
    assert row_of(cast.acme).dunning_step == 0


def test_what_was_given_is_taken_back(give, cast, run_jobs, mailoutbox):
    give(until=in_days(100))
    with no_context(), tenant(cast.acme):
        assert comping.end_comp(by=cast.olga, reason="They pay now")
        assert not comping.end_comp(by=cast.olga, reason="Twice")
    row = row_of(cast.acme)
    assert (row.status, row.is_comped, row.comped_until) == ("canceled", False, None)
    assert now_of(cast.acme).plan == "free"
    (entry,) = entries(cast, "subscription.comp_ended")
    assert entry.before["plan"] == "pro"
    assert entry.after == {"reason": "They pay now"}
    run_jobs()
    assert {m.subject for m in mailoutbox} == {"Acme: Pro has ended"}


def test_nothing_to_take_back_is_no_trouble(cast):
    with no_context(), tenant(cast.acme):
        assert not comping.end_comp(reason="Nothing there")
        assert not Subscription.objects.exists()


def test_its_time_ends_by_itself(give, keep_time, cast, run_jobs, mailoutbox):
    give(until=in_days(1))
    change(cast.acme, comped_until=in_days(-1))
    keep_time()
    assert now_of(cast.acme).plan == "free"
    (entry,) = entries(cast, "subscription.comp_ended")
    assert (entry.actor_type, entry.after) == (
        "system",
        {"reason": "its time is over"},
    )
    run_jobs()
    assert {m.to[0] for m in mailoutbox} == {"alice@example.com", "adam@example.com"}
    for text in texts(mailoutbox[0]):
        assert "The time for which we gave you Pro has ended." in text
        assert "Acme goes on with the plan Free." in text


def test_a_week_before_people_are_told_once(
    give, keep_time, cast, run_jobs, mailoutbox
):
    row = give(until=in_days(6))
    keep_time()
    keep_time()
    run_jobs()
    assert len(mailoutbox) == 2
    assert "free of charge until" in mailoutbox[0].subject
    for text in texts(mailoutbox[0]):
        assert f"{row.comped_until:%-d %B %Y, %H:%M} (UTC)" in text
        assert "goes on with the plan Free" in text
    assert len(entries(cast, "subscription.comp_reminded")) == 1


def test_a_new_end_is_told_again(give, keep_time, run_jobs, mailoutbox):
    give(until=in_days(6))
    keep_time()
    give(until=in_days(5))
    keep_time()
    run_jobs()
    assert len(mailoutbox) == 4


@pytest.mark.parametrize("until", [None, in_days(8)])
def test_what_does_not_end_soon_is_not_spoken_of(
    give, keep_time, cast, run_jobs, mailoutbox, until
):
    give(until=until)
    keep_time()
    run_jobs()
    assert mailoutbox == []
    assert row_of(cast.acme).is_comped


def test_what_is_more_than_the_free_plan_allows_is_told(
    give, keep_time, cast, run_jobs, mailoutbox
):
    with no_context(), tenant(cast.acme):
        free = Plan.objects.get(code="free")
        assert free.limits["members"] > Membership.objects.count()
        cast.acme.limit_overrides = {"members": 2}
        cast.acme.save(update_fields=["limit_overrides"])
    give(until=in_days(3))
    keep_time()
    run_jobs()
    for text in texts(mailoutbox[0]):
        assert "More than Free allows is in use: Seats: 4 of 2." in text
