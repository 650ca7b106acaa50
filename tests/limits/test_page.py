"""The page of limits: what is in use, of what, and who can change that."""

import re

import pytest

from organizations.limits.counting import claim
from organizations.limits.models import Key
from organizations.tenancy import no_context, tenant
from tests.limits.conftest import PAGE, set_acme


def shown(client):
    return " ".join(client.get(PAGE).text.split())


# cap 54
@pytest.mark.parametrize("who", ["as_alice", "as_adam", "as_bob", "as_vera"])
def test_every_member_sees_it(request, who):
    assert request.getfixturevalue(who).get(PAGE).status_code == 200


def test_it_is_a_page_of_the_settings(as_bob):
    assert f'href="{PAGE}"' in as_bob.get("/organizations/settings/").text
    page = shown(as_bob)
    assert re.search(r'href="/organizations/settings/" aria-current', page)


# cap 54
def test_what_is_in_use_stands_beside_its_limit(as_bob, allow, acme_board, cast):
    allow(members=5, tasks=500, storage_bytes=5_000_000_000)
    acme_board.add_many(20)
    with no_context(), tenant(cast.acme):
        claim(Key.STORAGE, 4_300_000_000)
    page = shown(as_bob)
    assert "4 of 5" in page
    assert "20 of 500" in page
    assert "4.3 GB of 5 GB" in page
    assert 'class="near" value="4300000000" max="5000000000"' in page
    assert 'class="" value="20" max="500"' in page


def test_a_full_meter_is_red(as_bob, allow, acme_board):
    allow(tasks=1)
    acme_board.add()
    assert 'class="full" value="1" max="1"' in shown(as_bob)


def test_no_limit_has_no_meter(as_bob, acme_board):
    acme_board.add()
    page = shown(as_bob)
    assert "1, no limit" in page
    assert "<progress" not in page


def test_invitations_are_named_beside_people(as_alice, allow):
    allow(members=9)
    as_alice.post(
        "/organizations/invitations/new/",
        {"addresses": "one@example.com\ntwo@example.com", "role": "member"},
    )
    assert "6 of 9 (4 people, 2 invitations)" in shown(as_alice)


def test_the_plan_has_its_name(as_bob, cast):
    set_acme(cast, plan="starter")
    assert "Starter plan" in shown(as_bob)


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("as_adam", "You can change the plan."),
        ("as_vera", "Alice Example or Adam Example can change the plan."),
    ],
)
def test_it_says_who_can_change_the_plan(request, who, words):
    assert words in shown(request.getfixturevalue(who))


def test_another_organization_counts_apart(as_charlie, acme_board, allow):
    allow(tasks=3)
    acme_board.add_many(3)
    page = shown(as_charlie)
    assert "0, no limit" in page
    assert "3 of 3" not in page
