"""Making tasks: the form, the quick line, many at once."""

import threading
from datetime import date

import pytest
from django.db import IntegrityError, connection

from organizations.tenancy import no_context
from tasks.flows import create_task, create_tasks
from tasks.models import NotAMember

NEW = "/tasks/new/"
HTMX = {"HTTP_HX_REQUEST": "true"}
WHOLE = {
    "title": "Renew the insurance",
    "description": "Ask two brokers.",
    "status": "in_progress",
    "priority": "5",
    "due_date": "2027-02-28",
}


def test_member_creates_a_task(as_bob, cast, acme_board):  # cap 58, cap 59, cap 62
    people = [cast.vera.pk, cast.bob.pk]
    response = as_bob.post(NEW, WHOLE | {"assignees": people})
    [task] = acme_board.all()
    assert response.status_code == 302
    assert (task.title, task.description) == ("Renew the insurance", "Ask two brokers.")
    assert (task.status, task.priority) == ("in_progress", 5)
    assert (task.due_date, task.created_by_id) == (date(2027, 2, 28), cast.bob.pk)
    assert acme_board.doers(task) == set(people)
    [entry] = acme_board.history(task)
    assert (entry.action, entry.actor_id) == ("task.created", cast.bob.pk)
    assert set(entry.after["assignees"]) == {str(pk) for pk in people}


def test_a_title_is_enough(as_bob, acme_board):  # cap 58, cap 61
    assert as_bob.post(NEW, {"title": "Buy milk"}).status_code == 302
    [task] = acme_board.all()
    assert (task.status, task.priority, task.due_date) == ("todo", 3, None)
    assert task.completed_at is None


def test_the_quick_line_answers_with_the_row(as_bob, acme_board):
    response = as_bob.post(NEW, {"title": "Buy <b>milk</b>"}, **HTMX)
    [task] = acme_board.all()
    assert response.status_code == 200
    assert "Buy &lt;b&gt;milk&lt;/b&gt;" in response.content.decode()
    assert '"text": "ACME-1 created"' in response["HX-Trigger"]
    assert f'"task": {task.number},' in response["HX-Trigger-After-Settle"]
    assert acme_board.history(task, "task.created")


@pytest.mark.parametrize("title", ["", "   ", "x" * 201, "nul\0"])
def test_a_bad_title_is_refused_and_kept(as_bob, acme_board, title):
    whole = as_bob.post(NEW, WHOLE | {"title": title})
    quick = as_bob.post(NEW, {"title": title}, **HTMX)
    assert (whole.status_code, quick.status_code) == (422, 422)
    assert quick["HX-Retarget"] == "#quick"
    assert "aria-invalid" in quick.content.decode()
    assert "Ask two brokers." in whole.content.decode()
    assert acme_board.all() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("status", "finished"),
        ("priority", "2"),
        ("priority", "high"),
        ("due_date", "2027-02-29"),
        ("due_date", "0000-01-01"),
        ("due_date", "99999-01-01"),
        ("description", "x" * 50_001),
        ("assignees", "not an id"),
        ("assignees", "019aa000-0000-7000-8000-000000000000"),
    ],
)
def test_a_bad_value_is_refused(as_bob, acme_board, field, value):
    assert as_bob.post(NEW, WHOLE | {field: value}).status_code == 422
    assert acme_board.all() == []


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1900-02-28"])
def test_a_far_day_is_a_day(as_bob, acme_board, day):
    assert as_bob.post(NEW, WHOLE | {"due_date": day}).status_code == 302
    [task] = acme_board.all()
    assert task.due_date == date.fromisoformat(day)
    assert as_bob.get("/tasks/").status_code == 200
    assert as_bob.get(f"/tasks/{task.pk}/").status_code == 200


def test_an_outsider_is_refused_like_a_stranger(as_bob, cast, acme_board):
    unknown = "019aa000-0000-7000-8000-000000000000"
    texts = []
    for person in (str(cast.charlie.pk), unknown):
        response = as_bob.post(NEW, WHOLE | {"assignees": [person]})
        assert response.status_code == 422
        texts.append(response.content.decode().count("is not one of the available"))
    assert texts[0] == texts[1] > 0
    assert acme_board.all() == []


def test_viewer_cannot_create(as_vera, acme_board):
    assert as_vera.get(NEW).status_code == 403
    assert as_vera.post(NEW, WHOLE).status_code == 403
    assert as_vera.post(NEW, {"title": "x"}, **HTMX).status_code == 403
    assert acme_board.all() == []


def test_the_form_offers_the_members(as_bob, cast, quick_look):
    page = quick_look(as_bob.get(NEW))
    assert str(cast.vera.pk) in page
    assert str(cast.charlie.pk) not in page


def test_numbers_go_on_in_each_organization(acme_board, globex_board):
    assert [acme_board.add().number for _ in range(3)] == [1, 2, 3]
    assert globex_board.add().number == 1
    assert [task.number for task in acme_board.add_many(3)] == [4, 5, 6]


def test_a_removed_task_keeps_its_number(acme_board, cast):
    first = acme_board.add()
    with no_context(), acme_board.inside():
        first.remove(by=cast.alice)
    assert acme_board.add().number == 2


def test_many_are_made_in_few_statements(
    cast, acme_board, django_assert_max_num_queries
):
    drafts = [{"title": f"Task {n}", "assignees": [cast.bob]} for n in range(100)]
    with no_context(), acme_board.inside(), django_assert_max_num_queries(10):
        made = create_tasks(by=cast.alice, drafts=drafts)  # cap 64
    assert [task.number for task in made] == list(range(1, 101))
    assert all(acme_board.history(task) for task in made[::33])


@pytest.mark.parametrize("bad", [{"title": ""}, {"title": "x", "priority": 2}])
def test_many_are_made_all_or_none(cast, acme_board, bad):  # cap 64
    with no_context(), acme_board.inside(), pytest.raises(IntegrityError):
        create_tasks(by=cast.alice, drafts=[{"title": "good"}, bad])
    assert acme_board.all() == []
    assert acme_board.add().number == 1


def test_a_flow_refuses_an_outsider(cast, acme_board):
    with no_context(), acme_board.inside(), pytest.raises(NotAMember):
        create_task(by=cast.alice, title="x", assignees=[cast.bob, cast.charlie])
    assert acme_board.all() == []


def test_a_task_made_done_is_completed(acme_board):
    assert acme_board.now(acme_board.add(status="done")).completed_at is not None


def test_making_none_makes_none(acme_board):
    assert acme_board.add_many(0) == []


@pytest.mark.django_db(transaction=True)
def test_twenty_people_at_once_get_twenty_numbers(cast, acme_board):
    barrier, failures = threading.Barrier(20), []

    def one():
        try:
            barrier.wait(20)
            acme_board.add()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [task.number for task in acme_board.all()] == list(range(1, 21))
