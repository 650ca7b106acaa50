"""Saying something about a task, mending it, taking it back."""

import re
import uuid

import pytest

from organizations.models import CustomRole, Membership
from organizations.roles.flows import give_role
from organizations.tenancy import no_context
from tasks.comments.models import MOST_CHARACTERS
from tests.comments.conftest import HTMX

UNKNOWN = "019aa000-0000-7000-8000-000000000000"


def test_a_comment_is_written_counted_and_recorded(as_bob, cast, talk):
    answer = as_bob.post(talk.new, {"body": "Eleven so far."})
    [comment] = talk.all()
    assert answer.status_code == 302
    assert answer["Location"] == f"{talk.page}#comment-{comment.pk}"
    assert (comment.body, comment.author_id) == ("Eleven so far.", cast.bob.pk)
    assert talk.count() == 1
    [entry] = talk.board.history(talk.task, "comment.written")
    assert entry.after == {"comment": str(comment.pk)}
    assert entry.actor_id == cast.bob.pk


def test_the_page_shows_it_as_markup_with_its_author(as_vera, cast, talk):
    talk.say("It is **late**. <script>x</script>", by=cast.bob)
    page = as_vera.get(talk.page).text
    assert "<strong>late</strong>" in page
    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert "Bob Example" in page
    assert "comment.written" not in page


def test_with_htmx_it_is_put_at_the_end_and_the_form_is_empty(as_bob, talk):
    sent_as = str(uuid.uuid4())
    body = {"body": "Fix is in review.", "sent_as": sent_as}
    answer = as_bob.post(talk.new, body, **HTMX)
    assert answer.status_code == 200
    assert 'hx-swap-oob="beforeend:#timeline"' in answer.text
    assert "Fix is in review." in answer.text.split("</form>", 1)[1]
    assert "Fix is in review." not in answer.text.split("</form>", 1)[0]
    assert sent_as not in answer.text
    assert "<html" not in answer.text


@pytest.mark.parametrize("how", [{}, HTMX])
def test_the_same_form_sent_twice_is_one_comment(as_bob, talk, how):
    body = {"body": "Once.", "sent_as": str(uuid.uuid4())}
    as_bob.post(talk.new, body, **how)
    again = as_bob.post(talk.new, body, **how)
    assert again.status_code == (200 if how else 302)
    assert talk.bodies() == ["Once."]
    assert talk.count() == 1
    assert talk.actions() == ["comment.written"]
    assert again.has_header("HX-Refresh") is bool(how)


def test_two_people_may_hold_the_same_form(as_bob, as_alice, talk):
    body = {"body": "Me too.", "sent_as": str(uuid.uuid4())}
    as_bob.post(talk.new, body)
    as_alice.post(talk.new, body)
    assert talk.bodies() == ["Me too.", "Me too."]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "Write something first."),
        ("  \n ", "Write something first."),
        ("x" * (MOST_CHARACTERS + 1), "at most 20000 characters"),
        ("a\0b", "Null characters are not allowed."),
    ],
)
@pytest.mark.parametrize("how", [{}, HTMX])
def test_what_cannot_be_a_comment_is_refused_beside_the_field(
    as_bob, talk, body, words, how
):
    answer = as_bob.post(talk.new, {"body": body}, **how)
    assert answer.status_code == 422
    assert words in answer.text
    assert body.strip()[:50].replace("\0", "") in answer.text.replace("\0", "")
    assert (talk.all(), talk.count(), talk.actions()) == ([], 0, [])


def test_a_form_whose_mark_is_mangled_is_refused(as_bob, talk):
    answer = as_bob.post(talk.new, {"body": "Hello", "sent_as": "x"})
    assert answer.status_code == 422
    assert talk.all() == []


def test_the_form_has_a_page_of_its_own(as_bob, talk):
    page = as_bob.get(talk.new)
    assert page.status_code == 200
    assert 'name="sent_as"' in page.text
    assert "Comment on ACME-1" in page.text


def test_viewers_read_and_do_not_write(as_vera, talk, where):
    comment = talk.say("Only for reading.")
    page = as_vera.get(talk.page).text
    assert "Only for reading." in page
    for control in ("composer", "/edit/", "/delete/"):
        assert control not in page
    assert as_vera.post(talk.new, {"body": "x"}).status_code == 403
    for verb in ("edit/", "delete/", "restore/"):
        assert as_vera.post(where(comment, verb)).status_code == 403
    assert talk.bodies() == ["Only for reading."]


def test_its_author_edits_it_and_both_texts_are_recorded(as_bob, cast, talk, where):
    comment = talk.say("Ten.", by=cast.bob)
    assert "Ten." in as_bob.get(where(comment, "edit/")).text
    answer = as_bob.post(where(comment, "edit/"), {"body": "Eleven."})
    now = talk.now(comment)
    assert answer["Location"] == f"{talk.page}#comment-{comment.pk}"
    assert now.body == "Eleven."
    assert now.edited_at is not None
    [entry] = talk.board.history(talk.task, "comment.edited")
    assert entry.before == {"text": "Ten."}
    assert entry.after == {"comment": str(comment.pk), "text": "Eleven."}
    page = as_bob.get(talk.page).text
    assert "edited a comment" in page
    assert "Eleven." in page


def test_an_edit_in_place_answers_with_the_form_then_the_comment(
    as_bob, cast, talk, where
):
    comment = talk.say("Ten.", by=cast.bob)
    form = as_bob.get(where(comment, "edit/"), **HTMX).text
    assert "<html" not in form
    assert f'id="comment-{comment.pk}"' in form
    shown = as_bob.post(where(comment, "edit/"), {"body": "Eleven."}, **HTMX).text
    assert "<p>Eleven.</p>" in shown
    back = as_bob.get(where(comment), **HTMX).text
    assert "<p>Eleven.</p>" in back
    assert "<html" not in back


def test_the_address_of_a_comment_leads_to_its_place(as_vera, talk, where):
    comment = talk.say("Here.")
    answer = as_vera.get(where(comment))
    assert answer["Location"] == f"{talk.page}#comment-{comment.pk}"


def test_the_same_words_again_change_nothing(as_bob, cast, talk, where):
    comment = talk.say("Ten.", by=cast.bob)
    as_bob.post(where(comment, "edit/"), {"body": "Ten."})
    assert talk.now(comment).edited_at is None
    assert talk.actions() == ["comment.written"]


def test_an_edit_to_nothing_is_refused_and_keeps_what_stood_there(
    as_bob, cast, talk, where
):
    comment = talk.say("Ten.", by=cast.bob)
    answer = as_bob.post(where(comment, "edit/"), {"body": " "})
    assert answer.status_code == 422
    assert "Write something first." in answer.text
    assert talk.now(comment).body == "Ten."


def test_each_form_on_a_page_has_ids_of_its_own(as_bob, cast, talk, where):
    comments = [talk.say("Ten.", by=cast.bob), talk.say("Eleven.", by=cast.bob)]
    forms = [as_bob.get(where(one, "edit/"), **HTMX).text for one in comments]
    page = "".join([as_bob.get(talk.page).text, *forms])
    areas = re.findall(r'<textarea[^>]* id="([^"]+)"', page)
    labels = re.findall(r'<label class="sr-only" for="([^"]+)"', page)
    assert areas == ["id_body", *(f"id_body_{one.pk}" for one in comments)]
    assert set(areas) <= set(labels)


def test_nobody_edits_what_somebody_else_said(as_alice, cast, talk, where):
    comment = talk.say("Mine.", by=cast.bob)
    answer = as_alice.post(where(comment, "edit/"), {"body": "Hers."}, follow=True)
    assert "Only who wrote a comment can edit it." in answer.text
    assert f"/tasks/comments/{comment.pk}/edit/" not in answer.text
    assert talk.bodies() == ["Mine."]


@pytest.mark.parametrize("who", ["bob", "alice"])
def test_its_author_and_whoever_may_delete_tasks_remove_it(
    who, cast, sign_in, talk, where
):
    comment = talk.say("Mine.", by=cast.bob)
    client = sign_in(getattr(cast, who), cast.acme)
    answer = client.post(where(comment, "delete/"), follow=True)
    assert "Comment removed" in answer.text
    assert where(comment, "restore/") in answer.text
    assert "<p>Mine.</p>" not in answer.text
    assert "removed a comment" in answer.text
    assert (talk.all(), talk.count()) == ([], 0)
    assert talk.actions()[-1] == "comment.removed"


def test_undo_brings_it_back(as_bob, cast, talk, where):
    comment = talk.say("Mine.", by=cast.bob)
    as_bob.post(where(comment, "delete/"))
    answer = as_bob.post(where(comment, "restore/"))
    assert answer["Location"] == f"{talk.page}#comment-{comment.pk}"
    assert (talk.bodies(), talk.count()) == (["Mine."], 1)
    assert talk.actions()[-1] == "comment.restored"
    as_bob.post(where(comment, "restore/"))
    assert talk.count() == 1


def test_removing_with_htmx_leaves_nothing_but_an_undo(as_bob, cast, talk, where):
    comment = talk.say("Mine.", by=cast.bob)
    answer = as_bob.post(where(comment, "delete/"), **HTMX)
    assert answer.content == b""
    assert where(comment, "restore/") in answer["HX-Trigger"]
    again = as_bob.post(where(comment, "delete/"), **HTMX)
    assert "restore" not in again["HX-Trigger"]
    assert talk.count() == 0


def test_a_role_that_may_not_delete_takes_back_its_own_only(
    as_bob, cast, talk, where, inside_acme
):
    own, other = talk.say("Own.", by=cast.bob), talk.say("Other.", by=cast.alice)
    with no_context(), inside_acme():
        role = CustomRole.objects.create(
            name="Writer", abilities=["tasks.view", "tasks.edit"]
        )
        member = Membership.objects.select_related("user").get(user=cast.bob)
        give_role(membership=member, role=role, by=cast.alice)
    page = as_bob.get(talk.page).text
    assert where(own, "delete/") in page
    assert where(other, "delete/") not in page
    refused = as_bob.post(where(other, "delete/"))
    assert refused.status_code == 403
    assert as_bob.post(where(own, "delete/")).status_code == 302
    assert talk.bodies() == ["Other."]


def test_comments_of_others_are_as_missing_ones(as_charlie, talk, where):
    comment = talk.say("Ours.")
    for pk in (comment.pk, UNKNOWN):
        for verb in ("edit/", "delete/", "restore/"):
            address = f"/tasks/comments/{pk}/{verb}"
            assert as_charlie.post(address, {"body": "x"}).status_code == 404
        assert as_charlie.get(f"/tasks/comments/{pk}/").status_code == 404
    assert as_charlie.post(talk.new, {"body": "x"}).status_code == 404
    assert talk.bodies() == ["Ours."]


def test_a_task_in_the_trash_takes_its_comments_along(as_alice, talk, where):
    comment = talk.say("Ours.")
    as_alice.post(f"{talk.page}delete/")
    assert as_alice.post(talk.new, {"body": "x"}).status_code == 404
    assert as_alice.post(where(comment, "edit/"), {"body": "x"}).status_code == 404
    assert as_alice.post(where(comment, "delete/")).status_code == 404
    as_alice.post(f"{talk.page}restore/")
    assert "Ours." in as_alice.get(talk.page).text


def test_a_remark_of_many_lines_keeps_them(as_bob, talk):
    as_bob.post(talk.new, {"body": "First.\r\nSecond.\n\n- a\n- b"})
    page = as_bob.get(talk.page).text
    assert "First.<br>\nSecond." in page
    assert "<li>a</li>" in page


@pytest.mark.parametrize(
    "body",
    [
        "[x](javascript:alert(1))",
        "![x](https://evil.example/x.png)",
        "<img src=x onerror=alert(1)>",
        '<span class="mention" onclick="x">@Bob Example</span>',
        "[x](data:text/html;base64,PHN2Zz4=)",
        '<https://evil.example/"onload=x>',
    ],
)
def test_nothing_in_a_comment_runs_or_calls_home(as_vera, cast, talk, body):
    talk.say(body, by=cast.bob)
    page = as_vera.get(talk.page).text
    shown = page.split('id="timeline"')[1].split("</ol>")[0]
    assert 'href="javascript' not in shown
    assert 'href="data' not in shown
    assert "<img" not in shown.replace('<img class="avatar', "")
    assert not re.search(r"<[a-z][^>]*\son\w+=", shown)


def test_a_comment_opened_in_another_organization_is_not_written(as_bob, cast, talk):
    body = {"body": "Hello", "organization": str(cast.globex.pk)}
    assert as_bob.post(talk.new, body).status_code == 409
    assert talk.all() == []


def test_asking_for_a_page_changes_nothing(as_alice, talk, where):
    comment = talk.say("Still here.")
    for address in (talk.new, where(comment), where(comment, "edit/")):
        as_alice.get(address)
    for verb in ("delete/", "restore/"):
        assert as_alice.get(where(comment, verb)).status_code == 405
    assert as_alice.get(f"{talk.page}watch/").status_code == 405
    assert talk.bodies() == ["Still here."]
    assert talk.actions() == ["comment.written"]


def test_the_number_on_the_task_is_that_of_its_comments(as_bob, cast, talk, where):
    first, _second = talk.say("1", by=cast.bob), talk.say("2", by=cast.bob)
    as_bob.post(where(first, "delete/"))
    as_bob.post(talk.new, {"body": "3"})
    as_bob.post(where(first, "restore/"))
    as_bob.post(where(first, "delete/"))
    assert talk.count() == len(talk.all()) == 2
