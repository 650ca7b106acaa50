"""What somebody was told is theirs: no role, no colleague and no page reads it."""

import pytest
from django.db import connection
from django.utils import timezone

from organizations import flows
from organizations.notifications.models import (
    DigestDay,
    Mute,
    Notification,
    Preference,
)
from organizations.personal.erasure import erase
from organizations.roles.flows import create_role, give_role
from organizations.tenancy import as_user, identity, no_context, tenant
from tests.notifications.conftest import lines
from tests.personal.conftest import bob, copy_of, part  # noqa: F401

VERBS = ("", "read/", "unread/", "archive/", "unarchive/")


@pytest.fixture
def bobs(told, cast, as_alice):
    """What Bob was told, has chosen and has muted."""
    task = told.task(assignees=[cast.bob])
    told.choose(cast.bob, "comment", "email", is_on=True)
    with no_context(), told.inside(cast.bob):
        Mute.objects.create(user=cast.bob, subject_type="task", subject_id=task.pk)
        DigestDay.objects.create(user=cast.bob, day=timezone.localdate())
    return told.rows(cast.bob)[0]


@pytest.mark.parametrize("name", ["alice", "adam", "vera", "charlie", "olga"])
@pytest.mark.parametrize("verb", VERBS)
def test_nobody_else_reaches_a_notification(name, verb, bobs, told, request):
    client = request.getfixturevalue(f"as_{name}")
    send = client.post if verb else client.get
    assert send(f"/inbox/{bobs.pk}/{verb}").status_code in {302, 404}
    kept = told.rows(told.cast.bob)[0]
    assert (kept.read_at, kept.archived_at) == (None, None)


@pytest.mark.parametrize("name", ["alice", "adam", "vera"])
def test_a_colleagues_inbox_shows_none_of_it(name, bobs, request):
    client = request.getfixturevalue(f"as_{name}")
    assert str(bobs.pk) not in client.get("/inbox/").text


TABLES = [each._meta.db_table for each in (Notification, Preference, Mute, DigestDay)]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("name", ["alice", "adam", "vera"])
def test_not_even_a_statement_by_hand_reads_a_colleagues(table, name, bobs, told):
    person = getattr(told.cast, name)
    with no_context(), told.inside(person), connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        assert cursor.fetchone() == (0,)
        cursor.execute(f'DELETE FROM "{table}"')
        assert cursor.rowcount == 0
    with no_context(), told.inside(told.cast.bob), connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        assert cursor.fetchone() == (1,)


def test_outside_of_organizations_there_is_no_inbox(bobs, told):
    for place in (as_user(told.cast.bob), identity(told.cast.bob), identity()):
        with no_context(), place, connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM notifications_notification")
            assert cursor.fetchone() == (0,)


def test_nobody_writes_into_a_colleagues_inbox(bobs, told):
    rows = "INSERT INTO notifications_mute (id, organization_id, user_id,"
    values = [str(bobs.subject_id), str(told.cast.acme.pk), str(told.cast.bob.pk)]
    with no_context(), told.inside(told.cast.alice), connection.cursor() as cursor:
        with pytest.raises(Exception, match="row-level security"):
            cursor.execute(
                f"{rows} subject_type, subject_id)"
                " VALUES (%s, %s, %s, 'task', gen_random_uuid())",
                values,
            )


def test_whoever_leaves_has_no_inbox_there_any_more(bobs, told):
    with no_context(), told.inside(told.cast.alice):
        flows.remove_member(membership=told.member(told.cast.bob), by=told.cast.alice)
        for model in (Notification, Preference, Mute, DigestDay):
            assert not model.objects.filter(user=told.cast.bob).exists()


def test_a_suspended_member_is_told_nothing(told, cast, as_bob):
    task = told.task()
    with no_context(), told.inside(cast.alice):
        flows.suspend_member(membership=told.member(cast.adam), by=cast.alice)
    told.say(as_bob, task, "Look, @Adam Example")
    with no_context(), tenant(cast.acme):
        assert not Notification.objects.filter(user=cast.adam).exists()


def test_a_custom_role_without_tasks_hears_nothing_of_them(told, cast, as_bob):
    with no_context(), told.inside(cast.alice):
        role = create_role(
            name="Bookkeeper", base="viewer", abilities=["billing.view"], by=cast.alice
        )
        give_role(membership=told.member(cast.vera), role=role, by=cast.alice)
    told.say(as_bob, told.task(), "Look, @Vera Example")
    assert "mention" not in told.kinds(cast.vera)


def test_ones_copy_has_what_one_was_told_and_chose(bobs, bob, copy_of):
    copy, folder = copy_of(bob), "organizations/acme"
    (told_row,) = part(copy, f"{folder}/notifications.json")
    assert (told_row["kind"], told_row["excerpt"]) == ("assignment", "Order tyres")
    assert part(copy, f"{folder}/notification-preferences.json") == [
        {"kind": "comment", "channel": "email", "is_on": True}
    ]
    assert len(part(copy, f"{folder}/muted.json")) == 1


def test_an_erased_person_has_no_name_in_what_others_were_told(told, cast, as_bob):
    told.mention(as_bob)
    with no_context(), as_user(cast.bob):
        erase(user=cast.bob, by=cast.bob)
    (note,) = told.rows(cast.alice)
    assert note.actor_name == "Deleted person"


def test_who_has_left_keeps_the_name_they_had_then(told, cast, as_bob, as_alice):
    told.mention(as_bob)
    with no_context(), told.inside(cast.alice):
        flows.remove_member(membership=told.member(cast.bob), by=cast.alice)
    page = as_alice.get("/inbox/").text
    assert len(lines(page)) == 1
    assert "Bob Example mentioned you" in page
