"""Each kind from the act to the inbox and the mail of whom it concerns."""

from django.core import mail

from organizations.audit.recording import record
from organizations.tenancy import no_context
from tests.notifications.conftest import lines


def test_mention_reaches_inbox_and_mail(told, cast, as_bob, as_alice):
    note = told.mention(as_bob)
    assert (note.kind, note.severity) == ("mention", "normal")
    page = as_alice.get("/inbox/").text
    assert "Bob Example mentioned you in" in page
    assert "Look, @Alice Example" in page
    (letter,) = told.mails(cast.alice)
    assert letter.subject == "Bob Example mentioned you in ACME-1"
    assert "Look, @Alice Example" in letter.body
    assert note.mailed_at is not None


def test_comment_on_a_watched_task_is_told_without_mail(told, cast, as_bob):
    told.say(as_bob, told.task(), "Done by Friday")
    assert told.kinds(cast.alice) == ["comment"]
    assert told.mails(cast.alice) == []


def test_whoever_is_mentioned_is_told_once(told, cast, as_bob, as_alice):
    task = told.task()
    told.mention(as_bob, task)
    assert told.kinds(cast.alice) == ["mention"]
    told.say(as_alice, task, "@Bob Example, thank you")
    assert told.kinds(cast.bob) == ["mention"]


def test_nobody_is_told_of_own_acts(told, cast, as_alice):
    task = told.task(assignees=[cast.alice])
    told.say(as_alice, task, "Note to myself, @Alice Example")
    as_alice.post(f"/tasks/{task.pk}/status/", {"status": "done"})
    told.run()
    assert told.rows(cast.alice) == []


def test_mention_added_by_an_edit_is_told_once(told, cast, as_bob):
    told.say(as_bob, told.task(), "Look")
    comment = told.rows(cast.alice)[0].part_id
    for body in ("Look, @Alice Example", "Look again, @Alice Example"):
        as_bob.post(f"/tasks/comments/{comment}/edit/", {"body": body})
        told.run()
    assert told.kinds(cast.alice) == ["comment", "mention"]


def test_assignment_of_a_new_task_is_told_and_mailed(told, cast):
    told.task(assignees=[cast.bob])
    (note,) = told.rows(cast.bob)
    assert (note.kind, note.excerpt) == ("assignment", "Order tyres")
    (letter,) = told.mails(cast.bob)
    assert letter.subject == "Alice Example assigned you ACME-1"


def test_assignment_by_an_edit_is_told_to_the_new_ones_only(told, cast, as_alice):
    task = told.task(assignees=[cast.bob])
    with told.inside(cast.alice):
        task.edit(by=cast.alice, assignees=[cast.bob.pk, cast.vera.pk])
    told.run()
    assert told.kinds(cast.vera) == ["assignment"]
    assert told.kinds(cast.bob) == ["assignment"]


def test_assignment_of_several_tasks_is_one_line_each(told, cast, as_alice):
    for title in ("One", "Two"):
        told.task(title)
    values = {"pick": ["1", "2"], "assignee": str(cast.bob.pk)}
    as_alice.post("/tasks/bulk/", values)
    told.run()
    assert told.kinds(cast.bob) == ["assignment"] * 2


def test_assignment_of_many_tasks_is_told_in_one_sentence(told, cast, as_alice, as_bob):
    titles = [f"Tyre {number}" for number in range(7)]
    as_alice.post("/tasks/new/several/", {"titles": "\n".join(titles)})
    told.run()
    picks = {"pick": [str(n) for n in range(1, 8)], "assignee": str(cast.bob.pk)}
    as_alice.post("/tasks/bulk/", picks)
    told.run()
    assert told.kinds(cast.bob) == ["assignment"]
    assert "Alice Example assigned you 7 tasks" in as_bob.get("/inbox/").text
    assert len(told.mails(cast.bob)) == 1


def test_end_of_a_watched_task_is_told_once(told, cast, as_bob):
    task = told.task()
    for _twice in range(2):
        as_bob.post(f"/tasks/{task.pk}/status/", {"status": "done"})
    told.run()
    assert told.kinds(cast.alice) == ["task_done"]


def test_new_role_is_told_to_the_member(told, cast, as_alice, as_bob):
    member = told.member(cast.bob)
    as_alice.post(f"/organizations/members/{member.pk}/role/", {"role": "admin"})
    told.run()
    assert "Your role in Acme is now Admin" in as_bob.get("/inbox/").text
    assert len(told.mails(cast.bob)) == 1


def test_offered_ownership_is_critical_and_has_its_own_mail(
    told, cast, as_alice, as_bob
):
    member = told.member(cast.bob)
    where = f"/organizations/members/{member.pk}/offer/"
    as_alice.post(where, {"stays_owner": "yes"})
    told.run()
    (note,) = told.rows(cast.bob)
    assert note.severity == "critical"
    assert "Critical" in as_bob.get("/inbox/").text
    assert len(told.mails(cast.bob)) == 1


def test_second_step_is_told_to_all_and_cannot_be_unsubscribed(told, cast):
    with no_context(), told.inside(cast.alice):
        record("organization.second_step_required", cast.acme, by=cast.alice)
    told.run()
    assert told.kinds(cast.alice) == []
    for person in (cast.adam, cast.bob, cast.vera):
        assert told.kinds(person) == ["second_step"]
        (letter,) = told.mails(person)
        assert "List-Unsubscribe" not in letter.extra_headers
        assert "cannot be switched off" in " ".join(letter.body.split())


def test_mail_has_a_way_out_in_its_headers_and_both_bodies(told, cast, as_bob):
    told.mention(as_bob)
    (letter,) = told.mails(cast.alice)
    way_out = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert letter.extra_headers["List-Unsubscribe-Post"] == (
        "List-Unsubscribe=One-Click"
    )
    ((html, kind),) = letter.alternatives
    assert kind == "text/html"
    for body in (letter.body, html):
        assert way_out in body
        assert "/inbox/settings/" in body.replace("%2F", "/")


def test_people_of_other_organizations_hear_nothing(told, cast, as_bob, as_charlie):
    told.mention(as_bob)
    assert lines(as_charlie.get("/inbox/").text) == []
    assert told.mails(cast.charlie) == []
    assert len(mail.outbox) == 1
