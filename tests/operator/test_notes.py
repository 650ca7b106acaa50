"""Notes of staff about people and organizations, which nobody else ever sees."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models import User
from organizations.audit.models import AuditEntry, PlatformEntry
from organizations.models import Organization
from organizations.notes.flows import add_note
from organizations.notes.models import LONGEST, StaffNote
from organizations.notes.statements import forget_notes
from organizations.personal.erasure import erase
from organizations.tenancy import as_user, no_context, tenant
from tests.conftest import make_user
from tests.operator.conftest import CONSOLE, SOME_ID, address
from tests.operator.test_rights import helper  # noqa: F401

pytestmark = CONSOLE

TEXT = "Called on Monday. <b>Wants</b> an invoice by post."
ABOUT = pytest.mark.parametrize("about", ["bob", "acme"])


def page_of(row, page="change"):
    return address(type(row), page, row.pk)


@pytest.fixture
def write(cast, look):
    """Write a note as Olga, past the pages."""

    def written(about, text=TEXT, **values):
        by = values.pop("by", cast.olga)
        return look(lambda: add_note(about=about, by=by, text=text, **values))

    return written


@pytest.fixture
def notes(look):
    return lambda: look(lambda: list(StaffNote.objects.in_order()))


def entries(look, action):
    return look(lambda: list(PlatformEntry.objects.filter(action=action)))


@ABOUT
def test_a_note_is_written_on_the_page_and_shown_there(
    as_olga, cast, look, notes, about
):
    row = getattr(cast, about)
    answer = as_olga.post(page_of(row, "notes"), {"text": TEXT, "pinned": "on"})
    assert (answer.status_code, answer["Location"]) == (302, page_of(row))
    page = as_olga.get(page_of(row)).text
    assert "Called on Monday. &lt;b&gt;Wants&lt;/b&gt; an invoice by post." in page
    assert "Pinned" in page
    [note] = notes()
    assert (note.written_by_id, note.pinned) == (cast.olga.pk, True)
    [entry] = entries(look, "staff_note.added")
    assert entry.after == {"about": str(row.pk), "pinned": True}
    assert (entry.target_label, entry.actor_type) == (str(row), "operator")


@ABOUT
def test_no_log_has_the_words_and_no_customers_log_the_note(
    as_olga, cast, look, notes, about
):
    row = getattr(cast, about)
    as_olga.post(page_of(row, "notes"), {"text": TEXT})
    [note] = notes()
    change = page_of(note)
    as_olga.post(change, {"text": "Calls on Tuesdays."})
    as_olga.post(page_of(note, "delete"), {"post": "yes"})
    told = look(
        lambda: list(PlatformEntry.objects.filter(action__startswith="staff_note."))
    )
    assert sorted(one.action for one in told) == [
        "staff_note.added",
        "staff_note.edited",
        "staff_note.removed",
    ]
    every = " ".join(f"{one.before} {one.after} {one.target_label}" for one in told)
    assert "Monday" not in every
    assert "Tuesday" not in every
    noted = AuditEntry.objects.filter(action__contains="note")
    assert not look(noted.exists)


def test_the_newest_is_first_and_pinned_ones_are_above(as_olga, cast, write):
    for text, pinned in (("first", False), ("second", True), ("third", False)):
        write(cast.bob, f"The {text} one", pinned=pinned)
    page = as_olga.get(page_of(cast.bob)).text
    places = [page.index(f"The {text} one") for text in ("second", "third", "first")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"text": ""}, "Write something first."),
        ({"text": "  \u200b "}, ""),
        ({"text": "x" * (LONGEST + 1)}, "at most 4000 characters"),
        ({"text": "kept words", "same_as": "nobody@example.com"}, "is known by that"),
        ({"text": "kept words", "same_as": "acme"}, "That is an organization"),
        ({"text": "kept words", "same_as": "bob@example.com"}, "the very same one"),
        ({"text": "kept words", "same_as": SOME_ID}, "is known by that"),
        ({"text": "a\0b"}, ""),
    ],
)
def test_a_note_that_cannot_be_kept_is_refused_with_a_sentence(
    as_olga, cast, notes, values, words
):
    answer = as_olga.post(page_of(cast.bob, "notes"), values)
    assert answer.status_code in (400, 422)
    assert words in answer.text
    assert values["text"][:10] != "kept words" or "kept words" in answer.text
    assert notes() == []


def test_an_organization_is_no_duplicate_of_a_person(as_olga, cast, notes):
    values = {"text": "Same", "same_as": "bob@example.com"}
    answer = as_olga.post(page_of(cast.acme, "notes"), values)
    assert answer.status_code == 422
    assert "That is a person, and this is an organization." in answer.text
    assert notes() == []


@pytest.mark.parametrize("words", ["ALICE@example.com", "other@example.com", "id"])
def test_a_duplicate_is_shown_on_both_pages(as_olga, cast, look, words):
    from allauth.account.models import EmailAddress

    make = EmailAddress.objects.create
    look(lambda: make(user=cast.alice, email="other@example.com", verified=False))
    words = str(cast.alice.pk) if words == "id" else words
    as_olga.post(page_of(cast.bob, "notes"), {"text": TEXT, "same_as": words})
    here = " ".join(as_olga.get(page_of(cast.bob)).text.split())
    there = " ".join(as_olga.get(page_of(cast.alice)).text.split())
    assert f'Duplicate of <a class="link" href="{page_of(cast.alice)}">' in here
    assert "noted as a duplicate of this:" in there
    assert page_of(cast.bob) in there


# cap 8
def test_merging_moves_the_notes_and_turns_the_pointer_round(
    as_olga, cast, look, write, notes
):
    write(cast.acme, "One", same_as=cast.globex)
    write(cast.acme, "Two")
    write(cast.globex, "Three")
    page = as_olga.get(page_of(cast.acme)).text
    assert page_of(cast.acme, "merge-notes") in page
    assert 'value="globex"' in as_olga.get(page_of(cast.acme, "merge-notes")).text
    answer = as_olga.post(page_of(cast.acme, "merge-notes"), {"into": "globex"})
    assert answer.status_code == 302
    moved = {note.text: (note.house_id, note.same_house_id) for note in notes()}
    assert moved == {
        "One": (cast.globex.pk, cast.acme.pk),
        "Two": (cast.globex.pk, None),
        "Three": (cast.globex.pk, None),
    }
    [entry] = entries(look, "staff_note.merged")
    assert entry.after == {
        "of": str(cast.acme.pk),
        "into": str(cast.globex.pk),
        "notes": 2,
    }
    assert "noted as a duplicate of this:" in as_olga.get(page_of(cast.acme)).text


@pytest.mark.parametrize(
    ("into", "words"),
    [
        ("", "Say whose notes they become."),
        ("alice@example.com", "There is no note to merge."),
        ("bob@example.com", "the very same one"),
        ("acme", "That is an organization"),
        ("nowhere", "is known by that"),
    ],
)
def test_what_cannot_be_merged_is_refused(as_olga, cast, look, into, words):
    answer = as_olga.post(page_of(cast.bob, "merge-notes"), {"into": into})
    assert answer.status_code == 422
    assert words in answer.text
    assert entries(look, "staff_note.merged") == []


RIGHTS = ("view_user", "change_user", "view_staffnote", "change_staffnote")


def test_only_the_author_and_superusers_mend_a_note(
    as_olga,
    helper,
    cast,
    look,
    write,
    notes,
):
    client = helper(*RIGHTS, "add_staffnote", "delete_staffnote")
    hugo = look(lambda: User.objects.get(email="hugo@example.com"))
    hers, his = write(cast.bob, "Hers"), write(cast.bob, "His", by=hugo)
    page = client.get(page_of(cast.bob)).text
    assert "Hers" in page
    assert page_of(hers) not in page
    assert page_of(his) in page
    assert client.post(page_of(hers), {"text": "Mine"}).status_code == 403
    assert client.post(page_of(hers, "delete"), {"post": "y"}).status_code == 403
    assert client.post(page_of(his), {"text": "His own"}).status_code == 302
    answer = as_olga.post(page_of(his), {"text": "Hers now"})
    assert answer["Location"] == page_of(cast.bob)
    assert client.post(page_of(his, "delete"), {"post": "y"}).status_code == 302
    [left] = notes()
    assert left.text == "Hers"
    assert entries(look, "staff_note.removed")[0].actor_id == hugo.pk


def test_a_mended_note_says_so_and_keeps_its_duplicate(as_olga, cast, write, look):
    note = write(cast.bob, same_as=cast.alice)
    values = {"text": "Shorter", "same_as": "alice@example.com", "pinned": "on"}
    assert 'value="alice@example.com"' in as_olga.get(page_of(note)).text
    as_olga.post(page_of(note), values)
    kept = look(lambda: StaffNote.objects.get(pk=note.pk))
    assert (kept.text, kept.same_person_id) == ("Shorter", cast.alice.pk)
    assert kept.edited_at is not None
    [entry] = entries(look, "staff_note.edited")
    assert entry.after == {"about": str(cast.bob.pk), "changed": ["text", "pinned"]}
    as_olga.post(page_of(note), values)
    assert len(entries(look, "staff_note.edited")) == 1
    refused = as_olga.post(page_of(note), values | {"same_as": "acme"})
    assert "That is an organization" in refused.text


def test_who_only_reads_sees_notes_and_writes_none(helper, cast, write, notes):
    note = write(cast.bob)
    client = helper("view_user", "view_staffnote")
    page = client.get(page_of(cast.bob)).text
    assert "Called on Monday." in page
    assert "Add note" not in page
    assert "Merge notes" not in page
    for name in ("notes", "merge-notes"):
        answer = client.post(page_of(cast.bob, name), {"text": "x", "into": "acme"})
        assert answer.status_code == 403
    assert client.post(page_of(note), {"text": "x"}).status_code == 403
    assert [one.text for one in notes()] == [TEXT]


def test_a_right_to_notes_opens_nobodys_page(helper, cast, write, notes):
    write(cast.bob)
    client = helper("view_user")
    assert "Called on Monday." not in client.get(page_of(cast.bob)).text
    other = helper_of(client, "add_staffnote", cast)
    assert other.post(page_of(cast.bob, "notes"), {"text": "x"}).status_code == 403
    assert len(notes()) == 1


def helper_of(client, code, cast):
    """Give the same member of staff one right instead of all others."""
    from django.contrib.auth.models import Group, Permission

    from organizations.tenancy import operator

    with no_context(), operator(cast.olga, reason="test"):
        [group] = Group.objects.filter(name="Help desk")
        group.permissions.set(Permission.objects.filter(codename=code))
    return client


@pytest.mark.parametrize("actor", ["as_alice", "as_bob", "as_nora"])
def test_customers_find_no_notes(request, cast, write, notes, actor):
    note = write(cast.bob)
    client = request.getfixturevalue(actor)
    for page in (page_of(note), page_of(cast.bob, "notes"), page_of(cast.bob)):
        assert client.get(page).status_code == 404
        assert client.post(page, {"text": "x"}).status_code == 404
    assert len(notes()) == 1


def test_the_runtime_role_cannot_read_a_note(cast, write):
    write(cast.acme)
    for entered in (lambda: tenant(cast.acme, cast.alice), lambda: as_user(cast.bob)):
        with (
            no_context(),
            entered(),
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT 1 FROM notes_staffnote")


def test_notes_go_with_the_account_they_name(as_olga, cast, write, notes):
    write(cast.nora, "Hers")
    write(cast.bob, "Twin of hers", same_as=cast.nora)
    write(cast.bob, "His")
    with no_context():
        erase(user=cast.nora, by=cast.nora)
    assert [note.text for note in notes()] == ["His"]
    answer = as_olga.post(page_of(cast.nora, "notes"), {"text": "Again"})
    assert answer.status_code == 422
    assert "The account was erased" in answer.text
    values = {"text": "Same", "same_as": str(cast.nora.pk)}
    refused = as_olga.post(page_of(cast.bob, "notes"), values)
    assert "That account was erased." in refused.text


def test_nobody_makes_the_database_forget_before(cast, write, notes):
    write(cast.bob)
    with no_context(), as_user(cast.bob):
        assert forget_notes() == 0
    assert len(notes()) == 1


def test_notes_go_with_the_organization_they_are_about(cast, write, notes):
    from organizations.models import DAYS_RESTORABLE
    from tests.organizations.test_purging import delete, purge

    write(cast.acme, "Acme's")
    kept = write(cast.globex, "Globex's", same_as=cast.acme)
    delete(cast.acme, cast.alice, DAYS_RESTORABLE + 1)
    purge()
    [note] = notes()
    assert (note.pk, note.same_house_id) == (kept.pk, None)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"person": "bob", "house": "acme"},
        {"person": "bob", "same_person": "bob"},
        {"person": "bob", "same_house": "acme"},
        {"house": "acme", "same_house": "acme"},
    ],
)
def test_the_database_keeps_a_note_to_one_subject(cast, look, values):
    rows = {name: getattr(cast, who) for name, who in values.items()}
    note = StaffNote(written_by=cast.olga, text="x", **rows)
    with pytest.raises(IntegrityError):
        look(note.save)


def test_all_notes_are_listed_and_found(as_olga, cast, write):
    write(cast.bob, "About an invoice")
    write(cast.acme, "About a refund")
    page = address(StaffNote, "changelist")
    assert "About an invoice" in as_olga.get(page).text
    for words, found in (("refund", 1), ("bob@", 1), ("acme", 1), ("nothing", 0)):
        listed = as_olga.get(page, {"q": words}).context["cl"].result_list
        assert len(listed) == found, words


def test_many_notes_ask_no_more_than_one(as_olga, cast, write):
    from tests.operator.test_pages import statements

    write(cast.acme, same_as=cast.globex)
    before = statements(as_olga, page_of(cast.acme))
    for number in range(5):
        write(
            cast.acme, f"Note {number}", by=make_user(f"staff{number}", is_staff=True)
        )
    assert statements(as_olga, page_of(cast.acme)) <= before
    assert Organization._meta.model_name in page_of(cast.acme)
