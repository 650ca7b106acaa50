"""What labels may be called, and what stands between two people who name them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from hypothesis import given
from hypothesis import strategies as st

from organizations.tenancy import no_context, tenant
from tasks.labels.flows import create_label
from tasks.labels.models import Colour, Label, NameTaken
from tests.labels.test_labels import LABELS, entries, labels_of

NEW = f"{LABELS}new/"


def names(cast):
    with no_context(), tenant(cast.acme):
        return list(Label.objects.order_by("name").values_list("name", flat=True))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Packaging", "PACKAGING"),
        ("Packaging", "  Packaging \t"),
        ("Öl", "öl"),
        ("k", "\u212a"),
        ("ångström", "\u212bngström"),
    ],
)
def test_names_that_read_the_same_are_one(as_bob, label, cast, first, second):
    label(first)
    answer = as_bob.post(NEW, {"name": second, "colour": "red"})
    assert answer.status_code == 422
    assert f"There is a label called “{second.strip()}”" in answer.text
    assert names(cast) == [first]
    assert len(entries(cast, "label.created")) == 1


def test_a_refused_new_name_leaves_the_old_one_on_the_page(as_bob, label, cast):
    made = label("Packaging")
    label("Legal")
    path = f"{LABELS}{made.pk}/edit/"
    answer = as_bob.post(path, {"name": "LEGAL", "colour": "red"})
    assert answer.status_code == 422
    assert "There is a label called “LEGAL”. Choose another name." in answer.text
    assert "Edit Packaging" in answer.text
    assert 'value="LEGAL"' in answer.text
    assert names(cast) == ["Legal", "Packaging"]
    assert entries(cast, "label.changed") == []


def test_a_label_may_change_the_case_of_its_own_name(as_bob, label, cast):
    made = label("packaging", "green")
    path = f"{LABELS}{made.pk}/edit/"
    answer = as_bob.post(path, {"name": "Packaging", "colour": "green"}, follow=True)
    assert "Saved" in answer.text
    assert names(cast) == ["Packaging"]
    [entry] = entries(cast, "label.changed")
    assert entry.before == {"name": "packaging", "colour": "green"}
    assert entry.after == {"name": "Packaging", "colour": "green"}
    assert (entry.actor_id, entry.target_id) == (cast.bob.pk, str(made.pk))
    assert entry.target_label == "Packaging"


@pytest.mark.parametrize("name", ["x", "x" * 40, "漢" * 40, "😀" * 40, "100 %(name)s"])
def test_a_name_of_one_to_forty_letters_is_kept_as_typed(as_bob, cast, name):
    answer = as_bob.post(NEW, {"name": name, "colour": "blue"}, follow=True)
    assert f"{name} created" in answer.text
    assert names(cast) == [name]
    [entry] = entries(cast, "label.created")
    assert (entry.after["name"], entry.actor_id) == (name, cast.bob.pk)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a\0b", "Null characters are not allowed."),
        ("a\nb", "Write it with letters that can be seen."),
        ("\u202egnp", "Write it with letters that can be seen."),
        ("\u0301", "Write it with letters that can be seen."),
        ("漢" * 41, "at most 40"),
        (" \u3000 ", "Give it a name."),
    ],
)
def test_a_name_that_would_disturb_its_line_is_refused(as_bob, cast, name, words):
    answer = as_bob.post(NEW, {"name": name, "colour": "blue"})
    assert answer.status_code == 422
    assert words in answer.text
    assert (names(cast), entries(cast, "label.created")) == ([], [])


@given(name=st.text(max_size=50), colour=st.sampled_from([*Colour.values, "", "pink"]))
def test_whatever_is_typed_is_a_label_or_a_refusal(as_bob, cast, name, colour):
    before = names(cast)
    answer = as_bob.post(NEW, {"name": name, "colour": colour})
    made = set(names(cast)) - set(before)
    assert answer.status_code == (302 if made else 422)
    assert len(made) == len(names(cast)) - len(before)
    assert made <= {name.strip()}
    assert colour in Colour.values or not made


@pytest.mark.django_db(transaction=True)
def test_the_same_name_given_at_once_is_given_once(cast, sign_in):
    def send(client):
        try:
            return client.post(NEW, {"name": "Once", "colour": "red"}).status_code
        finally:
            connections.close_all()

    clients = [sign_in(cast.bob, cast.acme) for _number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, clients)) == [302, 422, 422, 422]
    assert names(cast) == ["Once"]
    assert len(entries(cast, "label.created")) == 1


def test_the_verbs_say_by_themselves_that_a_name_is_taken(label, cast):
    made = label("Packaging")
    label("Legal")
    with no_context(), tenant(cast.acme, cast.alice):
        with pytest.raises(NameTaken):
            create_label(by=cast.alice, name="LEGAL", colour="red")
        with pytest.raises(NameTaken):
            made.change(by=cast.alice, name="legal", colour="red")
    assert names(cast) == ["Legal", "Packaging"]
    assert entries(cast, "label.changed") == []


def test_an_organization_has_so_many_labels_and_no_more(
    as_bob, label, cast, monkeypatch
):
    monkeypatch.setattr("tasks.labels.flows.MOST", 2)
    label("First"), label("Second"), label("Theirs", home="globex")
    answer = as_bob.post(NEW, {"name": "Third", "colour": "red"})
    assert answer.status_code == 422
    assert "There can be 200 labels at most. Delete one first." in answer.text
    assert 'value="Third"' in answer.text
    assert names(cast) == ["First", "Second"]


def deleting(made):
    """Delete a label when the first statement comes that would hold it."""

    def execute(call, sql, params, many, context):
        if 'FROM "labels_label"' in sql and "FOR " in sql and made:
            made.pop().delete()
        return call(sql, params, many, context)

    return connection.execute_wrapper(execute)


def test_a_label_changed_while_it_is_deleted_is_missing(as_bob, label, cast):
    made = label("Packaging")
    with deleting([made]):
        path = f"{LABELS}{made.pk}/edit/"
        answer = as_bob.post(path, {"name": "Boxes", "colour": "red"})
    assert answer.status_code == 404
    assert entries(cast, "label.changed") == []


@pytest.mark.parametrize("new", [True, False])
def test_a_label_deleted_while_a_task_is_saved_is_left_off(as_bob, label, board, new):
    gone, stays = label("Gone"), label("Stays")
    task = board.add("First")
    path = "/tasks/new/" if new else f"/tasks/{task.pk}/edit/"
    body = {"title": "Second", "status": "todo", "priority": 3}
    with deleting([Label(pk=gone.pk, organization_id=gone.organization_id)]):
        answer = as_bob.post(path, body | {"labels": [str(gone.pk), str(stays.pk)]})
    assert answer.status_code == 302
    saved = next(one for one in board.all() if one.title == "Second")
    assert labels_of(board, saved) == ["Stays"]
