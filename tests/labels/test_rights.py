"""Who may do what to labels, what the pages say, and what changed meanwhile."""

import pytest

from organizations.models import CustomRole, Membership
from organizations.roles.flows import give_role
from organizations.tenancy import no_context, tenant
from tasks.labels.models import Colour, Label, TaskLabel
from tasks.labels.views import MOST
from tests.labels.test_labels import LABELS, entries, labels_of
from tests.tasks.conftest import Board
from tests.tasks.test_change import UNKNOWN

HTMX = {"HTTP_HX_REQUEST": "true"}
LEGAL = {"name": "Legal", "colour": "red"}


@pytest.fixture
def may(cast):
    """Let Bob do no more than some abilities allow."""

    def only(*abilities):
        with no_context(), tenant(cast.acme, cast.alice):
            role = CustomRole.objects.create(name="Own", abilities=sorted(abilities))
            member = Membership.objects.select_related("user").get(user=cast.bob)
            give_role(membership=member, role=role, by=cast.alice)

    return only


def found(cast):
    with no_context(), tenant(cast.acme):
        return list(Label.objects.order_by("name").values_list("name", "colour"))


@pytest.mark.parametrize("who", ["alice", "adam", "bob"])
def test_whoever_may_edit_tasks_makes_changes_and_deletes(who, cast, sign_in):
    client = sign_in(getattr(cast, who), cast.acme)
    client.post(f"{LABELS}new/", {"name": "Packaging", "colour": "green"})
    with no_context(), tenant(cast.acme):
        made = Label.objects.get()
    client.post(f"{LABELS}{made.pk}/edit/", LEGAL)
    assert found(cast) == [("Legal", "red")]
    page = client.post(f"{LABELS}{made.pk}/delete/", follow=True).text
    assert "Legal deleted" in page
    assert found(cast) == []
    verbs = ("created", "changed", "removed")
    [created, changed, removed] = [entries(cast, f"label.{v}")[0] for v in verbs]
    assert created.after == changed.before == {"name": "Packaging", "colour": "green"}
    assert changed.after == LEGAL
    assert (removed.before, removed.target_label) == ({"tasks": 0}, "Legal")
    actors = {one.actor_id for one in (created, changed, removed)}
    assert actors == {getattr(cast, who).pk}


def test_a_role_that_only_looks_sees_the_list_and_no_form(as_bob, cast, label, may):
    made = label("Packaging")
    may("tasks.view")
    page = as_bob.get(LABELS).text
    assert "Packaging" in page
    assert f"{made.pk}/edit/" not in page
    for path in ("new/", f"{made.pk}/edit/", f"{made.pk}/delete/"):
        for refused in (as_bob.get(LABELS + path), as_bob.post(LABELS + path, LEGAL)):
            assert refused.status_code == 403
            assert "may change tasks: Owner, Admin, Member" in refused.text
    assert found(cast) == [("Packaging", "blue")]


def test_a_role_that_sees_no_tasks_sees_no_labels(as_bob, label, may):
    label("Packaging")
    may("members.view")
    refused = as_bob.get(LABELS)
    assert refused.status_code == 403
    assert "may see tasks" in refused.text
    assert "Packaging" not in refused.text


def test_who_is_not_signed_in_is_asked_to(client, label):
    made = label("Packaging")
    for path in ("", "new/", f"{made.pk}/edit/", f"{made.pk}/delete/"):
        answer = client.get(LABELS + path)
        assert answer["Location"] == f"/accounts/login/?next={LABELS}{path}"


@pytest.mark.parametrize("how", [{}, HTMX])
def test_a_form_opened_in_another_organization_changes_nothing(
    as_bob, cast, label, how
):
    made = label("Packaging")
    sent = LEGAL | {"organization": str(cast.globex.pk)}
    for path in ("new/", f"{made.pk}/edit/", f"{made.pk}/delete/"):
        assert as_bob.post(LABELS + path, sent, **how).status_code == 409
    assert found(cast) == [("Packaging", "blue")]


def test_the_list_is_read_only(as_alice, label):
    label("Packaging")
    assert as_alice.post(LABELS, LEGAL).status_code == 405
    assert as_alice.delete(LABELS).status_code == 405


def test_without_labels_the_page_says_what_they_are_for(as_bob, label):
    page = as_bob.get(LABELS).text
    assert "No labels yet" in page
    assert "A label is a word by which you find tasks again" in page
    label("Packaging")
    assert "No labels yet" not in as_bob.get(LABELS).text


@pytest.mark.parametrize(
    ("count", "words", "warning"),
    [
        (0, "On 0 tasks", "comes off 0 tasks, which stay."),
        (1, "On 1 task", "comes off 1 task, which stays."),
        (2, "On 2 tasks", "comes off 2 tasks, which stay."),
    ],
)
def test_the_pages_say_how_many_tasks_have_it(
    as_bob, cast, label, board, count, words, warning
):
    made = label("Packaging")
    if count:
        board.add_many(count, labels=[made])
    assert words in " ".join(as_bob.get(LABELS).text.split())
    assert warning in as_bob.get(f"{LABELS}{made.pk}/delete/").text
    as_bob.post(f"{LABELS}{made.pk}/delete/")
    [entry] = entries(cast, "label.removed")
    assert entry.before == {"tasks": count}
    assert len(board.all()) == count


def test_labels_stand_in_the_order_of_their_names(as_vera, label):
    for name in ("Legal", "Box", "Tax"):
        label(name)
    page = as_vera.get(LABELS).text
    places = [page.index(f"</span>{name}</a>") for name in ("Box", "Legal", "Tax")]
    assert places == sorted(places)


@pytest.mark.parametrize("more", [0, 1])
def test_a_page_shows_so_many_labels_and_no_more(as_vera, cast, more):
    with no_context(), tenant(cast.acme):
        Label.objects.bulk_create(
            Label(name=f"Label {number:03}") for number in range(MOST + more)
        )
    page = as_vera.get(LABELS).text
    assert page.count('class="tag"') == MOST
    assert f"Label {MOST - 1:03}" in page
    assert f"Label {MOST:03}" not in page


@pytest.mark.parametrize("colour", Colour.values)
def test_every_colour_can_be_chosen_and_is_shown(as_bob, cast, colour):
    assert f'value="{colour}"' in as_bob.get(f"{LABELS}new/").text
    as_bob.post(f"{LABELS}new/", {"name": "Packaging", "colour": colour})
    assert found(cast) == [("Packaging", colour)]
    assert f'<span class="dot {colour}"></span>Packaging' in as_bob.get(LABELS).text


def test_the_form_shows_what_stands(as_bob, label):
    made = label('A "B" <c>', "violet")
    page = as_bob.get(f"{LABELS}{made.pk}/edit/").text
    assert 'value="A &quot;B&quot; &lt;c&gt;"' in page
    assert "<c>" not in page
    assert f"{LABELS}{made.pk}/delete/" in page


def test_saving_what_stands_says_and_records_nothing(as_bob, cast, label):
    made = label("Legal", "red")
    answer = as_bob.post(f"{LABELS}{made.pk}/edit/", LEGAL, follow=True)
    assert answer.status_code == 200
    assert "Saved" not in answer.text
    assert entries(cast, "label.changed") == []


def test_a_deleted_label_is_a_missing_one(as_bob, cast, label):
    made = label("Packaging")
    as_bob.post(f"{LABELS}{made.pk}/delete/")
    for path in (f"{made.pk}/edit/", f"{made.pk}/delete/"):
        assert as_bob.get(LABELS + path).status_code == 404
        assert as_bob.post(LABELS + path, LEGAL).status_code == 404
    assert len(entries(cast, "label.removed")) == 1
    assert label("Packaging").pk != made.pk


def test_a_removal_that_comes_second_is_none(cast, label, board):
    made = label("Packaging")
    board.add("Box", labels=[made])
    with no_context(), board.inside():
        late = Label.objects.get(pk=made.pk)
        assert made.remove(by=cast.alice) == 1
        assert late.remove(by=cast.bob) == 0
    [entry] = entries(cast, "label.removed")
    assert (entry.actor_id, entry.before) == (cast.alice.pk, {"tasks": 1})


def test_removing_one_label_leaves_the_others_on_their_tasks(as_bob, label, board):
    packaging, legal = label("Packaging"), label("Legal")
    task = board.add("Box", labels=[packaging, legal])
    as_bob.post(f"{LABELS}{packaging.pk}/delete/")
    assert labels_of(board, task) == ["Legal"]
    assert "Packaging" not in as_bob.get(f"/tasks/{task.pk}/").text.split("timeline")[0]


def test_a_new_name_is_on_every_task_and_no_news_of_it(as_bob, label, board):
    made = label("Packaging")
    task = board.add("Box", labels=[made])
    as_bob.post(f"{LABELS}{made.pk}/edit/", LEGAL)
    assert labels_of(board, task) == ["Legal"]
    assert [one.action for one in board.history(task)] == ["task.created"]
    assert "Legal" in as_bob.get("/tasks/").text


def test_what_a_foreign_label_answers_is_what_a_missing_one_does(
    as_bob, cast, label, globex_board
):
    foreign = label("Secret", home="globex")
    same = {"headers": {"X-Request-ID": "the-same-request"}}
    for verb in ("edit/", "delete/"):
        pages = {
            as_bob.post(f"{LABELS}{pk}/{verb}", LEGAL, **same).content
            for pk in (foreign.pk, UNKNOWN)
        }
        assert len(pages) == 1
    with no_context(), globex_board.inside():
        assert Label.objects.get().name == "Secret"
    assert entries(cast, "label.removed") == []


def test_a_label_of_globex_counts_its_own_tasks_only(
    as_charlie, cast, label, board, globex_board
):
    board.add_many(3, labels=[label("Same")])
    globex_board.add("Theirs", labels=[label("Same", home="globex")])
    assert "On 1 task" in as_charlie.get(LABELS).text
    with no_context(), globex_board.inside():
        assert TaskLabel.objects.count() == 1


@pytest.fixture
def globex_board(cast):
    return Board(cast.globex, cast.charlie)
