"""Talk at the edges: roles, what is typed, and what changed meanwhile."""

import json
import uuid
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations import flows as organization_flows
from organizations.models import CustomRole, Membership, Role
from organizations.roles.flows import give_role
from organizations.tenancy import identity, no_context, tenant
from tasks.comments import flows
from tasks.comments.models import MOST_CHARACTERS, Comment, Mention
from tests.comments.conftest import HTMX, where_is
from tests.comments.test_comments import UNKNOWN
from tests.conftest import join, make_user

VERBS = ["edit/", "delete/", "restore/"]


@pytest.fixture
def may(cast):
    """Let Bob do no more than some abilities allow."""

    def only(*abilities):
        with no_context(), tenant(cast.acme, cast.alice):
            role = CustomRole.objects.create(name="Own", abilities=sorted(abilities))
            give_role(membership=member_of(cast.bob), role=role, by=cast.alice)

    return only


def member_of(person):
    return Membership.objects.select_related("user").get(user=person)


@pytest.mark.parametrize("who", ["alice", "adam", "bob"])
def test_whoever_may_edit_tasks_says_mends_and_takes_back(who, cast, sign_in, talk):
    person = getattr(cast, who)
    client = sign_in(person, cast.acme)
    client.post(talk.new, {"body": "One."})
    [comment] = talk.all()
    client.post(where_is(comment, "edit/"), {"body": "Two."})
    for verb in ("delete/", "restore/"):
        assert client.post(where_is(comment, verb)).status_code == 302
    written, edited, removed, restored = talk.board.history(talk.task)[1:]
    mine = {"comment": str(comment.pk)}
    assert written.after == removed.after == restored.after == mine
    assert edited.after == mine | {"text": "Two."}
    assert edited.before == {"text": "One."}
    assert written.before == removed.before == restored.before == {}
    assert {one.actor_id for one in (written, edited, removed, restored)} == {person.pk}
    assert (talk.bodies(), talk.count()) == (["Two."], 1)


def test_a_role_that_only_looks_reads_follows_and_says_nothing(as_bob, cast, talk, may):
    comment = talk.say("His own.", by=cast.bob)
    may("tasks.view")
    page = as_bob.get(talk.page).text
    assert "His own." in page
    assert where_is(comment, "delete/") not in page
    for path in (talk.new, *(where_is(comment, verb) for verb in VERBS)):
        refused = as_bob.post(path, {"body": "x"})
        assert refused.status_code == 403
        assert "may change tasks: Owner, Admin, Member" in refused.text
    assert as_bob.post(f"{talk.page}unwatch/").status_code == 302
    assert (talk.bodies(), talk.watchers()) == (["His own."], {"Alice"})
    assert talk.actions() == ["comment.written", "task.unwatched"]


def test_a_role_that_sees_no_tasks_reads_no_talk(as_bob, talk, may):
    comment = talk.say("Secret.")
    may("members.view")
    for path in ("comments/", "comments/people/"):
        assert as_bob.get(talk.page + path).status_code == 403
    refused = as_bob.get(where_is(comment), **HTMX)
    assert refused.status_code == 403
    assert "may see tasks" in refused.text
    assert "Secret." not in refused.text
    for verb in ("watch/", "unwatch/"):
        assert as_bob.post(talk.page + verb).status_code == 403
    assert talk.actions() == ["comment.written"]


def test_who_became_a_viewer_mends_their_own_words_no_more(as_bob, cast, talk):
    comment = talk.say("Mine.", by=cast.bob)
    with no_context(), talk.inside():
        organization_flows.change_role(
            membership=member_of(cast.bob), role=Role.VIEWER, by=cast.alice
        )
    assert as_bob.post(where_is(comment, "edit/"), {"body": "x"}).status_code == 403
    assert as_bob.post(where_is(comment, "delete/")).status_code == 403
    assert (talk.bodies(), talk.actions()) == (["Mine."], ["comment.written"])


def test_the_refusal_to_take_back_others_words_names_the_ability(
    as_bob, cast, talk, may
):
    comment = talk.say("Hers.", by=cast.alice)
    may("tasks.view", "tasks.edit")
    for verb in ("delete/", "restore/"):
        refused = as_bob.post(where_is(comment, verb), **HTMX)
        assert refused.status_code == 403
        assert "may delete tasks" in refused.text
    assert talk.actions() == ["comment.written"]


@pytest.mark.parametrize("path", ["comments/", "comments/new/", "comments/people/"])
def test_who_is_not_signed_in_is_asked_to_and_led_back(client, talk, path):
    answer = client.get(talk.page + path)
    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next={talk.page}{path}"


def test_who_belongs_nowhere_says_nothing(as_nora, talk):
    answer = as_nora.post(talk.new, {"body": "Hello"})
    assert answer["Location"] == "/organizations/"
    assert talk.all() == []


@pytest.mark.parametrize("how", [{}, HTMX])
def test_a_form_opened_in_another_organization_says_nothing(as_bob, cast, talk, how):
    comment = talk.say("Mine.", by=cast.bob)
    sent = {"body": "Lost?", "organization": str(cast.globex.pk)}
    for path in (talk.new, where_is(comment, "edit/"), where_is(comment, "delete/")):
        assert as_bob.post(path, sent, **how).status_code == 409
    assert (talk.bodies(), talk.actions()) == (["Mine."], ["comment.written"])


def test_a_link_changes_nothing(as_alice, talk):
    comment = talk.say("Here.")
    addresses = [where_is(comment, verb) for verb in ("delete/", "restore/")]
    addresses += [f"{talk.page}watch/", f"{talk.page}unwatch/"]
    assert {as_alice.get(each).status_code for each in addresses} == {405}
    assert as_alice.post(f"{talk.page}comments/").status_code == 405
    assert as_alice.post(where_is(comment)).status_code == 405
    assert talk.actions() == ["comment.written"]


def test_a_foreign_answer_is_the_same_bytes_as_a_missing_one(as_charlie, talk):
    comment = talk.say("Ours.")
    same = {"headers": {"X-Request-ID": "the-same-request"}}
    for verb in ("", "edit/"):
        pages = {
            as_charlie.get(f"/tasks/comments/{pk}/{verb}", **same).content
            for pk in (comment.pk, UNKNOWN)
        }
        assert len(pages) == 1
        assert b"Ours." not in pages.pop()


@pytest.mark.parametrize("size", [1, MOST_CHARACTERS])
def test_a_comment_is_one_character_long_or_very_many(as_bob, talk, size):
    assert as_bob.post(talk.new, {"body": "漢" * size}).status_code == 302
    assert talk.bodies() == ["漢" * size]
    assert as_bob.get(talk.page).text.count("漢") == size


@given(body=st.text(max_size=60))
def test_whatever_is_typed_is_kept_as_it_was_or_refused(as_bob, talk, body):
    before = talk.count()
    answer = as_bob.post(talk.new, {"body": body})
    if answer.status_code == 302:
        key = answer["Location"].rpartition("#comment-")[2]
        with no_context(), talk.inside():
            kept = Comment.objects.get(pk=key).body
        assert kept == body.strip()
    else:
        assert answer.status_code == 422
        assert not body.strip() or "\0" in body
    assert talk.count() == before + (answer.status_code == 302)
    assert as_bob.get(f"{talk.page}comments/").status_code == 200


@given(q=st.text(max_size=120))
def test_whoever_is_looked_for_nobody_else_is_offered(as_bob, talk, q):
    answer = as_bob.get(f"{talk.page}comments/people/", {"q": q})
    assert answer.status_code == 200
    begun = " ".join(q.replace("\0", "").split()).lower()
    for part in answer.text.split('data-name="')[1:]:
        name = unescape(part.split('"')[0]).lower()
        assert name.startswith(begun) or name.split()[-1].startswith(begun)


def test_a_name_with_marks_in_it_is_offered_and_shown_as_text(as_bob, cast, talk):
    odd = make_user("odd", first_name='<b>"Ox"', last_name="O'Neil & Co")
    join(cast.acme, odd, "member")
    name = '<b>"Ox" O\'Neil & Co'
    offered = as_bob.get(f"{talk.page}comments/people/", {"q": "<b"}).text
    assert unescape(offered.split('data-name="')[1].split('"')[0]) == name
    assert "<b>" not in offered
    as_bob.post(talk.new, {"body": f"Ask @{name}."})
    assert talk.mentioned() == {odd.pk}
    page = as_bob.get(talk.page).text
    assert "O'Neil &amp; Co</span>" in page
    assert '<b>"Ox"' not in page


@pytest.mark.parametrize("times", [1, 2, 50])
def test_a_name_said_often_is_one_mention(as_bob, cast, talk, times):
    as_bob.post(talk.new, {"body": "@Vera Example " * times})
    with no_context(), talk.inside():
        assert Mention.objects.get().name == "Vera Example"
    page = as_bob.get(talk.page).text
    assert page.count('<span class="mention">') == times


def test_an_edit_that_names_the_same_people_wakes_nobody(as_bob, as_vera, cast, talk):
    comment = talk.say("@Vera Example, look.", by=cast.bob)
    as_vera.post(f"{talk.page}unwatch/")
    as_bob.post(where_is(comment, "edit/"), {"body": "Look, @Vera Example."})
    assert talk.mentioned() == {cast.vera.pk}
    assert talk.watchers() == {"Alice", "Bob"}


def test_who_names_themselves_follows_once(as_bob, cast, talk):
    as_bob.post(talk.new, {"body": "@Bob Example will do it."})
    assert talk.mentioned() == {cast.bob.pk}
    assert (talk.watchers(), talk.rows()) == ({"Alice", "Bob"}, 1)


def test_a_form_sent_again_for_another_task_writes_nothing_there(
    as_bob, cast, talk, acme_board
):
    other = acme_board.add("Another")
    body = {"body": "Once.", "sent_as": str(uuid.uuid4())}
    first = as_bob.post(talk.new, body)
    again = as_bob.post(f"/tasks/{other.pk}/comments/new/", body)
    assert again["Location"] == first["Location"]
    assert talk.bodies() == ["Once."]
    assert acme_board.now(other).comment_count == 0
    assert len(acme_board.history(other)) == 1


def test_a_form_sent_again_after_its_comment_was_removed_stays_removed(as_bob, talk):
    body = {"body": "Once.", "sent_as": str(uuid.uuid4())}
    as_bob.post(talk.new, body)
    [comment] = talk.all()
    as_bob.post(where_is(comment, "delete/"))
    again = as_bob.post(talk.new, body, **HTMX)
    assert again["HX-Refresh"] == "true"
    assert (talk.all(), talk.count()) == ([], 0)
    assert talk.actions() == ["comment.written", "comment.removed"]


def test_what_was_removed_is_neither_read_nor_mended(as_bob, cast, talk):
    comment = talk.say("Mine.", by=cast.bob)
    as_bob.post(where_is(comment, "delete/"))
    assert as_bob.get(where_is(comment), **HTMX).status_code == 404
    assert as_bob.get(where_is(comment, "edit/")).status_code == 404
    assert as_bob.post(where_is(comment, "edit/"), {"body": "x"}).status_code == 404
    assert talk.now(comment).body == "Mine."


def test_a_mended_comment_comes_back_as_it_was_mended(as_bob, cast, talk):
    comment = talk.say("@Vera Example", by=cast.bob)
    as_bob.post(where_is(comment, "edit/"), {"body": "@Adam Example"})
    for verb in ("delete/", "restore/"):
        as_bob.post(where_is(comment, verb))
    assert talk.bodies() == ["@Adam Example"]
    assert talk.mentioned() == {cast.adam.pk}
    assert talk.now(comment).edited_at is not None


def test_the_verbs_say_whether_they_did_anything(cast, talk):
    comment = talk.say("Mine.", by=cast.bob)
    how = {"comment": comment, "by": cast.bob}
    with no_context(), talk.inside():
        assert not flows.restore_comment(**how)
        assert not flows.edit_comment(**how, body="Mine.")
        assert flows.remove_comment(**how)
        assert not flows.remove_comment(**how)
        assert flows.restore_comment(**how)
        assert flows.watch(task=talk.task, by=cast.vera)
        assert not flows.watch(task=talk.task, by=cast.vera)
        assert flows.unwatch(task=talk.task, by=cast.vera)
        assert not flows.unwatch(task=talk.task, by=cast.vera)
    assert talk.count() == 1
    said = ["written", "removed", "restored"]
    followed = ["task.watched", "task.unwatched"]
    assert talk.actions() == [f"comment.{verb}" for verb in said] + followed


@pytest.mark.parametrize("how", [{}, HTMX])
def test_bringing_back_what_is_there_says_nothing(as_bob, cast, talk, how):
    comment = talk.say("Mine.", by=cast.bob)
    answer = as_bob.post(where_is(comment, "restore/"), follow=True, **how)
    assert "The comment is back" not in answer.text
    assert talk.actions() == ["comment.written"]


def test_the_undo_is_offered_once(as_bob, cast, talk):
    comment = talk.say("Mine.", by=cast.bob)
    toasts = [
        json.loads(as_bob.post(where_is(comment, "delete/"), **HTMX)["HX-Trigger"])
        for _time in range(2)
    ]
    undo = where_is(comment, "restore/")
    assert toasts[0] == {"toast": {"text": "Comment removed", "undo": undo}}
    assert toasts[1] == {"toast": {"text": "Comment removed"}}


def test_a_new_name_is_found_and_the_old_one_no_longer(as_bob, cast, talk):
    with no_context(), identity(cast.vera):
        type(cast.vera).objects.filter(pk=cast.vera.pk).update(last_name="Novák")
    as_bob.post(talk.new, {"body": "@Vera Example"})
    assert talk.mentioned() == set()
    as_bob.post(talk.new, {"body": "@vera NOVÁK"})
    assert talk.mentioned() == {cast.vera.pk}
