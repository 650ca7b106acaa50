"""Who can change the plan hears of a limit once near it, and once at it."""

import pytest
from django.core import mail

from organizations.limits.jobs import tell, warn
from organizations.limits.models import Usage
from organizations.limits.warning import look
from organizations.models import Organization
from organizations.tenancy import no_context, tenant
from tests.conftest import join

NEAR = "Acme comes near a limit of its plan: Tasks"
REACHED = "Acme has reached a limit of its plan: Tasks"
BOTH = {"alice@example.com", "adam@example.com"}


@pytest.fixture
def hour(cast, run_jobs):
    """Let an hour pass for Acme, and return what was mailed, to whom."""

    def passes():
        mail.outbox.clear()
        with no_context(), tenant(cast.acme):
            look(tell)
        run_jobs()
        return {(one.subject, one.to[0]) for one in mail.outbox}

    return passes


def to_both(subject):
    return {(subject, address) for address in BOTH}


# cap 54
def test_payers_are_told_at_eighty_and_at_a_hundred_percent(hour, allow, acme_board):
    allow(tasks=10)
    acme_board.add_many(7)
    assert hour() == set()
    acme_board.add()
    assert hour() == to_both(NEAR)
    acme_board.add()
    assert hour() == set()
    acme_board.add()
    assert hour() == to_both(REACHED)
    assert hour() == set()


def test_they_are_told_again_only_after_it_fell(hour, allow, acme_board):
    allow(tasks=10)
    tasks = acme_board.add_many(9)
    assert hour() == to_both(NEAR)
    with no_context(), acme_board.inside():
        for task in tasks[:3]:
            task.remove(by=acme_board.owner)
    assert hour() == set()
    acme_board.add_many(2)
    assert hour() == to_both(NEAR)


def test_from_full_to_near_is_no_news(hour, allow, acme_board):
    allow(tasks=5)
    first, *_rest = acme_board.add_many(5)
    assert hour() == to_both(REACHED)
    with no_context(), acme_board.inside():
        first.remove(by=acme_board.owner)
    assert hour() == set()
    acme_board.add()
    assert hour() == to_both(REACHED)


def test_seats_are_looked_at_as_well(hour, allow):
    allow(members=5)
    assert hour() == to_both("Acme comes near a limit of its plan: Seats")
    allow(members=4)
    assert hour() == to_both("Acme has reached a limit of its plan: Seats")


@pytest.mark.parametrize("limits", [{}, {"tasks": 0}, {"members": 400}])
def test_without_a_limit_that_is_near_nobody_is_told(hour, allow, limits):
    allow(**limits)
    assert hour() == set()


def test_the_mail_says_how_much_there_is_and_leads_to_the_page(
    hour, allow, acme_board, settings
):
    settings.BASE_URL = "https://insula.example"
    allow(tasks=10)
    acme_board.add_many(8)
    hour()
    for twin in (mail.outbox[0].body, mail.outbox[0].alternatives[0][0]):
        assert "8 of 10 are in use" in twin
        assert "https://insula.example/organizations/limits/" in twin
        assert "because you can change the plan of Acme" in twin


def test_what_has_room_again_when_the_mail_is_made_is_not_mailed(
    cast, allow, acme_board, run_jobs
):
    allow(tasks=5)
    acme_board.add_many(5)
    with no_context(), tenant(cast.acme):
        look(tell)
    allow(tasks=500)
    assert run_jobs() == ["succeeded", "succeeded"]
    assert mail.outbox == []


def test_who_may_not_pay_any_more_gets_no_mail(cast, allow, acme_board, run_jobs):
    allow(tasks=5)
    acme_board.add_many(5)
    with no_context(), tenant(cast.acme):
        look(tell)
        cast.acme.memberships.filter(user=cast.adam).update(role="member")
    run_jobs()
    assert [one.to for one in mail.outbox] == [["alice@example.com"]]


def test_the_clock_looks_at_every_organization(
    cast, allow, acme_board, globex_board, run_jobs
):
    allow(tasks=5)
    acme_board.add_many(5)
    globex_board.add_many(5)
    join(cast.globex, cast.nora, "admin")
    with no_context(), tenant(cast.globex):
        Organization.objects.filter(pk=cast.globex.pk).update(limits={"tasks": 6})
    with no_context():
        warn(timestamp=0)
    run_jobs()
    told = {(one.to[0], one.subject.split()[0]) for one in mail.outbox}
    assert told == {
        ("alice@example.com", "Acme"),
        ("adam@example.com", "Acme"),
        ("charlie@example.com", "Globex"),
        ("nora@example.com", "Globex"),
    }


def test_the_mark_is_kept_beside_the_count(cast, hour, allow, acme_board):
    allow(tasks=5)
    acme_board.add_many(4)
    hour()
    with no_context(), tenant(cast.acme):
        row = Usage.objects.get(key="tasks")
        assert (row.used, row.warned_percent) == (4, 80)
