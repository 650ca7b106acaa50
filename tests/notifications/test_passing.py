"""People come, change what they may, and go, while news of them and for them waits."""

import uuid

import pytest
from django.core import mail

from organizations import flows as members
from organizations.audit.recording import record
from organizations.events.reading import read_all
from organizations.notifications import flows
from organizations.notifications.models import Mute, Notification, Preference
from organizations.personal.erasure import erase
from organizations.roles.flows import create_role, give_role
from organizations.tenancy import as_user, no_context, tenant
from tasks.comments.flows import write_comment
from tests.notifications.conftest import lines
from tests.personal.conftest import bob, copy_of, part  # noqa: F401


@pytest.fixture
def gathered(told):
    """Let somebody mention people, and the mails about it wait to be sent."""

    def put(*names, task=None):
        about = task or told.task()
        body = " ".join(f"@{name} Example" for name in names)
        with no_context(), told.inside(told.cast.bob):
            write_comment(task=about, by=told.cast.bob, body=body, sent_as=uuid.uuid4())
        with no_context(), told.inside():
            assert read_all() == []

    return put


@pytest.fixture
def books(told):
    """Give somebody a role that sees no tasks, or one of another's choosing."""

    def give(person, *abilities):
        with no_context(), told.inside(told.cast.alice):
            role = create_role(
                name="Books",
                base="viewer",
                abilities=list(abilities or ["billing.view"]),
                by=told.cast.alice,
            )
            member = told.member(person)
            give_role(membership=member, role=role, by=told.cast.alice)

    return give


def change(told, verb, person, **values):
    with no_context(), told.inside(told.cast.alice):
        verb(membership=told.member(person), by=told.cast.alice, **values)


def welcomed(told, person):
    """Let somebody join whom Alice has invited."""
    with no_context(), told.inside(person):
        members.add_member(
            organization=told.cast.acme,
            user=person,
            role="member",
            by=person,
            how={"inviter": str(told.cast.alice.pk)},
        )
    told.run()


def erased(person):
    with no_context(), as_user(person):
        erase(user=person, by=person)


def test_no_mail_goes_to_whoever_has_read_it_by_then(told, cast, gathered):
    gathered("Alice")
    (note,) = told.rows(cast.alice)
    with no_context(), told.inside(cast.alice):
        flows.mark_read(note=note, by=cast.alice)
    assert set(told.run()) == {"succeeded"}
    assert told.mails(cast.alice) == []


@pytest.mark.parametrize("verb", [members.remove_member, members.suspend_member])
def test_no_mail_goes_to_whoever_is_out_by_then(verb, told, cast, gathered):
    gathered("Vera", "Alice")
    change(told, verb, cast.vera)
    assert set(told.run()) == {"succeeded"}
    assert told.mails(cast.vera) == []
    assert len(told.mails(cast.alice)) == 1


def test_no_mail_tells_of_tasks_whom_they_are_closed_to_by_then(
    told, cast, gathered, books
):
    gathered("Vera")
    books(cast.vera)
    assert set(told.run()) == {"succeeded"}
    assert not any("mentioned" in one.subject for one in told.mails(cast.vera))


def test_no_mail_tells_of_a_comment_that_is_taken_back_by_then(
    told, cast, gathered, sign_in
):
    gathered("Alice")
    (note,) = told.rows(cast.alice)
    as_bob = sign_in(cast.bob, cast.acme)
    as_bob.post(f"/tasks/comments/{note.part_id}/delete/")
    with no_context(), told.inside():
        assert read_all() == []
    assert "failed" not in told.run()
    assert told.mails(cast.alice) == []


def test_whoever_comes_back_finds_an_empty_inbox_and_the_defaults(
    told, cast, gathered, sign_in
):
    task = told.task()
    gathered("Vera", task=task)
    told.choose(cast.vera, "mention", "email", is_on=False)
    with no_context(), told.inside(cast.vera):
        Mute.objects.create(user=cast.vera, subject_type="task", subject_id=task.pk)
    change(told, members.remove_member, cast.vera)
    with no_context(), told.inside(cast.alice):
        members.add_member(
            organization=cast.acme, user=cast.vera, role="viewer", by=cast.alice
        )
    as_vera = sign_in(cast.vera, cast.acme)
    assert lines(as_vera.get("/inbox/").text) == []
    with no_context(), told.inside(cast.vera):
        assert not Preference.objects.exists()
        assert not Mute.objects.exists()
    gathered("Vera", task=task)
    told.run()
    assert told.kinds(cast.vera) == ["mention"]
    assert len(told.mails(cast.vera)) == 1


def test_who_is_suspended_reads_nothing_and_finds_it_all_afterwards(
    told, cast, gathered, as_vera
):
    gathered("Vera")
    change(told, members.suspend_member, cast.vera)
    assert "mentioned you" not in as_vera.get("/inbox/").text
    change(told, members.unsuspend_member, cast.vera)
    assert len(lines(as_vera.get("/inbox/").text)) == 1


@pytest.mark.parametrize(
    ("abilities", "hears"),
    [(["keys.edit"], True), (["tasks.view"], False)],
)
def test_who_hears_of_keys_is_who_may_look_after_them_at_that_time(
    abilities, hears, told, cast, books
):
    books(cast.vera, *abilities)
    change(told, members.change_role, cast.adam, role="member")
    told.run()
    with no_context(), told.inside(cast.alice):
        record("key.created", by=cast.alice, label="Robot")
    told.run()
    assert ("key_created" in told.kinds(cast.vera)) is hears
    assert "key_created" not in told.kinds(cast.adam)


def test_a_new_owner_hears_of_late_payments_and_the_former_one_no_more(told, cast):
    change(told, members.change_role, cast.bob, role="owner")
    change(told, members.change_role, cast.alice, role="member")
    with no_context(), told.inside():
        record("subscription.dunned", label="Pro")
    told.run()
    assert "payment_late" in told.kinds(cast.bob)
    assert "payment_late" not in told.kinds(cast.alice)


def test_whoever_is_erased_has_no_name_in_the_news_of_their_coming(
    told, cast, as_alice
):
    welcomed(told, cast.nora)
    assert "Nora Example joined Acme" in as_alice.get("/inbox/").text
    erased(cast.nora)
    page = as_alice.get("/inbox/").text
    assert "Deleted person joined Acme" in page
    assert "Nora" not in page


def test_erasing_one_person_leaves_the_names_of_the_others(
    told, cast, gathered, as_alice
):
    gathered("Alice")
    welcomed(told, cast.nora)
    erased(cast.nora)
    page = as_alice.get("/inbox/").text
    assert "Bob Example mentioned you" in page
    assert page.count("Deleted person") == 1


def test_whoever_is_erased_leaves_no_row_of_their_own(told, cast, gathered):
    gathered("Vera")
    told.choose(cast.vera, "mention", "digest", is_on=True)
    erased(cast.vera)
    mail.outbox.clear()
    assert "failed" not in told.run()
    with no_context(), told.inside():
        assert not Notification.objects.filter(user=cast.vera).exists()
        assert not Preference.objects.filter(user=cast.vera).exists()
    assert [one for one in mail.outbox if "mentioned" in one.subject] == []


def test_a_copy_holds_ones_own_news_of_each_organization_and_nobody_elses(
    told, cast, gathered, bob, copy_of
):
    told.task(assignees=[cast.bob])
    gathered("Alice", "Vera")
    with no_context(), tenant(cast.globex, cast.charlie):
        members.add_member(
            organization=cast.globex, user=cast.bob, role="member", by=cast.charlie
        )
        member = cast.globex.memberships.get(user=cast.bob)
        members.change_role(membership=member, role="admin", by=cast.charlie)
    told.run()
    copy = copy_of(bob)
    acme, globex = (
        part(copy, f"organizations/{slug}/notifications.json")
        for slug in ("acme", "globex")
    )
    assert [row["kind"] for row in acme] == ["assignment"]
    assert [row["kind"] for row in globex] == ["role_changed"]
    assert "Vera" not in str(acme) + str(globex)
