"""Every state-changing route of the map, and the one entry that it writes.

A new route that takes a form fails here until it has its line in changes.py.
"""

import re

import pytest
from django.conf import settings as django_settings
from django.db import DatabaseError, connection
from django.utils import timezone

from config.routes import every_route
from organizations.audit.models import AuditEntry, PlatformEntry
from organizations.audit.recording import recorded
from organizations.invitations.models import Invitation
from organizations.tenancy import as_user, identity, no_context, tenant
from organizations.tenancy.policies import walls
from tests.audit.changes import CHANGES, NO_CHANGE, OF_OTHERS, READ_OUT, REPEATED
from tests.conftest import PASSWORD
from tests.isolation.test_matrix import filled

POSTED = {
    route.name: route
    for route in every_route()
    if not route.elsewhere and not route.by_key and "POST" in route.methods
}
EVERY = CHANGES | REPEATED
# Sessions and what is remembered for the next sign-in are nobody's history; the log
# is counted apart. Notes are staff's: nobody who calls a route can read them.
ASIDE = {
    "accounts_session",
    "usersessions_usersession",
    "organizations_lastorganization",
    "audit_auditentry",
    "audit_platformentry",
    "notes_staffnote",
}
# The others are about the person alone, or open to whoever holds the link.
OPEN = ("accounts:", "join:", "domains:join", "comments:watch", "comments:unwatch")
OPEN += ("comments:mute", "comments:unmute", "notifications:", "onboarding:")
RESTRICTED = {
    name for name, change in EVERY.items() if change.make and not name.startswith(OPEN)
}
each_change = pytest.mark.parametrize("name", sorted(EVERY))
PROVEN_FIRST = {
    "api:key_create",
    "api:key_edit",
    "api:key_rotate",
    "archives:arrival_confirm",
    "archives:arrival_create",
    "archives:export_ask",
    "organizations:organization_delete",
    "webhooks:endpoint_create",
    "webhooks:endpoint_roll",
}
INSERTION = re.compile(r'INSERT INTO "?audit_')


def just_proven(client):
    """The client of somebody who has typed their password a moment ago."""
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code == 302
    return client


class Scene:
    """One route, ready to be called by the person who may."""

    def __init__(self, name, cast, sign_in):
        self.change, self.cast = (EVERY | READ_OUT)[name], cast
        self.person = getattr(cast, self.change.who)
        self.client = sign_in(self.person, cast.acme)
        if name in PROVEN_FIRST:
            just_proven(self.client)
        key = self.change.make(cast) if self.change.make else None
        self.address = filled(POSTED[name].address, key)

    def send(self, values=None):
        values = self.change.values if values is None else values
        if callable(values):
            values = values(self.cast)
        return self.client.post(self.address, values)

    def send_again(self):
        return self.send(self.change.again)


@pytest.fixture
def scene(name, cast, sign_in, settings):
    settings.DNS_RESOLVER = "tests.domains.conftest.answer"
    for setting, value in (EVERY | READ_OUT)[name].settings.items():
        setattr(settings, setting, value)
    return Scene(name, cast, sign_in)


@pytest.fixture
def heard():
    """Entries as they are written, whosever they are."""
    found = []

    def listen(entry, **kwargs):
        found.append(entry)

    recorded.connect(listen)
    yield found
    recorded.disconnect(listen)


def state(cast):
    """Return what every table holds for the organizations and people of the cast."""
    found = {}
    places = {
        "acme": lambda: tenant(cast.acme, cast.alice),
        "globex": lambda: tenant(cast.globex, cast.charlie),
        "people": lambda: identity(cast.alice),
        "own": lambda: as_user(cast.alice),
    }
    for where, place in places.items():
        with no_context(), place(), connection.cursor() as cursor:
            for table in sorted(set(walls()) - ASIDE):
                cursor.execute(
                    "SELECT count(*), md5(string_agg(t::text, ',' ORDER BY t::text))"
                    f' FROM "{table}" t'
                )
                found[where, table] = cursor.fetchone()
    return found


def written(entry):
    """Whether an entry stands in its log."""
    if isinstance(entry, PlatformEntry):
        with no_context(), as_user(entry.actor_id):
            return PlatformEntry.objects.filter(pk=entry.pk).exists()
    with no_context(), tenant(entry.organization_id):
        return AuditEntry.objects.filter(pk=entry.pk).exists()


def counts(cast):
    """Return how many entries there are that a listener may have missed."""
    found = []
    for organization in (cast.acme, cast.globex):
        with no_context(), tenant(organization):
            found.append(AuditEntry.objects.count())
    for person in (cast.alice, cast.bob):
        with no_context(), as_user(person):
            found.append(PlatformEntry.objects.filter(actor=person).count())
    return sum(found)


def refuse(execute, sql, params, many, context):
    """Let every statement pass but those that write an entry."""
    if INSERTION.search(sql):
        raise DatabaseError("no entry can be written")
    return execute(sql, params, many, context)


# cap 72
def test_every_route_that_takes_a_form_has_its_line():
    assert set(POSTED) == {*EVERY, *READ_OUT, *NO_CHANGE, *OF_OTHERS}


def test_every_exception_has_its_reason():
    assert all(NO_CHANGE.values())
    assert all(OF_OTHERS.values())
    several = [name for name, one in EVERY.items() if len(one.actions) != 1]
    assert several == [name for name, one in EVERY.items() if one.reason]


# cap 72
@each_change
def test_a_change_writes_its_entry_and_no_other(scene, cast, heard):
    before, entries = state(cast), counts(cast)
    answer = scene.send()
    assert answer.status_code in {200, 204, 302}, answer.text
    assert state(cast) != before
    assert tuple(entry.action for entry in heard) == scene.change.actions
    assert all(map(written, heard))
    if scene.change.actions[0] != "organization.created":
        assert counts(cast) - entries == len(heard)


# cap 72
@pytest.mark.parametrize("name", sorted(CHANGES))
def test_what_changes_nothing_writes_nothing(scene, cast, heard):
    scene.send()
    heard.clear()
    before, entries = state(cast), counts(cast)
    answer = scene.send_again()
    assert answer.status_code < 500
    assert state(cast) == before
    assert heard == []
    assert counts(cast) == entries


# cap 72
@each_change
def test_a_change_that_cannot_be_recorded_is_undone(scene, cast):
    before, entries = state(cast), counts(cast)
    scene.client.raise_request_exception = False
    with connection.execute_wrapper(refuse):
        answer = scene.send()
    assert answer.status_code >= 500
    assert state(cast) == before
    assert counts(cast) == entries


@pytest.mark.parametrize("name", sorted(READ_OUT))
def test_what_is_read_out_is_recorded_once_and_changes_nothing(scene, cast, heard):
    before = state(cast)
    assert scene.send().status_code == 200
    assert tuple(entry.action for entry in heard) == scene.change.actions
    assert all(map(written, heard))
    assert state(cast) == before


@pytest.mark.parametrize("name", sorted(READ_OUT))
def test_nothing_is_read_out_that_cannot_be_recorded(scene):
    scene.client.raise_request_exception = False
    with connection.execute_wrapper(refuse):
        assert scene.send().status_code >= 500


@each_change
def test_an_entry_says_who_and_from_where(scene, heard):
    scene.send()
    for entry in heard:
        assert entry.address == "127.0.0.1"
        assert entry.request_id
        if entry.actor_id:
            assert entry.actor_id == scene.person.pk


# cap 72
@pytest.mark.parametrize("name", sorted(RESTRICTED))
def test_whoever_may_not_changes_and_writes_nothing(name, cast, sign_in, heard):
    scene = Scene(name, cast, sign_in)
    heard.clear()
    before, entries = state(cast), counts(cast)
    scene.client = sign_in(cast.vera, cast.acme)
    assert scene.send().status_code in {403, 404}
    assert state(cast) == before
    assert heard == []
    assert counts(cast) == entries


# cap 72
def test_members_who_go_take_their_invitations_along(cast, sign_in, heard):
    with no_context(), tenant(cast.acme, cast.adam):
        Invitation.objects.create(
            email="x@example.com", inviter=cast.adam, expires_at=timezone.now()
        )
        pk = cast.acme.memberships.get(user=cast.adam).pk
    sign_in(cast.alice, cast.acme).post(f"/organizations/members/{pk}/remove/")
    actions = {entry.action for entry in heard}
    assert actions == {"member.removed", "invitation.revoked"}
    assert len({entry.request_id for entry in heard}) == 1


@pytest.mark.parametrize("name", sorted(NO_CHANGE))
def test_routes_that_change_nothing_write_nothing(name, cast, sign_in, heard):
    before = state(cast)
    client = sign_in(cast.alice, cast.acme)
    client.post(
        filled(POSTED[name].address, "x" * 54),
        {"organization": cast.acme.pk},
    )
    assert state(cast) == before
    assert heard == []


def test_the_tables_looked_at_are_all_that_hold_anything_of_ours():
    assert set(walls()) >= ASIDE - {"insula_cache"}
    assert django_settings.TENANCY["GLOBAL_TABLES"].keys().isdisjoint(ASIDE)
