"""One property of a task by itself: opened, changed, refused, in conflict."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from organizations.teams.flows import create_team
from organizations.tenancy import no_context
from tasks.answers import PARTS
from tasks.labels.models import Label, TaskLabel
from tests.tasks.test_conflicts import base_of
from tests.tasks.test_fuzz import VALUES

HTMX = {"HTTP_HX_REQUEST": "true"}
UNKNOWN = "019aa000-0000-7000-8000-000000000000"
each_field = pytest.mark.parametrize("field", list(PARTS))
TRIGGER = re.compile(r'"toast": {"text": "([^"]*)"')


@pytest.fixture
def task(acme_board):
    return acme_board.add("Order the winter tyres", description="Four of them.")


def at(task, field, place=""):
    return f"/tasks/{task.number}/change/{field}/{f'?as={place}' if place else ''}"


def label_of(board, name="Boxes"):
    with no_context(), board.inside():
        return Label.objects.create(name=name, colour="red")


def team_of(board, name="Workshop"):
    with no_context(), board.inside():
        return create_team(name=name, by=board.owner)


def labels_of(board, task):
    with no_context(), board.inside():
        return set(
            TaskLabel.objects.filter(task=task).values_list("label_id", flat=True)
        )


@pytest.fixture
def value(cast, acme_board):
    """Return another value of a field than a new task has, as it is posted."""

    def posted(field):
        return {
            "title": lambda: "Order tyres",
            "description": lambda: "Five of them.",
            "priority": lambda: "5",
            "assignees": lambda: str(cast.vera.pk),
            "labels": lambda: str(label_of(acme_board).pk),
            "due_date": lambda: "2027-01-02",
            "team": lambda: str(team_of(acme_board).pk),
        }[field]()

    return posted


BEFORE = {
    "title": "Order the winter tyres",
    "description": "Four of them.",
    "priority": 3,
    "assignees": [],
    "labels": [],
    "due_date": None,
    "team": None,
}


def after(cast, field):
    return {
        "title": "Order tyres",
        "description": "Five of them.",
        "priority": 5,
        "assignees": [str(cast.vera.pk)],
        "labels": ["Boxes"],
        "due_date": "2027-01-02",
        "team": "Workshop",
    }[field]


@each_field
def test_a_field_is_changed_and_told_with_both_values(
    as_bob, cast, acme_board, task, field, value
):
    response = as_bob.post(at(task, field), {field: value(field)})
    assert response.status_code == 302
    assert response["Location"] == f"/tasks/{task.pk}/"
    [entry] = acme_board.history(task, "task.edited")
    assert entry.actor_id == cast.bob.pk
    assert entry.before == {field: BEFORE[field]}
    assert entry.after == {field: after(cast, field)}


def test_every_value_is_kept(as_bob, cast, acme_board, task, value):
    label, team = label_of(acme_board), team_of(acme_board)
    for field, posted in (("labels", label.pk), ("team", team.pk)):
        as_bob.post(at(task, field), {field: posted})
    for field in ("title", "priority", "due_date", "assignees"):
        as_bob.post(at(task, field), {field: value(field)})
    now = acme_board.now(task)
    assert (now.title, now.priority, now.team_id) == ("Order tyres", 5, team.pk)
    assert now.due_date == date(2027, 1, 2)
    assert now.description == "Four of them."
    assert acme_board.doers(task) == {cast.vera.pk}
    assert labels_of(acme_board, task) == {label.pk}


@pytest.mark.parametrize("field", ["assignees", "labels", "due_date", "team"])
def test_a_field_is_emptied(as_bob, cast, acme_board, field, value):
    task = acme_board.add("Full")
    as_bob.post(at(task, field), {field: value(field)})
    assert as_bob.post(at(task, field), {field: ""}).status_code in (302, 422)
    assert as_bob.post(at(task, field), {}).status_code == 302
    assert acme_board.history(task, "task.edited")[-1].after == {field: BEFORE[field]}


@each_field
def test_the_same_value_again_writes_nothing(as_bob, acme_board, task, field, value):
    posted = {field: value(field)}
    for _ in range(2):
        assert as_bob.post(at(task, field), posted).status_code == 302
    assert len(acme_board.history(task, "task.edited")) == 1


@each_field
def test_other_fields_sent_along_change_nothing(as_bob, acme_board, task, field, value):
    extra = {"status": "done", "title": "Taken over", "created_by": UNKNOWN}
    as_bob.post(at(task, field), extra | {field: value(field)})
    [entry] = acme_board.history(task, "task.edited")
    assert list(entry.after) == [field]
    assert acme_board.now(task).status == "todo"


@each_field
@pytest.mark.parametrize(
    ("actor", "expected"),
    [("as_alice", 302), ("as_adam", 302), ("as_bob", 302), ("as_vera", 403)],
)
def test_each_role_may_or_may_not(
    request, acme_board, task, field, actor, expected, value
):
    client = request.getfixturevalue(actor)
    assert client.get(at(task, field)).status_code == (200 if expected < 400 else 403)
    answer = client.post(at(task, field), {field: value(field)})
    assert answer.status_code == expected
    assert len(acme_board.history(task, "task.edited")) == (expected == 302)


@each_field
@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_elses_task_is_like_a_missing_one(
    as_charlie, acme_board, task, field, method
):
    answers = set()
    for number in (task.number, 4711):
        answer = getattr(as_charlie, method)(
            f"/tasks/{number}/change/{field}/",
            headers={"X-Request-ID": "the-same-request"},
        )
        answers.add((answer.status_code, answer.content))
    assert len(answers) == 1
    assert answers.pop()[0] == 404


@pytest.mark.parametrize("field", ["status", "number", "x", "base"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_other_field_has_a_form(as_alice, task, field, method):
    answer = getattr(as_alice, method)(at(task, field), {field: "1"})
    assert answer.status_code == 404


def test_a_removed_task_has_no_form(as_bob, acme_board, task):
    as_bob.post(f"/tasks/{task.pk}/delete/")
    assert as_bob.get(at(task, "title")).status_code == 404
    assert as_bob.post(at(task, "title"), {"title": "New"}).status_code == 404
    assert acme_board.now(task).title == task.title


@pytest.mark.parametrize("field", ["assignees", "labels", "team"])
def test_a_foreign_id_is_like_a_missing_one(
    as_bob, cast, acme_board, globex_board, task, field
):
    foreign = {
        "assignees": lambda: cast.charlie.pk,
        "labels": lambda: label_of(globex_board).pk,
        "team": lambda: team_of(globex_board).pk,
    }[field]()
    texts = set()
    for key in (foreign, UNKNOWN):
        answer = as_bob.post(at(task, field), {field: str(key)}, **HTMX)
        assert answer.status_code == 422
        errors = answer.context["form"].errors[field]
        texts.add(errors[0].replace(str(key), "…"))
    assert len(texts) == 1
    assert acme_board.history(task, "task.edited") == []


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("title", ""),
        ("title", "x" * 201),
        ("due_date", "31 February"),
        ("description", "<b>" * 20_000),
        ("priority", "urgent"),
        ("assignees", "everybody"),
        ("team", "0"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_bad_value_is_told_and_what_was_typed_is_kept(
    as_bob, acme_board, task, field, typed, headers
):
    answer = as_bob.post(at(task, field), {field: typed}, **headers)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert 'class="error"' in answer.text
    if field in ("title", "due_date", "description"):
        assert typed in unescape(answer.text)
    assert acme_board.history(task, "task.edited") == []


@each_field
def test_a_refused_form_stands_where_it_stood(as_bob, task, field):
    answer = as_bob.post(at(task, field), {field: "x" * 60_000}, **HTMX)
    assert answer.status_code == 422
    assert answer["HX-Retarget"] == "this"
    assert answer["HX-Reswap"] == "outerHTML"
    assert "<html" not in answer.text


@each_field
def test_the_form_is_a_page_and_a_part(as_bob, task, field, quick_look):
    page, part = (quick_look(as_bob.get(at(task, field), **how)) for how in ({}, HTMX))
    assert "<html" in page
    assert "<html" not in part
    for text in (page, part):
        assert f'action="{at(task, field)}"' in text
        assert 'name="base"' in text
        assert 'name="organization"' in text
        assert f'name="{field}"' in text or field == "labels"


@each_field
def test_under_htmx_the_part_that_changed_comes_back(
    as_bob, acme_board, task, field, value
):
    answer = as_bob.post(at(task, field), {field: value(field)}, **HTMX)
    assert answer.status_code == 200
    assert f'id="{PARTS[field]}"' in answer.text
    assert "<html" not in answer.text
    assert 'hx-swap-oob="beforeend:#timeline"' in answer.text
    assert "Bob Example" in answer.text
    assert f'"field": "{field}"' in answer["HX-Trigger-After-Settle"]


def test_no_news_is_told_of_no_change(as_bob, task):
    answer = as_bob.post(at(task, "priority"), {"priority": "3"}, **HTMX)
    assert answer.status_code == 200
    assert "hx-swap-oob" not in answer.text


def test_a_list_gets_its_row_back(as_bob, cast, task):
    posted = {"assignees": str(cast.vera.pk)}
    answer = as_bob.post(at(task, "assignees", "row"), posted, **HTMX)
    assert answer.text.startswith("<li class=")
    assert "Vera Example" in answer.text
    assert TRIGGER.search(answer["HX-Trigger"])[1] == "ACME-1: changed the assignees"


def test_a_board_gets_its_card_back(as_bob, task):
    answer = as_bob.post(at(task, "priority", "card"), {"priority": "5"}, **HTMX)
    assert answer.text.startswith(f"<li id=card-{task.pk}")
    words = "ACME-1: changed the priority from Medium to High"
    assert TRIGGER.search(answer["HX-Trigger"])[1] == words


@pytest.mark.parametrize("place", ["", "row", "card", "x", "../"])
def test_a_form_knows_where_it_was_opened(as_bob, task, place, quick_look):
    path = f"/tasks/{task.number}/change/priority/"
    form = quick_look(as_bob.get(path, {"as": place}, **HTMX))
    known = place in ("row", "card")
    assert (f'hx-post="{path}?as={place}"' in form) == known
    target = {"row": "this", "card": f"#card-{task.pk}"}.get(place, "#facts")
    assert f'hx-target="{target}"' in form


@pytest.mark.parametrize("field", [*PARTS])
@pytest.mark.parametrize(("headers", "status"), [({}, 409), (HTMX, 422)])
def test_the_second_sees_both_values_and_nothing_is_lost(
    as_bob, as_alice, cast, acme_board, task, field, value, headers, status
):
    label, team = label_of(acme_board, "Early"), team_of(acme_board, "Yard")
    first = {
        "title": "Alice's <title>",
        "description": "Alice's text",
        "priority": "1",
        "assignees": str(cast.adam.pk),
        "labels": str(label.pk),
        "due_date": "2030-05-06",
        "team": str(team.pk),
    }
    bobs = {field: value(field), "base": base_of(as_bob.get(at(task, field)))}
    alices = {field: first[field], "base": base_of(as_alice.get(at(task, field)))}
    assert as_alice.post(at(task, field), alices).status_code == 302
    answer = as_bob.post(at(task, field), bobs, **headers)
    assert answer.status_code == status
    text = unescape(answer.text)
    assert "Alice Example changed this meanwhile" in text
    present = {"priority": "Low", "assignees": "Adam Example", "labels": "Early"}
    present |= {"team": "Yard"}
    assert present.get(field, first[field]) in text
    mine = {"priority": "High", "assignees": "Vera Example", "labels": "Boxes"}
    mine |= {"team": "Workshop"}
    assert mine.get(field, bobs[field]) in text
    assert len(acme_board.history(task, "task.edited")) == 1
    again = bobs | {"base": base_of(answer)}
    assert as_bob.post(at(task, field), again).status_code == 302
    assert acme_board.history(task, "task.edited")[-1].actor_id == cast.bob.pk


def test_two_people_change_two_fields(as_bob, as_alice, acme_board, task):
    bobs = {"title": "New", "base": base_of(as_bob.get(at(task, "title")))}
    as_alice.post(at(task, "priority"), {"priority": "5"})
    assert as_bob.post(at(task, "title"), bobs).status_code == 302
    now = acme_board.now(task)
    assert (now.title, now.priority) == ("New", 5)


def test_a_form_of_another_organization_changes_nothing(
    as_alice, cast, acme_board, task
):
    posted = {"priority": "5", "organization": str(cast.globex.pk)}
    assert as_alice.post(at(task, "priority"), posted).status_code == 409
    assert acme_board.now(task).priority == 3


def test_the_days_that_are_often_meant_are_offered(as_bob, task, quick_look):
    form = quick_look(as_bob.get(at(task, "due_date"), **HTMX))
    today = timezone.localdate()
    for days in (0, 1, 7):
        assert f'value="{(today + timedelta(days)).isoformat()}"' in form
    assert 'name="due_date" value=""' in form


def test_what_is_chosen_comes_first_and_a_long_list_can_be_narrowed(
    as_bob, acme_board, quick_look
):
    for number in range(9):
        label_of(acme_board, f"Label {number}")
    last = label_of(acme_board, "Zebra")
    task = acme_board.add(labels=[last])
    form = quick_look(as_bob.get(at(task, "labels"), **HTMX))
    assert form.index("Zebra") < form.index("Label 0")
    assert "data-filter" in form
    assert "data-filter" not in as_bob.get(at(task, "assignees"), **HTMX).text


@pytest.mark.parametrize(("client", "editable"), [("as_bob", True), ("as_vera", False)])
def test_the_page_offers_each_property(request, task, client, editable, quick_look):
    page = quick_look(request.getfixturevalue(client).get(f"/tasks/{task.number}/"))
    for field in PARTS:
        assert (f'href="{at(task, field)}"' in page) == editable
    assert 'name="assignees"' not in page


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil", "tasks:x"])
def test_no_change_leads_elsewhere(as_bob, task, address):
    posted = {"priority": "5", "next": address}
    answer = as_bob.post(at(task, "priority"), posted)
    assert answer["Location"] == f"/tasks/{task.pk}/"


def test_a_change_leads_back_to_where_it_was_opened(as_bob, task):
    posted = {"priority": "5", "next": "/tasks/?status=todo"}
    answer = as_bob.post(at(task, "priority"), posted)
    assert answer["Location"] == "/tasks/?status=todo"


def test_the_number_leads_to_the_form_of_the_whole_task(as_bob, as_vera, task):
    answer = as_bob.get(f"/tasks/{task.number}/edit/")
    assert answer["Location"] == f"/tasks/{task.pk}/edit/"
    assert as_bob.get("/tasks/4711/edit/").status_code == 404
    assert as_vera.get(f"/tasks/{task.number}/edit/").status_code == 403


@given(
    st.sampled_from([*PARTS]),
    st.dictionaries(st.sampled_from([*PARTS, "base", "next"]), VALUES),
)
def test_any_values_get_an_answer(as_bob, task, field, posted):
    for headers in ({}, HTMX):
        answer = as_bob.post(at(task, field), posted, **headers)
        assert answer.status_code in {200, 302, 409, 422}
    assert as_bob.get(f"/tasks/{task.pk}/").status_code == 200


@pytest.mark.parametrize("field", ["labels", "team"])
def test_as_many_statements_for_many_choices(as_bob, acme_board, task, field):
    make = {"labels": label_of, "team": team_of}[field]

    def statements():
        with CaptureQueriesContext(connection) as counted:
            as_bob.get(at(task, field), **HTMX)
        return len(counted)

    make(acme_board, "First")
    few = statements()
    for number in range(20):
        make(acme_board, f"Another {number}")
    assert statements() == few
