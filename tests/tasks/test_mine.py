"""One's own open tasks, wherever they are."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from organizations import flows
from organizations.tenancy import no_context, tenant
from tasks.mine import SHOWN
from tests.conftest import join
from tests.tasks.conftest import Board

MINE = "/tasks/mine/"
TITLE = re.compile(r"<span class=title><a href=[^>]+>([^<]+)</a>")


@pytest.fixture
def both(cast):
    """Bob belongs to Globex as well."""
    join(cast.globex, cast.bob, "viewer")
    return Board(cast.acme, cast.alice), Board(cast.globex, cast.charlie)


def titles(page):
    return TITLE.findall(page.text)


def test_tasks_of_all_organizations_are_shown(as_bob, cast, both):
    acme, globex = both
    acme.add("Of Acme", assignees=[cast.bob])
    globex.add("Of Globex", assignees=[cast.bob])
    page = as_bob.get(MINE)
    assert sorted(titles(page)) == ["Of Acme", "Of Globex"]
    assert "/o/globex/?next=/tasks/1/" in page.text


def test_tasks_of_others_and_done_ones_are_not(as_bob, cast, both):
    acme, globex = both
    acme.add("Vera's", assignees=[cast.vera])
    acme.add("Nobody's")
    acme.add("Finished", assignees=[cast.bob], status="done")
    gone = acme.add("Gone", assignees=[cast.bob])
    with no_context(), acme.inside():
        gone.remove(by=cast.alice)
    globex.add("Charlie's", assignees=[cast.charlie])
    page = as_bob.get(MINE)
    assert titles(page) == []
    assert "Nothing is assigned to you" in page.text


def test_what_is_due_first_stands_on_top(as_bob, cast, acme_board):
    today = timezone.localdate()
    for name, days in (("later", 9), ("soon", 1), ("someday", None), ("late", -3)):
        due = today + timedelta(days=days) if days is not None else None
        acme_board.add(name, assignees=[cast.bob], due_date=due)
    assert titles(as_bob.get(MINE)) == ["late", "soon", "later", "someday"]


def test_a_link_enters_the_organization_and_opens_the_task(as_bob, cast, both):
    both[1].add("Of Globex", assignees=[cast.bob])
    answer = as_bob.get("/o/globex/?next=/tasks/1/")
    assert answer["Location"] == "/tasks/1/"
    assert "Of Globex" in as_bob.get("/tasks/1/").text


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "x"])
def test_an_organization_is_entered_onto_its_own_pages_only(as_bob, address):
    answer = as_bob.get("/o/acme/", {"next": address})
    assert answer["Location"] == "/tasks/"


def test_an_organization_that_is_closed_shows_nothing(as_bob, cast, both):
    both[1].add("Of Globex", assignees=[cast.bob])
    with no_context(), tenant(cast.globex):
        member = cast.globex.memberships.get(user=cast.bob)
        flows.suspend_member(membership=member, by=None)
    assert titles(as_bob.get(MINE)) == []


def test_an_organization_that_asks_for_more_shows_nothing(as_bob, cast, both):
    both[1].add("Of Globex", assignees=[cast.bob])
    with no_context(), tenant(cast.globex):
        cast.globex.requires_second_factor = True
        cast.globex.save(update_fields=["requires_second_factor"])
    assert titles(as_bob.get(MINE)) == []


def test_who_was_removed_sees_nothing_of_it(as_bob, cast, both):
    both[1].add("Of Globex", assignees=[cast.bob])
    with no_context(), tenant(cast.globex):
        flows.remove_member(
            membership=cast.globex.memberships.get(user=cast.bob), by=None
        )
    assert titles(as_bob.get(MINE)) == []


def test_many_are_cut_and_the_rest_is_a_click_away(as_bob, cast, acme_board):
    acme_board.add_many(SHOWN + 5, assignees=[cast.bob])
    page = as_bob.get(MINE)
    assert len(titles(page)) == SHOWN
    assert "/o/acme/?next=/tasks/%3Fassignee=me" in page.text
    there = as_bob.get("/o/acme/?next=/tasks/%3Fassignee=me")
    assert there["Location"] == "/tasks/?assignee=me"


@pytest.mark.parametrize("count", [1, 20])
def test_it_costs_one_question_an_organization(
    as_bob, cast, both, count, django_assert_max_num_queries
):
    for board in both:
        board.add_many(count, assignees=[cast.bob])
    as_bob.get(MINE)
    with django_assert_max_num_queries(4):
        as_bob.get(MINE)


def test_strangers_sign_in_first_and_newcomers_have_none(client, as_nora, db):
    assert client.get(MINE)["Location"].startswith("/accounts/login/")
    assert as_nora.get(MINE).status_code == 200
