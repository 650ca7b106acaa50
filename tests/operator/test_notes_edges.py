"""Notes and mails of staff in odd words, odd hands and other languages."""

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from organizations.audit.models import PlatformEntry
from organizations.notes.models import LONGEST, StaffNote
from organizations.tenancy import identity, no_context
from tests.operator.conftest import CONSOLE, SOME_ID, address
from tests.operator.test_notes import notes as notes
from tests.operator.test_notes import page_of
from tests.operator.test_notes import write as write
from tests.operator.test_rights import helper as helper
from tests.personal.conftest import bob as bob
from tests.personal.conftest import copy_of as copy_of
from tests.personal.test_export import EXPECTED

pytestmark = CONSOLE

ODD = st.one_of(
    st.text(max_size=40), st.sampled_from(["\0", "x" * 9000, SOME_ID, "acme", "@"])
)


@pytest.mark.parametrize("page", ["notes", "merge-notes", "mail-password"])
@given(
    values=st.dictionaries(
        st.sampled_from(["same_as", "pinned", "into", "about", "house"]), ODD
    )
)
def test_any_values_get_an_answer(as_olga, cast, page, values):
    assert as_olga.post(page_of(cast.bob, page), values).status_code in (400, 422)


@pytest.mark.parametrize(
    "text",
    [
        "x" * LONGEST,
        "Ünï çødé 漢字 עברית 🐙",
        "one\n\ntwo\nthree",
        "<script>alert(1)</script>",
        "{{ request.user.password }} {% now 'Y' %}",
        "a" * 300,
    ],
)
def test_a_note_is_shown_as_it_was_typed(as_olga, cast, notes, text):
    assert as_olga.post(page_of(cast.acme, "notes"), {"text": text}).status_code == 302
    [note] = notes()
    assert note.text.splitlines() == text.splitlines()
    page = as_olga.get(page_of(cast.acme)).text
    assert "<script>alert" not in page
    assert "{{ request" not in text or "{{ request.user.password }}" in page


@pytest.mark.parametrize("page", ["notes", "merge-notes", "mail-confirmation"])
def test_a_page_about_nobody_is_missing(as_olga, page):
    missing = address(User, page, SOME_ID)
    assert as_olga.get(missing).status_code == 404
    assert as_olga.post(missing, {"text": "x"}).status_code == 404


def test_a_note_that_is_not_there_cannot_be_mended_or_deleted(as_olga, notes):
    for page in ("change", "delete", "history"):
        answer = as_olga.post(address(StaffNote, page, SOME_ID), {"post": "yes"})
        assert answer.status_code in (302, 403, 404, 405), page
    assert notes() == []


def test_notes_are_not_made_in_the_list(as_olga, notes):
    assert as_olga.get(address(StaffNote, "add")).status_code == 403
    assert as_olga.post(address(StaffNote, "add"), {"text": "x"}).status_code == 403
    assert notes() == []


def test_saving_and_staying_stays(as_olga, cast, write):
    note = write(cast.bob)
    values = {"text": "New", "_continue": "1"}
    assert as_olga.post(page_of(note), values)["Location"] == page_of(note)


def test_a_note_has_its_own_history_without_its_words(as_olga, cast, write):
    note = write(cast.bob, "Hush")
    as_olga.post(page_of(note), {"text": "Hush, hush"})
    page = as_olga.get(page_of(note, "history")).text
    assert "staff_note.edited" in page
    assert "Hush" not in page


def test_an_emptied_note_stays_what_it_was(as_olga, cast, write, notes):
    note = write(cast.bob, "Kept")
    answer = as_olga.post(page_of(note), {"text": " "})
    assert "Write something first." in answer.text
    assert [one.text for one in notes()] == ["Kept"]


def test_a_pointer_is_taken_back_by_emptying_it(as_olga, cast, write, notes):
    note = write(cast.bob, same_as=cast.alice)
    as_olga.post(page_of(note), {"text": "Not the same", "same_as": ""})
    [kept] = notes()
    assert kept.same_person_id is None
    assert "noted as a duplicate" not in as_olga.get(page_of(cast.alice)).text


def test_merging_there_and_back_keeps_every_note(as_olga, cast, write, notes):
    write(cast.bob, "One", same_as=cast.alice)
    write(cast.alice, "Two")
    for of, into in ((cast.bob, cast.alice), (cast.alice, cast.bob)):
        answer = as_olga.post(page_of(of, "merge-notes"), {"into": str(into.pk)})
        assert answer.status_code == 302
    kept = {note.text: (note.person_id, note.same_person_id) for note in notes()}
    assert kept == {
        "One": (cast.bob.pk, cast.alice.pk),
        "Two": (cast.bob.pk, None),
    }


def test_merging_twice_is_merging_once(as_olga, cast, write, look):
    write(cast.bob)
    where, values = page_of(cast.bob, "merge-notes"), {"into": "alice@example.com"}
    assert as_olga.post(where, values).status_code == 302
    again = as_olga.post(where, values)
    assert (again.status_code, "no note to merge" in again.text) == (422, True)
    assert look(PlatformEntry.objects.filter(action="staff_note.merged").count) == 1


def test_who_writes_but_does_not_change_merges_nothing(helper, cast, write, notes):
    write(cast.bob)
    client = helper("view_user", "view_staffnote", "add_staffnote")
    page = client.get(page_of(cast.bob)).text
    assert "Add note" in page
    assert page_of(cast.bob, "merge-notes") not in page
    values = {"into": "alice@example.com"}
    answer = client.post(page_of(cast.bob, "merge-notes"), values)
    assert answer.status_code == 403
    assert [note.person_id for note in notes()] == [cast.bob.pk]


def test_no_copy_of_a_persons_data_has_notes(bob, cast, write, copy_of):
    write(cast.bob, "Hush-hush")
    copy = copy_of(bob)
    assert set(copy.namelist()) == EXPECTED
    assert b"Hush-hush" not in b"".join(copy.read(name) for name in copy.namelist())


@pytest.mark.parametrize(
    ("name", "subject", "words"),
    [
        ("mail-confirmation", "Bestätigen Sie Ihre Adresse", "Melden Sie sich als"),
        ("mail-password", "Neues Passwort für Insula", "Geben Sie auf der Seite"),
    ],
)
def test_mails_are_in_the_persons_language(
    as_olga, cast, run_jobs, name, subject, words
):
    with no_context(), identity():
        rows = User.objects.filter(pk=cast.bob.pk)
        rows.update(language="de", email_verified=False)
    as_olga.post(page_of(cast.bob, name), {"reason": "Asked for it"})
    assert run_jobs() == ["succeeded"]
    [sent] = mail.outbox
    assert subject in sent.subject
    assert words in sent.body
    assert "Asked for it" not in sent.body
    [(page, kind)] = sent.alternatives
    assert kind == "text/html"
    assert words in page
