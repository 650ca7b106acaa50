"""The list: groups, filters, paging, and how often it asks the database."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from tasks.models import Status

HTMX = {"HTTP_HX_REQUEST": "true"}
ROW = re.compile(r'<span class=title><a href="?(\d+)/(?: |\?[^"]*")>')
MORE = re.compile(r'<a class=more href="([^"]+)"')


def rows(response):
    """Return the numbers of the tasks shown."""
    return [int(number) for number in ROW.findall(response.content.decode())]


def more(response):
    return [unescape(found) for found in MORE.findall(response.content.decode())]


def test_list_shows_a_task_with_its_key_and_person(
    as_bob, cast, acme_board, quick_look
):
    acme_board.add("Call the tax office", assignees=[cast.vera], priority=5)
    page = quick_look(as_bob.get("/tasks/"))  # cap 60, cap 61, cap 63
    for text in ("Call the tax office", "ACME-1", "Vera Example", "Priority: high"):
        assert text in page


def test_list_is_newest_first(as_bob, acme_board):  # cap 63
    made = [task.number for task in acme_board.add_many(5)]
    assert rows(as_bob.get("/tasks/")) == made[::-1]


def test_groups_stand_in_the_order_of_work_with_their_counts(
    as_bob, acme_board, quick_look
):
    for number, status in enumerate(Status.values, 1):
        acme_board.add_many(number, status=status)
    page = quick_look(as_bob.get("/tasks/"))
    found = re.findall(r'<span class="count" data-count="(\w+)">(\d+)</span>', page)
    assert found == [
        ("in_progress", "3"),
        ("in_review", "4"),
        ("todo", "2"),
        ("backlog", "1"),
        ("done", "5"),
    ]
    assert re.search(r"10\s+open", page)


def test_counts_stop_at_a_thousand(as_bob, acme_board, quick_look):
    for _ in range(3):
        acme_board.add_many(334)
    page = quick_look(as_bob.get("/tasks/"))
    assert page.count("1,000+") == 2


@pytest.mark.parametrize(
    "address", ["/tasks/", "/tasks/?status=todo", "/tasks/?q=task"]
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_walk_visits_every_task_once(as_bob, acme_board, address, headers):
    made = [task.number for task in acme_board.add_many(120)]
    if address == "/tasks/":
        made += [task.number for task in acme_board.add_many(30, status="done")]
    first = as_bob.get(address)
    seen, ahead = rows(first), more(first)
    while ahead:
        page = as_bob.get("/tasks/" + ahead.pop(), **headers)
        assert page.status_code == 200
        seen, ahead = seen + rows(page), ahead + more(page)
    assert sorted(seen) == sorted(made)


def test_more_says_how_many_there_are(as_bob, acme_board, quick_look):
    acme_board.add_many(57)
    assert "Show 7 more" in quick_look(as_bob.get("/tasks/"))


def test_a_group_without_new_tasks_still_leads_to_its_own(as_bob, acme_board):
    old = acme_board.add("Old but in hand", status="in_progress")
    acme_board.add_many(50)
    page = as_bob.get("/tasks/")
    assert old.number not in rows(page)
    [address] = [each for each in more(page) if "in_progress" in each]
    assert rows(as_bob.get("/tasks/" + address)) == [old.number]


def test_a_later_page_under_htmx_is_rows_alone(as_bob, acme_board):
    acme_board.add_many(60)
    [address] = more(as_bob.get("/tasks/"))
    part = as_bob.get("/tasks/" + address, **HTMX)
    assert b"<html" not in part.content
    assert len(rows(part)) == 10
    whole = as_bob.get("/tasks/" + address)
    assert b"<html" in whole.content
    assert rows(whole) == rows(part)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=todo", {"plain"}),
        ("status=done", {"done"}),
        ("priority=5", {"urgent"}),
        ("assignee=me", {"mine"}),
        ("assignee=nobody", {"plain", "done", "urgent"}),
        ("assignee=me&priority=3", {"mine"}),
        ("assignee=me&priority=5", set()),
        ("status=in_progress&assignee=nobody", {"urgent"}),
        ("q=mi", {"mine"}),
        ("q=mine&assignee=me", {"mine"}),
        ("q=mine&assignee=nobody", set()),
        ("q=urgent&priority=5", {"urgent"}),
        ("q=urgent&priority=1", set()),
        ("q=done&status=done", {"done"}),
        ("q=done&status=todo", set()),
        ("status=nonsense&priority=7&assignee=x&cursor=y", None),
    ],
)
def test_filters_narrow_the_list(as_bob, cast, acme_board, query, expected):
    made = {
        "plain": acme_board.add("plain"),
        "done": acme_board.add("done", status="done"),
        "urgent": acme_board.add("urgent", priority=5, status="in_progress"),
        "mine": acme_board.add("mine", assignees=[cast.bob], status="in_review"),
    }
    wanted = made if expected is None else expected
    found = rows(as_bob.get(f"/tasks/?{query}"))
    assert set(found) == {made[name].number for name in wanted}


def test_filter_by_a_colleague_names_them(as_bob, cast, acme_board, quick_look):
    task = acme_board.add("Theirs", assignees=[cast.vera])
    acme_board.add("Nobody's")
    response = as_bob.get(f"/tasks/?assignee={cast.vera.pk}")
    assert rows(response) == [task.number]
    assert re.search(r"Assignee\s*<b[^>]*>Vera Example</b>", quick_look(response))


def test_a_filter_keeps_the_others(as_bob, acme_board, quick_look):
    acme_board.add("Pay", priority=5)
    page = quick_look(as_bob.get("/tasks/?priority=5&q=pay"))
    assert 'href="?q=pay&amp;status=todo&amp;priority=5"' in page


def test_whose_tasks_lists_the_members_only(as_bob, cast, quick_look):
    page = quick_look(as_bob.get("/tasks/people/?status=todo"))
    assert f"/tasks/?status=todo&amp;assignee={cast.vera.pk}" in page
    assert str(cast.charlie.pk) not in page
    part = quick_look(as_bob.get("/tasks/people/", **HTMX))
    assert "<html" not in part
    assert "Vera Example" in part


def test_an_empty_list_offers_the_first_task(as_bob, as_vera, quick_look):
    assert "No tasks yet" in quick_look(as_bob.get("/tasks/"))
    viewer = quick_look(as_vera.get("/tasks/"))
    assert "No tasks yet" in viewer
    assert "/tasks/new/" not in viewer


@pytest.mark.parametrize("query", ["q=zebra", "status=done", "assignee=me"])
def test_no_match_offers_to_clear(as_bob, acme_board, quick_look, query):
    acme_board.add()
    page = quick_look(as_bob.get(f"/tasks/?{query}"))
    assert "Clear filters" in page
    assert "No tasks yet" not in page


def test_an_unknown_persons_filter_is_like_somebody_elses(as_bob, cast, acme_board):
    acme_board.add()
    unknown = "019aa000-0000-7000-8000-000000000000"
    answers = {
        as_bob.get(f"/tasks/?assignee={person}")
        .content.decode()
        .count("No task matches")
        for person in (unknown, cast.charlie.pk)
    }
    assert answers == {1}


def test_viewer_sees_no_control(as_vera, acme_board, quick_look):
    task = acme_board.add()
    page = quick_look(as_vera.get("/tasks/"))
    assert f"href={task.number}/" in page
    for control in ("/tasks/new/", f"{task.number}/status/", "quick-add"):
        assert control not in page


def test_due_dates_say_how_near_they_are(as_bob, acme_board, quick_look):
    today = timezone.localdate()
    acme_board.add(due_date=today)
    acme_board.add(due_date=today + timedelta(days=1))
    acme_board.add(due_date=today - timedelta(days=400))
    acme_board.add(due_date=today - timedelta(days=400), status="done")
    page = quick_look(as_bob.get("/tasks/"))
    for text in ("Today</span>", "Tomorrow</span>", "Overdue: </i>"):
        assert page.count(text) == 1


def test_tasks_of_another_organization_never_show(as_charlie, acme_board, quick_look):
    task = acme_board.add("Secret plan of Acme")
    for address in ("/tasks/", "/tasks/?q=secret", "/tasks/?status=todo"):
        page = quick_look(as_charlie.get(address))
        assert str(task.pk) not in page
        assert "Secret plan" not in page


@pytest.mark.parametrize(
    "address", ["/tasks/", "/tasks/?q=task", "/tasks/?assignee=me"]
)
@pytest.mark.parametrize("count", [1, 50])
def test_queries_do_not_grow_with_rows(
    as_bob, cast, acme_board, address, count, django_assert_max_num_queries
):
    people = [cast.bob, cast.vera, cast.alice, cast.adam]
    acme_board.add_many(count, assignees=people)
    with django_assert_max_num_queries(4):
        response = as_bob.get(address)
    assert len(rows(response)) == count


def test_a_page_of_fifty_rows_is_light(as_bob, cast, acme_board):
    today = timezone.localdate()
    acme_board.add_many(
        50, assignees=[cast.bob, cast.vera], due_date=today, description="x" * 500
    )
    assert len(as_bob.get("/tasks/").content) < 40_000


def test_a_name_is_remembered_only_within_its_organization(
    as_bob, as_charlie, cast, acme_board, globex_board, quick_look
):
    acme_board.add("Ours", assignees=[cast.vera])
    assert "Vera Example" in quick_look(as_bob.get("/tasks/"))
    page = quick_look(as_charlie.get(f"/tasks/?assignee={cast.vera.pk}"))
    assert "Vera" not in page


def test_signed_out_people_are_sent_to_sign_in(client, db):
    response = client.get("/tasks/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")
