"""Files at the edges: roles, names, limits, and what changed meanwhile."""

import unicodedata

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from organizations.limits.words import size_words
from organizations.models import CustomRole, Membership
from organizations.roles.flows import give_role
from organizations.tenancy import no_context, tenant
from tasks.attachments import flows
from tasks.attachments.kinds import (
    INVISIBLE,
    LONGEST_NAME,
    clean_name,
    content_type_of,
    thumbnail_of,
)
from tasks.attachments.models import Attachment
from tests.attachments.conftest import HTMX, Folder, address, upload, uploads
from tests.attachments.test_room import allow
from tests.pictures.conftest import picture


@pytest.fixture
def may(cast):
    """Let Bob do no more than some abilities allow."""

    def only(*abilities):
        with no_context(), tenant(cast.acme, cast.alice):
            role = CustomRole.objects.create(name="Own", abilities=sorted(abilities))
            member = Membership.objects.select_related("user").get(user=cast.bob)
            give_role(membership=member, role=role, by=cast.alice)

    return only


def facts(file):
    return {"attachment": str(file.pk), "name": file.name, "size": file.size}


@pytest.mark.parametrize("who", ["alice", "adam", "bob"])
def test_whoever_may_edit_tasks_attaches_removes_and_restores(
    who, cast, sign_in, folder
):
    client = sign_in(getattr(cast, who), cast.acme)
    assert client.post(folder.new, uploads()).status_code == 302
    [file] = folder.all()
    for verb in ("delete/", "restore/"):
        answer = client.post(address(file, verb))
        assert answer["Location"] == f"{folder.page}#files"
    entries = folder.board.history(folder.task)[1:]
    assert [one.after for one in entries] == [facts(file)] * 3
    assert {one.actor_id for one in entries} == {getattr(cast, who).pk}
    assert [one.before for one in entries] == [{}] * 3


def test_a_colleague_removes_what_somebody_else_attached(as_bob, cast, folder):
    file = folder.add()
    assert file.uploaded_by_id == cast.alice.pk
    assert as_bob.post(address(file, "delete/")).status_code == 302
    [entry] = folder.board.history(folder.task, "attachment.removed")
    assert (entry.actor_id, entry.actor_label) == (cast.bob.pk, "Bob Example")
    assert folder.names() == []


def test_a_role_that_only_looks_fetches_files_and_changes_none(as_bob, folder, may):
    file = folder.add()
    may("tasks.view")
    assert as_bob.get(address(file)).content == b"Dig here."
    page = as_bob.get(folder.page).text
    assert "plan.txt" in page
    assert address(file, "delete/") not in page
    for path in (folder.new, address(file, "delete/"), address(file, "restore/")):
        refused = as_bob.post(path, uploads())
        assert refused.status_code == 403
        assert "may change tasks: Owner, Admin, Member" in refused.text
    assert as_bob.get(folder.new).status_code == 403
    assert folder.actions() == ["attachment.added"]


def test_a_role_that_sees_no_tasks_fetches_nothing(as_bob, folder, may):
    file = folder.add("step.png", picture())
    may("members.view")
    for verb in ("", "small/"):
        refused = as_bob.get(address(file, verb))
        assert refused.status_code == 403
        assert "may see tasks" in refused.text
        assert refused["Content-Type"].startswith("text/html")


def test_who_is_not_signed_in_is_asked_to(client, folder):
    file = folder.add()
    for verb in ("", "small/"):
        answer = client.get(address(file, verb))
        assert answer.status_code == 302
        assert answer["Location"] == f"/accounts/login/?next={address(file, verb)}"
    assert client.post(folder.new, uploads())["Location"].startswith("/accounts/login/")
    assert folder.names() == ["plan.txt"]


def test_who_belongs_nowhere_gets_no_file(as_nora, folder):
    file = folder.add()
    answer = as_nora.get(address(file))
    assert answer.status_code == 302
    assert answer["Location"] == "/organizations/"


@pytest.mark.parametrize("how", [{}, HTMX])
def test_a_form_opened_in_another_organization_keeps_nothing(as_bob, cast, folder, how):
    sent = uploads() | {"organization": str(cast.globex.pk)}
    answer = as_bob.post(folder.new, sent, **how)
    assert answer.status_code == 409
    assert (folder.names(), folder.stored(), folder.actions()) == ([], [], [])


@pytest.mark.parametrize(
    ("method", "verb"),
    [("post", ""), ("post", "small/"), ("get", "delete/"), ("get", "restore/")],
)
def test_a_link_changes_nothing_and_a_form_fetches_nothing(
    as_alice, folder, method, verb
):
    file = folder.add()
    assert getattr(as_alice, method)(address(file, verb)).status_code == 405
    assert folder.actions() == ["attachment.added"]


def test_a_task_without_files_says_so_to_whoever_adds_none(as_vera, as_bob, folder):
    assert "No files" in as_vera.get(folder.page).text
    page = as_bob.get(folder.page).text
    assert "No files" not in page
    assert "Several at once, up to 10 MB each." in page
    folder.add()
    assert "No files" not in as_vera.get(folder.page).text


def test_the_part_of_the_page_is_fetched_alone(as_bob, folder):
    folder.add("1.txt")
    part = as_bob.get(folder.new, **HTMX)
    assert part.status_code == 200
    assert part.text.strip().startswith('<section class="stack tight" id="files"')
    assert "1.txt" in part.text
    assert "<html" not in part.text


@pytest.mark.parametrize("count", [1, 50])
def test_files_cost_no_statement_each(
    as_bob, folder, settings, count, django_assert_max_num_queries
):
    settings.ATTACHMENTS_MOST = 50
    sent = [upload(f"{number:02}.txt") for number in range(count)]
    as_bob.get(folder.new)
    with (
        no_context(),
        folder.board.inside(),
        django_assert_max_num_queries(16),
    ):
        flows.attach(task=folder.task, by=folder.board.owner, uploads=sent)
    with django_assert_max_num_queries(6):
        page = as_bob.get(folder.new, **HTMX).text
    assert page.count("download>") == count
    assert len(folder.actions()) == count


def test_files_stand_in_the_order_they_came(as_bob, folder):
    for name in ("b.txt", "a.txt", "c.txt"):
        folder.add(name)
    page = as_bob.get(folder.new, **HTMX).text
    places = [page.index(f">{name}</a>") for name in ("b.txt", "a.txt", "c.txt")]
    assert places == sorted(places)


@pytest.mark.parametrize(("size", "status"), [(9, 302), (10, 302), (11, 422)])
def test_the_largest_file_is_exactly_as_large_as_it_may_be(
    as_bob, folder, settings, size, status
):
    settings.ATTACHMENT_MAX_BYTES = 10
    sent = uploads(upload("big %(name)s.bin", b"x" * size))
    answer = as_bob.post(folder.new, sent)
    assert answer.status_code == status
    kept = size if status == 302 else 0
    assert (folder.used(), len(folder.stored())) == (kept, int(status == 302))
    if status == 422:
        words = "big %(name)s.bin is larger than 10 bytes. Choose a smaller file."
        assert words in answer.text


@pytest.mark.parametrize("limit", [0, 8])
def test_without_room_the_refusal_says_how_much_is_left(as_bob, cast, folder, limit):
    allow(cast.acme, limit)
    answer = as_bob.post(folder.new, uploads(), **HTMX)
    assert answer.status_code == 422
    left = size_words(limit)
    words = f"There is no room for this file: {left} of {left} are left."
    assert words in answer.text
    assert (folder.names(), folder.stored(), folder.used()) == ([], [], 0)
    assert folder.actions() == []


def test_what_is_in_the_trash_still_takes_room(as_bob, cast, folder):
    allow(cast.acme, 10)
    file = folder.add("1.txt")
    as_bob.post(address(file, "delete/"))
    assert folder.used() == 9
    assert as_bob.post(folder.new, uploads(upload("2.txt"))).status_code == 422
    assert as_bob.post(address(file, "restore/")).status_code == 302
    assert (folder.names(), folder.used()) == (["1.txt"], 9)


def test_bringing_back_what_is_back_is_no_refusal_on_a_full_task(
    as_bob, folder, settings
):
    settings.ATTACHMENTS_MOST = 1
    file = folder.add()
    as_bob.post(address(file, "delete/"))
    for said in (True, False):
        answer = as_bob.post(address(file, "restore/"), follow=True)
        assert ("plan.txt is back" in answer.text) is said
        assert "as many files as it can have" not in answer.text
    kinds = ["added", "removed", "restored"]
    assert folder.actions() == [f"attachment.{kind}" for kind in kinds]


def test_each_task_has_its_own_number_of_files(as_bob, folder, settings):
    settings.ATTACHMENTS_MOST = 1
    other = Folder(folder.board, folder.board.add("Another"))
    folder.add("1.txt")
    assert as_bob.post(other.new, uploads(upload("2.txt"))).status_code == 302
    assert folder.names() == ["1.txt", "2.txt"]
    assert "1.txt" not in as_bob.get(other.page).text


def test_a_file_of_the_same_name_is_another_file(as_bob, folder):
    first, second = folder.add("plan.txt", b"one"), folder.add("plan.txt", b"two")
    assert first.path != second.path
    assert as_bob.get(address(first)).content == b"one"
    as_bob.post(address(first, "delete/"))
    assert as_bob.get(address(second)).content == b"two"


def test_no_files_at_all_write_nothing(folder):
    with no_context(), folder.board.inside():
        none = flows.attach(task=folder.task, by=folder.board.owner, uploads=[])
    assert none == []
    assert (folder.actions(), folder.used()) == ([], 0)


def test_a_file_of_a_task_that_went_meanwhile_is_not_kept(folder):
    with no_context(), folder.board.inside():
        type(folder.task).with_trash.filter(pk=folder.task.pk).delete()
        with pytest.raises(type(folder.task).DoesNotExist):
            flows.attach(
                task=folder.task, by=folder.board.owner, uploads=[upload("late.txt")]
            )
    assert (folder.names(), folder.stored(), folder.used()) == ([], [], 0)


def test_a_removal_that_is_not_kept_leaves_the_file(folder, run_jobs):
    file = folder.add()
    with no_context(), folder.board.inside(), transaction.atomic():
        assert flows.remove_attachment(attachment=file, by=folder.board.owner)
        transaction.set_rollback(True)
    assert folder.names() == ["plan.txt"]
    assert folder.actions() == ["attachment.added"]
    assert run_jobs() == []


def test_a_removed_picture_is_shown_no_more_and_stays_stored(as_bob, folder):
    file = folder.add("step.png", picture())
    as_bob.post(address(file, "delete/"))
    assert as_bob.get(address(file, "small/")).status_code == 404
    assert f'href="{address(file)}"' not in as_bob.get(folder.page).text
    assert default_storage.exists(file.thumbnail_path)
    as_bob.post(address(file, "restore/"))
    assert as_bob.get(address(file, "small/")).status_code == 200


def test_the_undo_says_the_name_whatever_its_letters(as_bob, folder):
    file = folder.add('Zoë "漢字" %(name)s\u2028.txt')
    answer = as_bob.post(address(file, "delete/"), **HTMX)
    assert answer["HX-Trigger"].isascii()
    assert "\\u6f22\\u5b57" in answer["HX-Trigger"]
    page = as_bob.post(address(file, "restore/"), follow=True).text
    assert "Zoë &quot;漢字&quot; %(name)s.txt is back" in page


@pytest.mark.parametrize("name", [".", "..", "...", " . ", "\u200b\u202e", "a/", "\0"])
def test_a_file_without_a_name_that_shows_is_called_something(folder, name):
    sent = SimpleUploadedFile("x", b"1")
    sent._name = name
    with no_context(), folder.board.inside():
        flows.attach(task=folder.task, by=folder.board.owner, uploads=[sent])
    assert folder.names() == ["file"]


@given(name=st.text(max_size=300))
def test_every_name_ends_as_one_line_that_can_be_shown(name):
    shown = clean_name(name)
    assert 1 <= len(shown) <= LONGEST_NAME
    assert not {unicodedata.category(one) for one in shown} & INVISIBLE
    assert not set(shown) & set("/\\")
    assert shown.strip(".")


@given(
    stem=st.text("abc 漢😀", max_size=260),
    ending=st.sampled_from([".txt", ".tar", ".jpeg", ".文"]),
)
def test_however_long_a_name_is_its_ending_stays(stem, ending):
    assert clean_name(f"x{stem}{ending}").endswith(ending)


@given(data=st.binary(max_size=200), ending=st.sampled_from(["png", "html", "svg"]))
def test_bytes_that_are_no_picture_are_never_served_as_something_that_runs(
    data, ending
):
    kind = content_type_of(f"a.{ending}", data)
    assert kind == "application/octet-stream" or kind.startswith("image/")
    assert "svg" not in kind
    assert thumbnail_of("text/html", data) == b""


@pytest.mark.parametrize("cut", [1, 20, 60])
def test_a_picture_that_breaks_off_is_kept_and_not_drawn(as_bob, folder, cut):
    whole = picture("PNG")
    broken = whole[:cut] + whole[-8:]
    assert as_bob.post(folder.new, uploads(upload("a.png", broken))).status_code == 302
    [file] = folder.all()
    assert (file.is_picture, file.thumbnail_path) == (False, "")
    assert (folder.used(), len(folder.stored())) == (len(broken), 1)
    assert as_bob.get(address(file)).content == broken


def test_files_of_globex_are_counted_and_stored_apart(as_charlie, globex_board, folder):
    theirs = Folder(globex_board, globex_board.add("Theirs"))
    folder.add("ours.txt", b"1234")
    assert as_charlie.post(theirs.new, uploads()).status_code == 302
    assert (folder.used(), theirs.used()) == (4, 9)
    assert (folder.names(), theirs.names()) == (["ours.txt"], ["plan.txt"])
    assert folder.place != theirs.place
    assert len(folder.stored()) == len(theirs.stored()) == 1
    with no_context(), tenant(globex_board.organization):
        assert Attachment.objects.get().path.startswith(theirs.place)


@pytest.mark.parametrize("count", [26, 120])
def test_more_files_than_a_task_has_are_refused_in_a_sentence(as_bob, folder, count):
    answer = as_bob.post(folder.new, uploads(*(upload() for _each in range(count))))
    assert answer.status_code == 422
    assert f"These are {count} files; a task has 25 at most." in answer.text
    assert folder.all() == []


def test_files_beyond_all_counting_are_too_much(as_bob, folder, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 3
    answer = as_bob.post(folder.new, uploads(*(upload() for _each in range(4))))
    assert answer.status_code == 413
    assert "Send it in parts." in answer.text
    assert folder.all() == []
