"""Labels: made, changed, deleted, put on tasks and looked for."""

import pytest

from organizations.audit.models import AuditEntry
from organizations.tenancy import no_context, tenant
from tasks.labels.flows import create_label
from tasks.labels.models import Label, TaskLabel
from tasks.models import Task
from tests.tasks.conftest import Board
from tests.tasks.test_change import UNKNOWN, values
from tests.tasks.test_list import rows

LABELS = "/tasks/labels/"


@pytest.fixture
def board(cast):
    return Board(cast.acme, cast.alice)


@pytest.fixture
def label(cast):
    """Make a label of an organization."""

    def made(name, colour="blue", home="acme"):
        organization = getattr(cast, home)
        owner = {"acme": cast.alice, "globex": cast.charlie}[home]
        with no_context(), tenant(organization, owner):
            return create_label(by=owner, name=name, colour=colour)

    return made


def entries(cast, action):
    with no_context(), tenant(cast.acme):
        return list(AuditEntry.objects.filter(action=action))


def labels_of(board, task):
    with no_context(), board.inside():
        found = TaskLabel.objects.filter(task_id=task.pk).select_related("label")
        return sorted(row.label.name for row in found)


def test_a_member_makes_a_label(as_bob, cast):
    answer = as_bob.post(f"{LABELS}new/", {"name": "Packaging", "colour": "violet"})
    assert answer["Location"] == LABELS
    page = as_bob.get(LABELS).text
    assert "Packaging" in page
    assert "dot violet" in page
    [entry] = entries(cast, "label.created")
    assert entry.after == {"name": "Packaging", "colour": "violet"}


@pytest.mark.parametrize(
    ("name", "colour", "words"),
    [
        ("", "blue", "Give it a name."),
        ("packaging", "blue", "There is a label called “packaging”"),
        ("x" * 41, "blue", "at most 40"),
        ("Legal", "pink", "valid choice"),
        ("\u200b\u200b", "blue", "name"),
    ],
)
def test_what_is_no_label_is_refused(as_bob, label, cast, name, colour, words):
    label("Packaging")
    answer = as_bob.post(f"{LABELS}new/", {"name": name, "colour": colour})
    assert answer.status_code == 422
    assert words in answer.text
    assert len(entries(cast, "label.created")) == 1


def test_another_organization_may_use_the_same_word(as_bob, label):
    label("Packaging", home="globex")
    values = {"name": "Packaging", "colour": "red"}
    assert as_bob.post(f"{LABELS}new/", values).status_code == 302


def test_a_label_is_renamed(as_bob, label, cast):
    made = label("Packaging")
    label("Legal")
    path = f"{LABELS}{made.pk}/edit/"
    assert as_bob.post(path, {"name": "Legal", "colour": "red"}).status_code == 422
    assert as_bob.post(path, {"name": "Boxes", "colour": "red"}).status_code == 302
    assert as_bob.post(path, {"name": "Boxes", "colour": "red"}).status_code == 302
    [entry] = entries(cast, "label.changed")
    assert entry.before == {"name": "Packaging", "colour": "blue"}


def test_a_deleted_label_comes_off_its_tasks(as_bob, label, cast, board):
    made = label("Packaging")
    task = board.add("Box", labels=[made])
    assert "comes off 1 task" in as_bob.get(f"{LABELS}{made.pk}/delete/").text
    assert as_bob.post(f"{LABELS}{made.pk}/delete/").status_code == 302
    assert labels_of(board, task) == []
    assert board.now(task).deleted_at is None
    [entry] = entries(cast, "label.removed")
    assert entry.before == {"tasks": 1}


@pytest.mark.parametrize("verb", ["edit/", "delete/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_foreign_labels_are_missing(as_bob, label, verb, method):
    foreign = label("Secret", home="globex")
    ask = getattr(as_bob, method)
    answers = [ask(f"{LABELS}{key}/{verb}") for key in (foreign.pk, UNKNOWN)]
    assert [each.status_code for each in answers] == [404, 404]
    assert "Secret" not in as_bob.get(LABELS).text


def test_viewers_see_labels_and_change_none(as_vera, label):
    made = label("Packaging")
    page = as_vera.get(LABELS).text
    assert "Packaging" in page
    assert "New label" not in page
    for path in ("new/", f"{made.pk}/edit/", f"{made.pk}/delete/"):
        assert as_vera.post(LABELS + path, {"name": "X"}).status_code == 403


def test_a_task_is_made_with_labels(as_bob, label, board):
    chosen = [label("Packaging"), label("Legal", "red")]
    form = values(title="Box", labels=[one.pk for one in chosen])
    assert as_bob.post("/tasks/new/", form).status_code == 302
    [task] = board.all()
    assert labels_of(board, task) == ["Legal", "Packaging"]
    [entry] = board.history(task, "task.created")
    assert entry.after["labels"] == ["Legal", "Packaging"]


def test_editing_changes_labels_and_tells_both_sides(as_bob, label, board):
    packaging, legal = label("Packaging"), label("Legal")
    task = board.add("Order the winter tyres", labels=[packaging])
    path = f"/tasks/{task.pk}/edit/"
    assert f'value="{packaging.pk}"' in as_bob.get(path).text
    as_bob.post(path, values(description="", labels=[legal.pk]))
    assert labels_of(board, task) == ["Legal"]
    [entry] = board.history(task, "task.edited")
    assert (entry.before["labels"], entry.after["labels"]) == (["Packaging"], ["Legal"])
    page = as_bob.get(f"/tasks/{task.pk}/").text
    assert "the labels from Packaging to Legal" in page
    as_bob.post(path, values(description="", labels=[legal.pk]))
    assert len(board.history(task, "task.edited")) == 1


@pytest.mark.parametrize("field", ["labels", "team"])
def test_a_foreign_choice_is_like_a_missing_one(as_bob, label, board, field):
    foreign = label("Secret", home="globex")
    pages = []
    for key in (foreign.pk, UNKNOWN):
        answer = as_bob.post("/tasks/new/", values(title="Box", **{field: [key]}))
        assert answer.status_code == 422
        pages.append(answer.text.replace(str(key), ""))
    assert "Secret" not in pages[0]
    assert board.all() == []


def test_lists_and_boards_show_and_filter_labels(as_vera, label, board):
    packaging = label("<Packaging>", "amber")
    marked = board.add("Box", labels=[packaging])
    board.add("Other")
    for path in ("/tasks/", "/tasks/board/"):
        page = as_vera.get(path).text
        assert "<i class=amber>&lt;Packaging&gt;</i>" in page
        assert "Other" in page
        narrow = as_vera.get(f"{path}?label={packaging.pk}").text
        assert "&lt;Packaging&gt;" in narrow
        assert "Other" not in narrow
    assert rows(as_vera.get(f"/tasks/?q=box&label={packaging.pk}")) == [marked.number]
    assert rows(as_vera.get(f"/tasks/?q=other&label={packaging.pk}")) == []
    assert rows(as_vera.get(f"/tasks/?label={UNKNOWN}")) == []


def test_a_foreign_label_finds_nothing_and_names_nothing(as_bob, label, board):
    board.add("Ours")
    foreign = label("Secret", home="globex")
    page = as_bob.get(f"/tasks/?label={foreign.pk}")
    assert rows(page) == []
    assert "Secret" not in page.text


def test_the_filter_offers_the_organizations_labels(as_bob, label):
    mine = label("Packaging")
    label("Secret", home="globex")
    page = as_bob.get("/tasks/with-label/?status=done").text
    assert f"/tasks/?status=done&amp;label={mine.pk}" in page
    assert "Secret" not in page
    board = as_bob.get("/tasks/with-label/?view=board").text
    assert f"/tasks/board/?label={mine.pk}" in board


@pytest.mark.parametrize("count", [1, 50])
def test_labels_cost_no_query_a_row(
    as_bob, label, board, count, django_assert_max_num_queries
):
    board.add_many(count, labels=[label("A"), label("B")])
    as_bob.get("/tasks/")
    with django_assert_max_num_queries(4):
        as_bob.get("/tasks/")
    with django_assert_max_num_queries(6):
        as_bob.get(LABELS)


def test_labels_go_with_their_task_for_good(cast, label, board):
    task = board.add("Box", labels=[label("Packaging")])
    with no_context(), board.inside():
        Task.with_trash.filter(pk=task.pk).delete()
        assert not TaskLabel.objects.exists()
        assert Label.objects.exists()
