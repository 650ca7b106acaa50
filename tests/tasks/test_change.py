"""One task: read it, edit it, move it, put it in the trash and take it out again."""

from datetime import date

import pytest

from organizations.tenancy import no_context
from tasks.models import Task

HTMX = {"HTTP_HX_REQUEST": "true"}
UNKNOWN = "019aa000-0000-7000-8000-000000000000"
VERBS = ["", "edit/", "status/", "delete/", "restore/"]


@pytest.fixture
def task(acme_board):
    return acme_board.add("Order the winter tyres", description="Four of them.")


def values(**changes):
    return {
        "title": "Order the winter tyres",
        "description": "Four of them.",
        "status": "todo",
        "priority": "3",
        "due_date": "",
    } | changes


def test_the_page_tells_the_task(as_vera, cast, acme_board, quick_look):
    task = acme_board.add(
        "Pay <rent>",
        description="First line.\n\n<script>x</script>",
        assignees=[cast.bob],
        due_date=date(2027, 3, 1),
        priority=5,
    )
    page = quick_look(as_vera.get(f"/tasks/{task.pk}/"))
    for text in ("ACME-1", "Pay &lt;rent&gt;", "Bob Example", "1 Mar 2027", "High"):
        assert text in page
    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert "created this" in page


def test_viewer_sees_no_control(as_vera, task, quick_look):
    page = quick_look(as_vera.get(f"/tasks/{task.pk}/"))
    for verb in VERBS[1:]:
        assert f"/tasks/{task.pk}/{verb}" not in page


@pytest.mark.parametrize("verb", VERBS[1:])
def test_viewer_cannot_change(as_vera, acme_board, task, verb):
    response = as_vera.post(f"/tasks/{task.pk}/{verb}", values(status="done"))
    assert response.status_code == 403
    assert acme_board.now(task).status == "todo"
    assert acme_board.now(task).deleted_at is None
    assert len(acme_board.history(task)) == 1


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("verb", VERBS)
def test_somebody_elses_task_is_like_a_missing_one(
    as_charlie, acme_board, task, verb, method
):
    answers = set()
    for pk in (task.pk, UNKNOWN):
        ask = getattr(as_charlie, method)
        response = ask(
            f"/tasks/{pk}/{verb}",
            values(status="done"),
            headers={"X-Request-ID": "the-same-request"},
        )
        answers.add((response.status_code, response.content))
    assert len(answers) == 1
    assert answers.pop()[0] in (404, 405)
    assert len(acme_board.history(task)) == 1


def test_edit_changes_and_tells_what(as_bob, cast, acme_board, task):  # cap 58, cap 62
    changed = values(title="Order tyres", priority="5", assignees=[cast.vera.pk])
    response = as_bob.post(f"/tasks/{task.pk}/edit/", changed)
    now = acme_board.now(task)
    assert response.status_code == 302
    assert (now.title, now.priority) == ("Order tyres", 5)
    assert acme_board.doers(task) == {cast.vera.pk}
    [entry] = acme_board.history(task, "task.edited")
    assert entry.actor_id == cast.bob.pk
    assert entry.before == {
        "title": "Order the winter tyres",
        "priority": 3,
        "assignees": [],
    }
    assert entry.after == {
        "title": "Order tyres",
        "priority": 5,
        "assignees": [str(cast.vera.pk)],
    }


def test_edit_without_a_change_writes_nothing(as_bob, acme_board, task):
    before = acme_board.now(task).updated_at
    assert as_bob.post(f"/tasks/{task.pk}/edit/", values()).status_code == 302
    assert acme_board.now(task).updated_at == before
    assert acme_board.history(task, "task.edited") == []


def test_edit_exchanges_the_people(as_bob, cast, acme_board):
    task = acme_board.add(assignees=[cast.vera, cast.bob])  # cap 62
    changed = values(assignees=[cast.bob.pk, cast.adam.pk])
    as_bob.post(f"/tasks/{task.pk}/edit/", changed)
    assert acme_board.doers(task) == {cast.bob.pk, cast.adam.pk}
    as_bob.post(f"/tasks/{task.pk}/edit/", values())
    assert acme_board.doers(task) == set()


@pytest.mark.parametrize("changes", [{"title": ""}, {"status": "x"}, {"due_date": "x"}])
def test_a_bad_edit_keeps_what_was_typed(as_bob, acme_board, task, changes):
    typed = values(description="Typed with care.") | changes
    response = as_bob.post(f"/tasks/{task.pk}/edit/", typed)
    assert response.status_code == 422
    assert "Typed with care." in response.content.decode()
    assert acme_board.history(task, "task.edited") == []


def test_an_outsider_cannot_be_assigned(as_bob, cast, acme_board, task):
    response = as_bob.post(
        f"/tasks/{task.pk}/edit/", values(assignees=[cast.charlie.pk])
    )
    assert response.status_code == 422
    assert acme_board.doers(task) == set()


def test_the_page_of_an_edited_task_tells_both_values(
    as_bob, acme_board, task, quick_look
):
    as_bob.post(f"/tasks/{task.pk}/edit/", values(priority="1", due_date="2027-01-02"))
    page = quick_look(as_bob.get(f"/tasks/{task.pk}/"))
    assert "the priority from Medium to Low" in page  # cap 61
    assert "the due date from none to 2027-01-02" in page


@pytest.mark.parametrize("status", ["backlog", "in_progress", "in_review", "done"])
def test_a_status_is_changed_and_told(as_bob, cast, acme_board, task, status):  # cap 60
    response = as_bob.post(f"/tasks/{task.pk}/status/", {"status": status})
    assert response.status_code == 302
    assert response["Location"] == f"/tasks/{task.pk}/"
    assert acme_board.now(task).status == status
    [entry] = acme_board.history(task, "task.moved")
    assert entry.actor_id == cast.bob.pk
    assert (entry.before, entry.after) == ({"status": "todo"}, {"status": status})
    assert entry.target_label == task.title


def test_the_same_status_again_changes_nothing(as_bob, acme_board, task):
    before = acme_board.now(task).updated_at
    response = as_bob.post(f"/tasks/{task.pk}/status/", {"status": "todo"}, **HTMX)
    assert "HX-Trigger" not in response
    assert '"from": "todo", "to": "todo"' in response["HX-Trigger-After-Settle"]
    assert acme_board.now(task).updated_at == before
    assert acme_board.history(task, "task.moved") == []


def test_done_knows_since_when(as_bob, acme_board, task):  # cap 58
    as_bob.post(f"/tasks/{task.pk}/status/", {"status": "done"})
    assert acme_board.now(task).completed_at is not None
    as_bob.post(f"/tasks/{task.pk}/edit/", values(status="in_review"))
    assert acme_board.now(task).completed_at is None
    as_bob.post(f"/tasks/{task.pk}/edit/", values(status="done"))
    assert acme_board.now(task).completed_at is not None


def test_under_htmx_the_changed_row_comes_back(as_bob, cast, acme_board, quick_look):
    task = acme_board.add(assignees=[cast.vera])
    response = as_bob.post(f"/tasks/{task.pk}/status/", {"status": "done"}, **HTMX)
    row = quick_look(response)
    assert row.startswith('<li class="task done">')
    assert "Vera Example" in row
    assert "ACME-1 moved to Done" in response["HX-Trigger"]
    assert '"from": "todo", "to": "done"' in response["HX-Trigger-After-Settle"]


def test_the_status_menu_is_a_page_without_scripts(as_bob, task, quick_look):
    page = quick_look(as_bob.get(f"/tasks/{task.pk}/status/"))
    menu = quick_look(as_bob.get(f"/tasks/{task.pk}/status/", **HTMX))
    assert "<html" in page
    assert "<html" not in menu
    for text in (page, menu):
        assert text.count('name="status"') == 5
        assert "csrfmiddlewaretoken" in text


def test_the_status_page_leads_back(as_bob, task, quick_look):
    came_from = "http://testserver/tasks/?status=todo"
    path = f"/tasks/{task.pk}/status/"
    page = quick_look(as_bob.get(path, headers={"Referer": came_from}))
    assert 'name="next" value="/tasks/?status=todo"' in page
    back = as_bob.post(path, {"status": "done", "next": "/tasks/?status=todo"})
    assert back["Location"] == "/tasks/?status=todo"


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil", "x:y", "http://[evil", "0", "tasks:task_list"],
)
def test_no_status_leads_elsewhere(as_bob, task, address):
    path = f"/tasks/{task.pk}/status/"
    response = as_bob.post(path, {"status": "done", "next": address})
    assert response["Location"] == f"/tasks/{task.pk}/"
    page = as_bob.get(path, headers={"Referer": address})
    assert "evil" not in page.content.decode()


@pytest.mark.parametrize("status", ["", "finished", "DONE", "todo\0"])
def test_an_unknown_status_is_refused(as_bob, acme_board, task, status):
    response = as_bob.post(f"/tasks/{task.pk}/status/", {"status": status})
    assert response.status_code == 422
    assert acme_board.now(task).status == "todo"


@pytest.mark.parametrize("count", [0, 50])
def test_a_status_is_written_in_few_statements(
    as_bob, acme_board, task, count, django_assert_max_num_queries
):
    acme_board.add_many(count)
    # Session, memberships, begin, the change, its history, commit.
    with django_assert_max_num_queries(6):
        as_bob.post(f"/tasks/{task.pk}/status/", {"status": "done"})


def test_delete_is_undone(as_bob, cast, acme_board, task, quick_look):
    response = as_bob.post(f"/tasks/{task.pk}/delete/", follow=True)
    page = quick_look(response)
    assert "ACME-1 moved to the trash" in page
    assert f'action="/tasks/{task.pk}/restore/"' in page
    assert acme_board.now(task).deleted_at is not None
    assert as_bob.get(f"/tasks/{task.pk}/").status_code == 404
    assert as_bob.post(f"/tasks/{task.pk}/restore/").status_code == 302
    assert acme_board.now(task).deleted_at is None
    told = [entry.action for entry in acme_board.history(task)]
    assert told == ["task.created", "task.removed", "task.restored"]


def test_a_task_is_removed_and_restored_once(cast, acme_board, task):
    with no_context(), acme_board.inside():
        found = Task.with_trash.get(pk=task.pk)
        assert [found.remove(by=cast.bob) for _ in range(2)] == [True, False]
        assert [found.restore(by=cast.bob) for _ in range(2)] == [True, False]
    assert len(acme_board.history(task)) == 3


@pytest.mark.parametrize("verb", ["", "edit/", "status/"])
def test_a_removed_task_is_gone(as_bob, acme_board, task, verb):
    as_bob.post(f"/tasks/{task.pk}/delete/")
    assert as_bob.get(f"/tasks/{task.pk}/{verb}").status_code == 404
    changed = values(title="Changed", status="done")
    assert as_bob.post(f"/tasks/{task.pk}/{verb}", changed).status_code in (404, 405)
    assert acme_board.now(task).title == task.title
    assert acme_board.now(task).status == "todo"


def test_a_leaver_is_off_the_task_which_stays(as_bob, cast, acme_board, quick_look):
    from organizations.flows import remove_member
    from organizations.models import Membership

    task = acme_board.add("Goes on", assignees=[cast.vera])  # cap 59
    with no_context(), acme_board.inside():
        vera = Membership.objects.get(user=cast.vera)
        remove_member(membership=vera, by=cast.alice)
    page = quick_look(as_bob.get("/tasks/"))
    assert "Goes on" in page
    assert "Vera" not in page
    with no_context(), acme_board.inside():
        assert list(task.assignee_ids()) == []
    assert as_bob.get(f"/tasks/{task.pk}/").status_code == 200
