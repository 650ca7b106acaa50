from datetime import timedelta

import pytest
from django.utils import timezone

from billing import dunning, granting
from billing.tending import tend, tend_all
from organizations.audit.models import AuditEntry
from organizations.tenancy import identity, no_context, tenant
from tests.billing.paid import change, invoiced, now_of, paid, row_of

STEPS = [(0, 1), (3, 1), (4, 2), (9, 3), (13, 3), (14, 4), (27, 4), (28, 5), (90, 5)]


@pytest.fixture
def late(cast):
    """Make Acme's payment late for some days."""

    def make(days=0, status="past_due", **values):
        since = timezone.now() - timedelta(days=days, minutes=1)
        return paid(cast.acme, status=status, past_due_since=since, **values)

    return make


@pytest.fixture
def climb(cast):
    def run():
        with no_context(), tenant(cast.acme):
            return dunning.climb()

    return run


@pytest.fixture
def forgive(cast):
    def run(status="active"):
        change(cast.acme, status=status)
        with no_context(), tenant(cast.acme):
            return dunning.forgive()

    return run


def actions(cast, action):
    with no_context(), tenant(cast.acme):
        return list(AuditEntry.objects.filter(action=action).order_by("sequence"))


# cap 49
@pytest.mark.parametrize(("days", "step"), STEPS)
def test_days_decide_which_step_it_is(late, climb, cast, days, step):
    late(days)
    assert climb() == step
    assert row_of(cast.acme).dunning_step == step
    (entry,) = actions(cast, "subscription.dunned")
    assert (entry.before, entry.after) == ({"step": 0}, {"step": step})
    assert entry.actor_type == "system"


@pytest.mark.parametrize(
    ("days", "standing"), [(9, "good"), (14, "read_only"), (28, "suspended")]
)
def test_steps_close_the_organization_by_degrees(late, climb, cast, days, standing):
    late(days)
    climb()
    assert now_of(cast.acme).standing == standing
    assert now_of(cast.acme).plan == "pro"
    assert len(actions(cast, "organization.standing_changed")) == (standing != "good")


def test_each_step_is_taken_once(late, climb, cast, run_jobs, mailoutbox):
    late(4)
    assert climb() == 2
    assert climb() == 0
    run_jobs()
    assert len(mailoutbox) == 2
    assert len(actions(cast, "subscription.dunned")) == 1


def test_a_week_without_a_worker_is_told_of_once(
    late, climb, cast, run_jobs, mailoutbox
):
    late(0)
    climb()
    run_jobs()
    mailoutbox.clear()
    late(12)
    assert climb() == 3
    run_jobs()
    assert {m.to[0] for m in mailoutbox} == {"alice@example.com", "adam@example.com"}
    assert len(mailoutbox) == 2


def test_what_stripe_has_given_up_is_read_only_at_once(late, climb, cast):
    late(1, status="unpaid")
    assert climb() == 4
    assert now_of(cast.acme).standing == "read_only"


def test_a_payment_whose_beginning_is_not_known_is_late_from_now_on(climb, cast):
    paid(cast.acme, status="past_due", past_due_since=None)
    assert climb() == 1
    assert row_of(cast.acme).past_due_since is not None


@pytest.mark.parametrize("status", ["active", "trialing", "canceled", "paused"])
def test_nobody_climbs_whose_payment_is_not_late(late, climb, cast, status):
    late(30, status=status)
    assert climb() == 0
    assert now_of(cast.acme).standing == "good"


def test_an_organization_without_subscription_is_left_alone(cast, climb):
    assert climb() == 0
    with no_context(), tenant(cast.acme):
        assert not dunning.forgive()
        tend()
    assert now_of(cast.acme).standing == "good"


@pytest.mark.parametrize("days", [14, 28])
def test_paying_opens_everything_at_once(
    late, climb, forgive, cast, run_jobs, mailoutbox, days
):
    late(days)
    climb()
    assert forgive()
    row = row_of(cast.acme)
    assert (row.dunning_step, row.past_due_since) == (0, None)
    assert now_of(cast.acme).standing == "good"
    assert len(actions(cast, "organization.standing_changed")) == 2
    (entry,) = actions(cast, "subscription.dunning_ended")
    assert entry.after == {"step": 0}
    run_jobs()
    assert {m.subject for m in mailoutbox} == {"Acme is open again"}


def test_whoever_pays_after_a_mail_is_not_thanked(
    late, climb, forgive, cast, run_jobs, mailoutbox
):
    late(4)
    climb()
    assert forgive()
    run_jobs()
    # What was said before it was sent is true no more.
    assert mailoutbox == []
    assert not forgive()


def test_a_late_payment_is_not_forgiven(late, climb, cast):
    late(14)
    climb()
    with no_context(), tenant(cast.acme):
        assert not dunning.forgive()
    assert now_of(cast.acme).standing == "read_only"


def test_a_subscription_that_ends_leaves_the_free_plan_open(
    late, climb, forgive, cast, run_jobs, mailoutbox
):
    late(28)
    climb()
    assert forgive(status="canceled")
    assert now_of(cast.acme).standing == "good"
    run_jobs()
    assert mailoutbox == []


def test_a_standing_that_staff_chose_is_not_taken_back(late, climb, forgive, cast):
    late(14)
    climb()
    choose(cast, "suspended")
    forgive()
    assert now_of(cast.acme).standing == "suspended"


def test_a_step_never_opens_what_staff_closed(late, climb, cast):
    choose(cast, "suspended")
    late(14)
    climb()
    assert now_of(cast.acme).standing == "suspended"


def test_staff_give_time_until_the_next_step(late, climb, cast):
    late(14)
    climb()
    choose(cast, "good")
    climb()
    assert now_of(cast.acme).standing == "good"
    late(28)
    climb()
    assert now_of(cast.acme).standing == "suspended"


def choose(cast, standing):
    with no_context(), tenant(cast.acme):
        granting.set_standing(
            organization=cast.acme,
            standing=standing,
            reason="Known to us",
            by=cast.olga,
        )


def test_the_daily_look_reaches_every_open_organization(late, cast, run_jobs):
    late(14)
    paid(cast.globex, status="past_due", past_due_since=timezone.now())
    look()
    assert now_of(cast.acme).standing == "read_only"
    assert row_of(cast.globex).dunning_step == 1


def test_the_daily_look_opens_what_is_paid(late, climb, cast):
    late(14)
    climb()
    change(cast.acme, status="active")
    look()
    assert now_of(cast.acme).standing == "good"


def test_one_organizations_trouble_does_not_stop_the_others(
    late, cast, settings, caplog
):
    late(14)
    paid(cast.globex, status="past_due", past_due_since=timezone.now())
    # An end before the beginning of time cannot be counted from.
    settings.BILLING_DUNNING_DAYS = ("never",)
    look()
    assert [r.msg["event"] for r in caplog.records if r.name == "insula.billing"] == [
        "billing.tend_failed",
        "billing.tend_failed",
    ]


def look():
    with no_context(), identity():
        tend_all()


@pytest.mark.parametrize("who", ["bob", "vera", "charlie"])
def test_whoever_may_not_pay_gets_no_mail(late, climb, run_jobs, mailoutbox, who):
    late(0)
    climb()
    run_jobs()
    assert f"{who}@example.com" not in {m.to[0] for m in mailoutbox}


def test_whoever_lost_the_right_meanwhile_gets_no_mail(
    late, climb, cast, run_jobs, mailoutbox
):
    late(0)
    climb()
    with no_context(), tenant(cast.acme):
        cast.acme.memberships.filter(user=cast.adam).update(role="member")
    assert set(run_jobs()) == {"succeeded"}
    assert [m.to for m in mailoutbox] == [["alice@example.com"]]


@pytest.mark.parametrize(
    ("days", "subject"),
    [
        (0, "Acme: a payment failed"),
        (4, "Acme: a payment is still open"),
        (9, "Acme: last reminder of a failed payment"),
        (14, "Acme is read-only until a payment is made"),
        (28, "Acme is closed until a payment is made"),
    ],
)
def test_each_step_says_what_it_is(late, climb, run_jobs, mailoutbox, days, subject):
    late(days)
    climb()
    run_jobs()
    assert {m.subject for m in mailoutbox} == {subject}


def test_the_mail_says_which_payment_when_again_and_what_then(
    late, climb, cast, run_jobs, mailoutbox, settings
):
    row = late(4)
    again = timezone.now() + timedelta(days=3)
    invoiced(cast.acme, next_attempt_at=again, paid_cents=600)
    climb()
    run_jobs()
    for text in texts(mailoutbox[0]):
        assert "€70 for the plan Pro could not be collected" in text
        assert "invoice INS-0007" in text
        assert "The card ending in 4242 was tried" in text
        assert f"tried again on {again:%-d %B %Y, %H:%M} (UTC)" in text
        assert f"{row.past_due_since + timedelta(days=14):%-d %B %Y}" in text
        assert f"{row.past_due_since + timedelta(days=28):%-d %B %Y}" in text
        assert f"{settings.BASE_URL.rstrip('/')}/billing/" in text
        assert "Nothing is deleted" in text


def test_a_mail_without_an_invoice_says_what_the_period_costs(
    late, climb, run_jobs, mailoutbox
):
    late(0, card={})
    climb()
    run_jobs()
    for text in texts(mailoutbox[0]):
        assert "€76 for the plan Pro" in text
        assert "It is not tried again by itself." in text
        assert "The card" not in text


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (14, "Everybody can read and export, and nobody can change anything."),
        (28, "you can still pay and take your data along"),
    ],
)
def test_what_is_closed_is_said(late, climb, run_jobs, mailoutbox, days, words):
    late(days)
    climb()
    run_jobs()
    for text in texts(mailoutbox[0]):
        assert words in text


def texts(mail):
    """Return both twins of a mail, each as one line."""
    html, _type = mail.alternatives[0]
    return [" ".join(each.split()) for each in (mail.body, html)]
