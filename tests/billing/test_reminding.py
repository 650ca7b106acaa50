from datetime import timedelta

import pytest
from django.utils import timezone

from billing import letters, reminding
from billing.models import Plan, Subscription
from billing.tending import tend
from organizations.audit.models import AuditEntry
from organizations.tenancy import no_context, tenant
from tests.billing.paid import change, paid, row_of
from tests.billing.test_dunning import texts


@pytest.fixture
def trial(cast):
    """Put Acme on trial, with days left."""

    def make(days=2.0, **values):
        end = timezone.now() + timedelta(days=days)
        begin = end - timedelta(days=14)
        usual = {"status": "trialing", "trial_start": begin, "trial_end": end}
        return paid(cast.acme, **(usual | values))

    return make


@pytest.fixture
def remind(cast):
    def run():
        with no_context(), tenant(cast.acme):
            return reminding.remind_of_trial()

    return run


@pytest.fixture
def tell(cast):
    def run():
        with no_context(), tenant(cast.acme):
            return reminding.tell_of_ended_trial()

    return run


@pytest.fixture
def entries(cast):
    def read(action):
        with no_context(), tenant(cast.acme):
            return list(AuditEntry.objects.filter(action=action))

    return read


# cap 52
def test_three_days_before_its_end_a_trial_is_spoken_of_once(
    trial, remind, cast, run_jobs, mailoutbox, entries
):
    trial(3)
    assert remind()
    assert not remind()
    run_jobs()
    assert {m.to[0] for m in mailoutbox} == {"alice@example.com", "adam@example.com"}
    assert len(mailoutbox) == 2
    assert len(entries("subscription.trial_ending_told")) == 1
    assert row_of(cast.acme).trial_reminded_at is not None


@pytest.mark.parametrize("days", [4, 14, -1])
def test_earlier_and_later_nothing_is_said(trial, remind, days):
    trial(days)
    assert not remind()


@pytest.mark.parametrize("status", ["active", "past_due", "canceled"])
def test_only_a_trial_is_spoken_of(trial, remind, status):
    trial(2, status=status)
    assert not remind()


def test_an_organization_without_subscription_is_not_reminded(cast, remind, tell):
    assert not remind()
    assert not tell()


def test_a_mark_from_before_the_trial_does_not_count(trial, remind):
    trial(2, trial_reminded_at=timezone.now() - timedelta(days=60))
    assert remind()


def test_with_a_card_the_mail_says_what_it_will_cost(
    trial, remind, run_jobs, mailoutbox
):
    row = trial(2)
    remind()
    run_jobs()
    assert mailoutbox[0].subject == (f"Acme: the trial ends on {row.trial_end:%-d %B}")
    for text in texts(mailoutbox[0]):
        assert f"ends on {row.trial_end:%-d %B %Y, %H:%M} (UTC)" in text
        assert "From then on it costs €76 a month: 4 × €19." in text
        assert "The card ending in 4242 is charged" in text
        assert "More than" not in text


def test_a_yearly_price_is_said_by_the_year(trial, remind, run_jobs, mailoutbox):
    trial(2, interval="year", cents=19_000)
    remind()
    run_jobs()
    for text in texts(mailoutbox[0]):
        assert "it costs €760 a year: 4 × €190." in text


def test_without_a_card_the_mail_says_what_is_left(
    trial, remind, cast, run_jobs, mailoutbox
):
    with no_context(), tenant(cast.acme):
        cast.acme.limit_overrides = {"members": 3}
        cast.acme.save(update_fields=["limit_overrides"])
    trial(2, card={})
    remind()
    run_jobs()
    for text in texts(mailoutbox[0]):
        assert "No card is known, so nothing is charged" in text
        assert "Acme goes on with the plan Free, and nothing is deleted" in text
        assert "add a card before that day; it costs €76 a month: 4 × €19." in text
        assert "More than Free allows is in use: Seats: 4 of 3." in text


def test_a_trial_that_was_canceled_is_not_said_to_be_charged(
    trial, remind, run_jobs, mailoutbox
):
    row = trial(2)
    change(row.organization, cancel_at=row.trial_end)
    remind()
    run_jobs()
    for text in texts(mailoutbox[0]):
        assert "It was canceled, so nothing is charged" in text
        assert "is charged, and you need" not in text


def test_a_trial_that_became_paid_meanwhile_is_not_spoken_of(
    trial, remind, cast, run_jobs, mailoutbox
):
    trial(2)
    remind()
    change(cast.acme, status="active")
    assert set(run_jobs()) == {"succeeded"}
    assert mailoutbox == []


def ended(trial, hours=0.0, days=1.0, **values):
    """End a trial some days ago, so many hours off its end."""
    row = trial(-days)
    at = row.trial_end + timedelta(hours=hours)
    return paid(row.organization, **({"status": "canceled", "ended_at": at} | values))


def test_a_trial_that_ended_without_payment_is_told_once(
    trial, tell, run_jobs, mailoutbox, entries
):
    ended(trial)
    assert tell()
    assert not tell()
    run_jobs()
    assert {m.subject for m in mailoutbox} == {"Acme: the trial has ended"}
    assert len(mailoutbox) == 2
    assert len(entries("subscription.trial_ended_told")) == 1
    for text in texts(mailoutbox[0]):
        assert "The trial of Pro has ended." in text
        assert "Nothing was charged. Acme goes on with the plan Free" in text


def test_whoever_was_reminded_is_told_of_the_end_as_well(trial, tell):
    ended(trial, trial_reminded_at=timezone.now() - timedelta(days=4))
    assert tell()


@pytest.mark.parametrize(
    "values",
    [
        {"hours": -48},
        {"hours": 240, "days": 12},
        {"days": 8},
        {"status": "active"},
        {"status": "past_due"},
        {"ended_at": None},
    ],
)
def test_other_ends_are_none_of_a_trials(trial, tell, values):
    ended(trial, **values)
    assert not tell()


def test_the_daily_look_tells_both(trial, cast, run_jobs, mailoutbox):
    trial(2)
    with no_context(), tenant(cast.acme):
        tend()
    run_jobs()
    ended(trial)
    change(cast.acme, trial_reminded_at=timezone.now() - timedelta(days=4))
    with no_context(), tenant(cast.acme):
        tend()
    run_jobs()
    subjects = {m.subject.partition(" on ")[0] for m in mailoutbox}
    assert subjects == {"Acme: the trial ends", "Acme: the trial has ended"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"seats": 4, "cents": 1900}, "€76 a month: 4 × €19"),
        ({"seats": 1, "cents": 950}, "€9.50 a month: 1 × €9.50"),
        ({"interval": "year", "seats": 2, "cents": 9000}, "€180 a year: 2 × €90"),
    ],
)
def test_what_it_costs_says_how_that_comes_about(values, words):
    row = Subscription(plan=Plan(is_per_seat=True), currency="eur", **values)
    assert letters.cost(row) == words


def test_a_price_of_the_whole_is_not_multiplied():
    plan = Plan(is_per_seat=False)
    row = Subscription(plan=plan, currency="eur", seats=1, cents=4900)
    assert letters.cost(row) == "€49 a month"
