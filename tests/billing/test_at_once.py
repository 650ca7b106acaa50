"""Several workers, events and members of staff who do the same at the same moment."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from billing import comping, dunning, reminding
from billing.models import Plan, Subscription
from organizations.audit.models import AuditEntry
from organizations.tenancy import no_context, tenant
from tests.billing.paid import change, now_of, paid

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 6


def at_once(organization, act):
    """Do the same in threads of their own, and return what each came to."""
    gate, found = Barrier(THREADS), []

    def go():
        try:
            with tenant(organization):
                Subscription.objects.exists()
                gate.wait()
                found.append(act())
        finally:
            connection.close()

    threads = [Thread(target=go) for _number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == THREADS
    return found


def entries(organization, action):
    with no_context(), tenant(organization):
        return AuditEntry.objects.filter(action=action).count()


@pytest.fixture
def mails(cast):
    """Count the mails that were put in the queue; it outlives a test."""

    def queued():
        name = "billing.telling.mail_about_billing"
        return ProcrastinateJob.objects.filter(task_name=name).count()

    before = queued()
    return lambda: queued() - before


def test_of_several_readings_at_once_one_takes_the_step(cast, mails):
    since = timezone.now() - timedelta(days=15)
    paid(cast.acme, status="past_due", past_due_since=since)
    assert sorted(at_once(cast.acme, dunning.climb)) == [0, 0, 0, 0, 0, 4]
    assert entries(cast.acme, "subscription.dunned") == 1
    assert entries(cast.acme, "organization.standing_changed") == 1
    # Alice's and Adam's.
    assert mails() == 2


def test_of_several_readings_at_once_one_forgives(cast, mails):
    since = timezone.now() - timedelta(days=15)
    paid(cast.acme, status="past_due", past_due_since=since)
    with no_context(), tenant(cast.acme):
        dunning.climb()
    change(cast.acme, status="active")
    assert sum(at_once(cast.acme, dunning.forgive)) == 1
    assert now_of(cast.acme).standing == "good"
    assert entries(cast.acme, "subscription.dunning_ended") == 1
    assert mails() == 4


def test_of_several_looks_at_once_one_reminds(cast, mails):
    end = timezone.now() + timedelta(days=2)
    paid(cast.acme, status="trialing", trial_end=end)
    assert sum(at_once(cast.acme, reminding.remind_of_trial)) == 1
    assert mails() == 2


def test_of_several_who_give_at_once_there_is_one_plan(cast):
    def give():
        plan = Plan.objects.get(code="pro")
        return comping.comp(plan=plan, reason="A school", by=cast.olga).pk

    assert len(set(at_once(cast.acme, give))) == 1
    with no_context(), tenant(cast.acme):
        assert Subscription.objects.count() == 1
    assert now_of(cast.acme).plan == "pro"


def test_of_several_who_end_it_at_once_one_does(cast, mails):
    with no_context(), tenant(cast.acme):
        plan = Plan.objects.get(code="pro")
        comping.comp(plan=plan, reason="A school", by=cast.olga)
    ends = at_once(cast.acme, lambda: comping.end_comp(reason="Over", by=cast.olga))
    assert sum(ends) == 1
    assert entries(cast.acme, "subscription.comp_ended") == 1
    assert mails() == 2
