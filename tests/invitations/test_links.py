"""Links that several people may use: their limits, and twenty at the door at once."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from organizations.invitations import flows
from organizations.limits.refusals import LimitReached
from organizations.models import Membership, Role
from organizations.tenancy import no_context, tenant
from tests.conftest import gather, make_user
from tests.history import entries
from tests.invitations.conftest import INVITATIONS, LINK, change, limit_seats, of_acme


def members(cast):
    with no_context(), tenant(cast.acme):
        return Membership.objects.count()


def test_a_link_is_shown_once_with_its_picture(as_alice, made_link, cast):
    page = as_alice.post(LINK, {"role": "viewer", "days": "30", "max_uses": "5"})
    assert "/join/" in page.text
    assert 'class="qr"' in page.text
    (link,) = of_acme(cast)
    assert (link.role, link.max_uses, link.is_link) == ("viewer", 5, True)
    assert link.expires_at > timezone.now() + timedelta(days=29)
    assert "/join/" not in as_alice.get(INVITATIONS).text
    (entry,) = entries(cast.acme, "invitation.link_made")
    assert entry.after == {"role": "viewer", "days": 30, "uses": 5, "domains": []}


def test_people_join_by_it_as_often_as_it_says(made_link, as_nora, as_charlie, cast):
    where = made_link(max_uses="1")
    assert as_nora.post(where + "accept/").status_code == 302
    page = as_charlie.post(where + "accept/")
    assert "This link is used up" in page.text
    assert members(cast) == 5


def test_coming_back_uses_nothing(made_link, as_nora, cast):
    where = made_link(max_uses="2")
    for _time in range(3):
        as_nora.post(where + "accept/")
    assert of_acme(cast)[0].uses == 1


def test_only_the_domains_it_names_may_use_it(made_link, as_nora, cast):
    where = made_link(allowed_domains="acme.example, @acme.test")
    page = as_nora.get(where)
    assert "The link is for addresses of acme.example, acme.test." in page.text
    assert as_nora.post(where + "accept/").status_code == 422
    change(cast, allowed_domains=["example.com"])
    assert as_nora.post(where + "accept/").status_code == 302


def test_a_link_keeps_no_seat_and_needs_one(made_link, as_nora, cast):
    limit_seats(cast, 4)
    where = made_link()
    assert "Acme is full" in as_nora.post(where + "accept/").text
    assert of_acme(cast)[0].uses == 0


def test_a_link_cannot_be_declined_or_sent(made_link, as_alice, as_nora, cast):
    where = made_link()
    as_nora.post(where + "decline/")
    (link,) = of_acme(cast)
    as_alice.post(f"{INVITATIONS}{link.pk}/resend/")
    assert of_acme(cast)[0].state == "open"
    as_alice.post(f"{INVITATIONS}{link.pk}/revoke/")
    assert "was withdrawn" in as_nora.get(where).text


@pytest.mark.parametrize(
    "values",
    [
        {"max_uses": "0"},
        {"max_uses": "-1"},
        {"max_uses": "9" * 30},
        {"max_uses": "x"},
        {"days": "0"},
        {"days": "9999"},
        {"role": "owner"},
        {"allowed_domains": "not a domain!"},
        {"allowed_domains": "example..com"},
        {"allowed_domains": "x" * 3000},
    ],
)
def test_limits_that_make_no_sense_are_refused(as_alice, cast, values):
    page = as_alice.post(LINK, {"role": "member", "days": "7"} | values)
    assert page.status_code == 422
    assert "error" in page.text
    assert of_acme(cast) == []


def join_at_once(organization, link, people):
    """Let people use a link in threads of their own, and tell who got in."""
    gate, inside = Barrier(len(people)), []

    def go(user):
        try:
            gate.wait()
            flows.accept(invitation=link, user=user)
            inside.append(user)
        except (flows.NotUsable, LimitReached):
            pass
        finally:
            connection.close()

    threads = [Thread(target=go, args=[user]) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return inside


@pytest.fixture
def crowd(transactional_db):
    cast = gather()
    people = [make_user(f"guest{n}") for n in range(20)]
    return cast, people


def link_of(cast, **values):
    with no_context(), tenant(cast.acme, cast.alice):
        values = {"max_uses": None, "allowed_domains": [], "days": 7} | values
        link, _token = flows.make_link(
            organization=cast.acme, by=cast.alice, role=Role.MEMBER, **values
        )
    return link


def test_of_twenty_at_a_link_with_one_use_left_one_gets_in(crowd):
    cast, people = crowd
    link = link_of(cast, max_uses=1)
    inside = join_at_once(cast.acme, link, people)
    assert len(inside) == 1
    assert members(cast) == 5
    assert of_acme(cast)[0].uses == 1
    assert len(entries(cast.acme, "member.added")) == 5


def test_of_twenty_at_three_seats_three_get_in(crowd):
    cast, people = crowd
    limit_seats(cast, 7)
    inside = join_at_once(cast.acme, link_of(cast), people)
    assert len(inside) == 3
    assert members(cast) == 7


# cap 54
@pytest.mark.django_db(transaction=True)
def test_of_fifty_at_the_last_seat_one_gets_in():
    cast = gather()
    limit_seats(cast, 5)
    people = [make_user(f"guest{n}") for n in range(50)]
    inside = join_at_once(cast.acme, link_of(cast), people)
    assert len(inside) == 1
    assert members(cast) == 5
    assert len(entries(cast.acme, "member.added")) == 5
