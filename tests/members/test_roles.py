"""Changing what a member may do."""

import json
import re

import pytest

from tests.history import entries

HTMX = {"hx-request": "true"}


def toast(answer):
    return json.loads(answer["HX-Trigger"])["toast"]


# cap 21, 22
@pytest.mark.parametrize("role", ["admin", "viewer"])
@pytest.mark.parametrize("who", ["as_alice", "as_adam"])
def test_a_role_is_changed_and_recorded(request, cast, address, member, who, role):
    answer = request.getfixturevalue(who).post(address("bob", "role"), {"role": role})
    assert answer.status_code == 302
    assert member("bob").role == role
    (entry,) = entries(cast.acme, "member.role_changed")
    assert (entry.before, entry.after) == ({"role": "member"}, {"role": role})
    assert (entry.target_label, entry.actor_id) == (
        "Bob Example",
        cast.alice.pk if who == "as_alice" else cast.adam.pk,
    )


def test_the_new_role_holds_from_the_next_request(as_alice, as_bob, address):
    assert as_bob.get("/tasks/new/").status_code == 200
    as_alice.post(address("bob", "role"), {"role": "viewer"})
    assert as_bob.get("/tasks/new/").status_code == 403


def test_the_same_role_again_records_nothing(as_alice, address, cast):
    as_alice.post(address("bob", "role"), {"role": "member"})
    assert entries(cast.acme, "member.role_changed") == []


def test_scripts_get_the_row_and_an_undo(as_alice, address, member, cast):
    answer = as_alice.post(address("bob", "role"), {"role": "admin"}, headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.strip().startswith("<tr>")
    said = toast(answer)
    assert said["text"] == "Bob Example is now Admin"
    as_alice.post(said["undo"])
    assert member("bob").role == "member"
    assert len(entries(cast.acme, "member.role_changed")) == 2


def test_ones_own_change_brings_a_whole_page(as_adam, address):
    answer = as_adam.post(address("adam", "role"), {"role": "viewer"}, headers=HTMX)
    assert answer["HX-Refresh"] == "true"
    assert as_adam.post(address("bob", "role"), {"role": "viewer"}).status_code == 403


@pytest.mark.parametrize("role", ["owner", "god", "", "Admin", "\0", "x" * 5000])
def test_other_roles_are_refused_with_a_sentence(as_alice, address, member, cast, role):
    answer = as_alice.post(address("bob", "role"), {"role": role})
    assert answer.status_code in {400, 422}
    assert member("bob").role == "member"
    assert entries(cast.acme, "member.role_changed") == []


def test_a_refused_role_leaves_the_row_as_it_was(as_alice, address):
    answer = as_alice.post(address("bob", "role"), {"role": "owner"}, headers=HTMX)
    assert answer.status_code == 422
    assert toast(answer)["level"] == "error"
    assert re.search(r'value="member"\s+selected', answer.text)


@pytest.mark.parametrize("verb", ["role", "suspend", "unsuspend", "remove"])
@pytest.mark.parametrize("who", ["as_bob", "as_vera"])
def test_members_and_viewers_change_nobody(request, address, member, who, verb):
    answer = request.getfixturevalue(who).post(
        address("adam", verb), {"role": "viewer"}
    )
    assert answer.status_code == 403
    assert "Owner, Admin" in answer.text
    assert (member("adam").role, member("adam").suspended_at) == ("admin", None)


@pytest.mark.parametrize("verb", ["role", "suspend", "unsuspend", "remove"])
def test_an_admin_does_not_touch_an_owner(as_adam, address, member, second_owner, verb):
    second_owner("bob")
    answer = as_adam.post(address("bob", verb), {"role": "viewer"})
    assert answer.status_code == 403
    assert "Owner" in answer.text
    assert (member("bob").role, member("bob").suspended_at) == ("owner", None)


def test_an_owner_changes_another_owner(as_alice, address, member, second_owner):
    second_owner("bob")
    as_alice.post(address("bob", "role"), {"role": "admin"})
    assert member("bob").role == "admin"


def test_the_last_owner_keeps_the_role(as_alice, address, member, cast):
    page = as_alice.post(address("alice", "role"), {"role": "admin"})
    assert page.status_code == 422
    assert "Alice Example is the only owner." in page.text
    assert member("alice").role == "owner"
    assert entries(cast.acme, "member.role_changed") == []


@pytest.mark.parametrize(
    ("who", "whom", "shown"),
    [
        ("as_alice", "bob", True),
        ("as_alice", "alice", True),
        ("as_adam", "bob", True),
        ("as_adam", "alice", False),
        ("as_bob", "adam", False),
        ("as_vera", "vera", False),
    ],
)
def test_the_page_offers_what_one_may_do(request, address, who, whom, shown):
    page = request.getfixturevalue(who).get(address(whom)).text
    assert ("Save role" in page) is shown
    assert shown is not ("you need the role" in page)
    assert "What each role may do" in page


@pytest.mark.parametrize(
    ("who", "whom", "shown", "hidden"),
    [
        ("as_alice", "bob", ["Offer ownership", "Remove"], ["Leave"]),
        ("as_alice", "alice", ["Leave"], ["Remove", "Offer"]),
        ("as_adam", "bob", ["Remove"], ["Offer"]),
        ("as_adam", "alice", ["Role and access"], ["Remove", "Offer"]),
        ("as_vera", "bob", ["Role and access"], ["Remove", "Offer", "Leave"]),
    ],
)
def test_the_menu_holds_what_one_may_do(request, address, who, whom, shown, hidden):
    client = request.getfixturevalue(who)
    menu = client.get(address(whom), headers=HTMX).text
    assert "<html" not in menu
    for words in shown:
        assert words in menu
    for words in hidden:
        assert words not in menu
