"""Labels come along: found by their names, made where they are new, or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.audit.models import AuditEntry
from organizations.tenancy import no_context, tenant
from tasks.exports.cells import joined, parted, safe, unprefixed
from tasks.imports.marks import marked
from tasks.imports.values import Choices, NotUnderstood, labels
from tasks.labels.flows import create_label
from tasks.labels.models import Label, TaskLabel

MISSING = "There is no such label."
NAMES = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]))


@pytest.fixture
def label(cast):
    """Make a label of an organization, as its owner."""

    def made(name, colour="green", home="acme"):
        owner = {"acme": cast.alice, "globex": cast.charlie}[home]
        with no_context(), tenant(getattr(cast, home), owner):
            return create_label(by=owner, name=name, colour=colour)

    return made


@pytest.fixture
def named(cast):
    """Return the labels of an organization by their names."""

    def read(home="acme"):
        with no_context(), tenant(getattr(cast, home)):
            return {one.name: one for one in Label.objects.all()}

    return read


def on(board, task):
    with no_context(), board.inside():
        rows = TaskLabel.objects.filter(task=task).select_related("label")
        return sorted(row.label.name for row in rows)


def created(cast):
    with no_context(), tenant(cast.acme):
        rows = AuditEntry.objects.filter(action="label.created")
        return list(rows.order_by("sequence"))


def test_labels_are_found_by_their_names(whole, acme_board, label, named):
    label("Bug")
    label("Front desk")
    kept = whole("Title,Labels\nOrder tyres,bug; FRONT DESK \nSweep,\n")
    first, second = acme_board.all()
    assert on(acme_board, first) == ["Bug", "Front desk"]
    assert on(acme_board, second) == []
    assert (kept.problems, set(named())) == ([], {"Bug", "Front desk"})


def test_a_new_label_is_made_once_and_recorded(whole, acme_board, named, cast):
    whole("Title,Labels\nFirst,Bug\nSecond,Bug;bug\nThird,BUG\n", labels="make")
    [made] = named().values()
    assert made.colour == "blue"
    assert [on(acme_board, task) for task in acme_board.all()] == [[made.name]] * 3
    [entry] = created(cast)
    assert entry.after == {"name": made.name, "colour": "blue"}
    assert (entry.actor_id, entry.target_id) == (cast.bob.pk, str(made.pk))


def test_history_of_a_task_names_its_labels(whole, acme_board):
    whole("Title,Labels\nOrder tyres,Winter;Bug\n")
    [task] = acme_board.all()
    [entry] = acme_board.history(task, "task.created")
    assert entry.after["labels"] == ["Bug", "Winter"]


def test_a_check_makes_no_label(journey, named, kept):
    journey.upload("Title,Labels\nFirst,Bug\n")
    journey.map(labels="make")
    assert (kept().good, kept().problems, named()) == (1, [], {})


def test_a_cancelled_import_makes_no_label(journey, run_jobs, named):
    journey.upload("Title,Labels\nFirst,Bug\n")
    journey.map()
    journey.start()
    journey.cancel()
    run_jobs()
    assert named() == {}


def test_a_line_with_an_unknown_label_can_be_left_out(whole, acme_board, label, named):
    label("Bug")
    kept = whole("Title,Labels\nFirst,Bug\nSecond,Bug;Odd\n", labels="refuse")
    assert [task.title for task in acme_board.all()] == ["First"]
    [problem] = kept.problems
    assert (problem["line"], problem["heading"]) == (3, "Labels")
    assert (problem["value"], problem["text"]) == ("Bug;Odd", MISSING)
    assert set(named()) == {"Bug"}


def test_a_label_of_somebody_elses_is_unknown(whole, acme_board, label, named):
    theirs = label("Secret", home="globex")
    kept = whole("Title,Labels\nFirst,Secret\nOther,\n", labels="refuse")
    assert [problem["text"] for problem in kept.problems] == [MISSING]
    whole("Title,Labels\nFirst,Secret\n", labels="make")
    assert named()["Secret"].pk != theirs.pk
    assert named("globex") == {"Secret": theirs}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("x" * 41, "A label is longer than 40 characters."),
        ("é" * 50_000, "A label is longer than 40 characters."),
        ("\u200b", "A label cannot be called so."),
        ("a\u202eb", "A label cannot be called so."),
        ("tab\there", "A label cannot be called so."),
    ],
)
def test_a_name_that_no_label_can_have_leaves_its_line_out(whole, named, name, words):
    kept = whole(f"Title,Labels\nFirst,{name}\nSecond,fine\n", labels="make")
    assert [(p["line"], p["text"]) for p in kept.problems] == [(2, words)]
    assert set(named()) == {"fine"}


def test_the_longest_name_is_made(whole, named):
    whole(f"Title,Labels\nFirst,{'ß' * 40}\n")
    assert set(named()) == {"ß" * 40}


@pytest.mark.parametrize("choice", ["", None])
def test_without_a_word_new_labels_are_made(whole, kept, named, choice):
    whole("Title,Labels\nFirst,Bug\n", **({} if choice is None else {"labels": choice}))
    assert kept().mapping["labels"] == "make"
    assert set(named()) == {"Bug"}


def test_another_choice_is_refused(journey, kept):
    journey.upload("Title,Labels\nFirst,Bug\n")
    answer = journey.map(labels="leave")
    assert answer.status_code == 422
    assert "leave is not one of the available choices" in answer.text
    assert kept().state == "uploaded"


def test_the_page_asks_what_is_done_with_new_labels(journey):
    journey.upload("Title,Tags\nFirst,Bug\n")
    page = journey.client.get(journey.at("columns/"))
    assert "A label that is none of ours" in page.text
    assert page.context["form"]["labels"].value() == "make"
    assert [f.value() for f in page.context["form"].columns()] == ["title", "labels"]
    journey.map(labels="refuse")
    again = journey.client.get(journey.at("columns/"))
    assert again.context["form"]["labels"].value() == "refuse"


def test_a_label_deleted_since_the_check_is_unknown_again(
    journey, run_jobs, acme_board, label, cast, kept
):
    bug = label("Bug")
    journey.upload("Title,Labels\nFirst,Bug\nSecond,\n")
    journey.map(labels="refuse")
    assert kept().good == 2
    journey.start()
    with no_context(), acme_board.inside():
        bug.remove(by=cast.alice)
    run_jobs()
    assert [task.title for task in acme_board.all()] == ["Second"]
    assert (kept().made, kept().skipped) == (1, 1)


def test_a_label_made_since_the_check_is_taken(journey, run_jobs, label, named, cast):
    journey.upload("Title,Labels\nFirst,bug\n")
    journey.map(labels="make")
    journey.start()
    mine = label("Bug", colour="red")
    run_jobs()
    assert named() == {"Bug": mine}
    assert [entry.actor_id for entry in created(cast)] == [cast.alice.pk]


def test_of_several_columns_of_labels_the_first_is_guessed(whole, acme_board):
    whole("Title,Labels,Labels\nFirst,a,b\n")
    assert on(acme_board, acme_board.all()[0]) == ["a"]


def test_the_second_column_of_labels_can_be_chosen(whole, acme_board):
    whole("Title,Labels,Labels\nFirst,a,b\n", "title", "", "labels")
    assert on(acme_board, acme_board.all()[0]) == ["b"]


def test_a_column_that_is_left_out_makes_no_label(whole, named):
    whole("Title,Labels\nFirst,Bug\n", "title", "")
    assert named() == {}


@pytest.fixture
def undone(journey, run_jobs):
    """Undo an import."""

    def undo(kept):
        address = f"/tasks/changes/{kept.change_set_id}/undo/"
        assert journey.client.post(address).status_code == 302
        run_jobs()

    return undo


def test_undoing_removes_the_labels_that_were_made(
    whole, undone, acme_board, label, named, cast
):
    label("Winter")
    undone(whole("Title,Labels\nFirst,Bug;Winter\nSecond,Odd\n"))
    assert (acme_board.all(), set(named())) == ([], {"Winter"})
    with no_context(), tenant(cast.acme):
        gone = AuditEntry.objects.filter(action="label.removed").order_by("sequence")
        told = [(one.target_label, one.actor_id) for one in gone]
    assert sorted(told) == [("Bug", cast.bob.pk), ("Odd", cast.bob.pk)]


def test_a_label_that_something_else_has_stays(whole, undone, acme_board, named, cast):
    kept = whole("Title,Labels\nFirst,Bug;Odd;Old\nTouched,Mine\n")
    there = named()
    mine = acme_board.add("Mine", labels=[there["Bug"]])
    thrown = acme_board.add("Thrown", labels=[there["Old"]])
    with no_context(), acme_board.inside():
        thrown.remove(by=cast.alice)
        touched = next(task for task in acme_board.all() if task.title == "Touched")
        touched.edit(by=cast.alice, title="Still there")
    undone(kept)
    assert set(named()) == {"Bug", "Old", "Mine"}
    assert on(acme_board, mine) == ["Bug"]
    assert on(acme_board, touched) == ["Mine"]


def test_a_label_that_somebody_has_changed_stays(
    whole, undone, acme_board, named, as_alice
):
    kept = whole("Title,Labels\nFirst,Bug\n")
    edit = f"/tasks/labels/{named()['Bug'].pk}/edit/"
    as_alice.post(edit, {"name": "Fault", "colour": "red"})
    undone(kept)
    assert (acme_board.all(), set(named())) == ([], {"Fault"})


def test_a_label_gone_meanwhile_is_no_trouble(whole, undone, acme_board, named, cast):
    kept = whole("Title,Labels\nFirst,Bug\n")
    with no_context(), acme_board.inside():
        named()["Bug"].remove(by=cast.alice)
    undone(kept)
    # Its task has changed with it, and stays.
    assert ([task.title for task in acme_board.all()], named()) == (["First"], {})


def test_a_check_says_which_labels_would_be_made(journey, label, kept):
    label("Bug")
    journey.upload("Title,Labels\nFirst,bug;Odd\nSecond,odd;Winter\n,Left out\n")
    journey.map()
    assert kept().new_labels == ["Odd", "Winter"]
    page = journey.page()
    assert "2 labels will be made:" in page
    assert "Odd, Winter" in page
    journey.map(labels="refuse")
    assert kept().new_labels == []


def test_lines_beyond_the_room_for_labels_are_left_out(
    whole, label, named, acme_board, monkeypatch
):
    monkeypatch.setattr("tasks.imports.mapping.MOST", 3)
    label("Bug")
    lines = ["First,a", "Second,b;c", "Third,A;b", "Fourth,c", "Fifth,bug;a", "Sixth,"]
    kept = whole("Title,Labels\n" + "\n".join(lines))
    words = "It needs a new label, and there can be 200 at most."
    assert [(p["line"], p["value"], p["text"]) for p in kept.problems] == [
        (3, "b; c", words),
        (5, "c", words),
    ]
    titles = [task.title for task in acme_board.all()]
    assert titles == ["First", "Third", "Fifth", "Sixth"]
    assert set(named()) == {"Bug", "a", "b"}
    assert kept.skipped == 2


def test_an_organization_full_of_labels_takes_known_ones(
    whole, label, named, monkeypatch
):
    label("Bug"), label("Odd")
    monkeypatch.setattr("tasks.imports.mapping.MOST", 1)
    kept = whole("Title,Labels\nFirst,Bug\nSecond,New\n")
    assert (kept.made, set(named())) == (1, {"Bug", "Odd"})


@pytest.mark.parametrize("lines", [1, 50])
def test_labels_that_are_there_take_one_statement(
    cast, label, django_assert_num_queries, lines
):
    for number in range(lines):
        label(f"Label {number}")
    drafts = [{"title": "x", "labels": [f"Label {n}"]} for n in range(lines)]
    with no_context(), tenant(cast.acme, cast.bob), django_assert_num_queries(1):
        found, made = marked(drafts, by=cast.bob)
    assert made == []
    assert [[one.name for one in draft["labels"]] for draft in found] == [
        draft["labels"] for draft in drafts
    ]


def test_what_has_no_labels_stays_as_it_is(cast):
    with no_context(), tenant(cast.acme, cast.bob):
        assert marked([{"title": "x"}], by=cast.bob) == ([{"title": "x"}], [])


def test_the_database_says_which_names_are_the_same(whole, acme_board, label, named):
    label("οδοσ")
    kept = whole("Title,Labels\nFirst,ΟΔΟΣ\nSecond,οδοσ\n")
    assert (kept.state, kept.made) == ("finished", 2)
    assert on(acme_board, acme_board.all()[1]) == ["οδοσ"]
    assert set(named()) <= {"οδοσ", "ΟΔΟΣ"}


@given(st.lists(NAMES.map(str.strip).filter(bool), max_size=6, unique=True))
def test_names_come_back_whatever_is_in_them(names):
    assert parted(unprefixed(safe(joined(names)))) == names


@given(st.text(max_size=80))
def test_any_cell_is_labels_or_refused(text):
    try:
        found = labels(text, Choices(make_unknown_labels=True))
    except NotUnderstood:
        found = []
    assert all(0 < len(name) <= 40 and name == name.strip() for name in found)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("a,b;c\nd", ["a", "b", "c", "d"]),
        (";; a ;,", ["a"]),
        ("a;a", ["a"]),
        (r"a\;b;c\,d", ["a;b", "c,d"]),
        (r"back\\slash;front\back", ["back\\slash", r"front\back"]),
        ("\\", ["\\"]),
        ("", []),
    ],
)
def test_names_stand_apart_by_what_is_not_escaped(cell, names):
    assert parted(cell) == names
