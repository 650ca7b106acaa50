"""Pages of keys: listed, made, shown once, changed, rotated, revoked."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from organizations.api.models import ApiKey
from organizations.audit.models import AuditEntry
from organizations.limits.models import Usage
from organizations.roles.flows import create_role, give_role
from organizations.tenancy import no_context, tenant
from tests.api.conftest import EVENTS, FORM, KEYS, NEW, Program, make_key

TEXT = re.compile(r"ins_[\w-]{54}")


def shown(answer) -> str:
    """Return the secret that a page shows."""
    found = set(TEXT.findall(answer.text))
    assert len(found) == 1
    return found.pop()


def entries(organization, action):
    with no_context(), tenant(organization):
        return list(AuditEntry.objects.filter(action=action))


def member_of(cast, name):
    return cast.acme.memberships.select_related("user").get(user=getattr(cast, name))


def key_now(organization):
    with no_context(), tenant(organization):
        return ApiKey.objects.get()


# cap 68
def test_a_key_is_shown_once_and_opens_the_api(proven, cast):
    form = FORM | {"scopes": ["audit.view"]}
    text = shown(proven.post(NEW, form))
    assert Program(text).get(EVENTS).status_code == 200
    page = proven.get(KEYS)
    assert text not in page.text
    assert text[:10] in page.text


def test_nothing_of_the_secret_is_kept_but_its_hash(proven, cast):
    text = shown(proven.post(NEW, FORM))
    key = key_now(cast.acme)
    assert key.prefix == text[:10]
    assert text[10:] not in str(vars(key))
    (entry,) = entries(cast.acme, "key.created")
    assert entry.after["scopes"] == ["tasks.view"]
    assert text[10:36] not in str(vars(entry))


def test_making_a_key_asks_for_the_password_and_keeps_what_was_typed(as_alice, cast):
    answer = as_alice.post(NEW, FORM)
    assert answer["Location"].startswith("/accounts/reauthenticate/?next=")
    there = as_alice.post(answer["Location"], {"password": "correct horse battery"})
    page = as_alice.get(there["Location"])
    assert 'value="Shop backend"' in page.text
    assert re.search(r'value="tasks.view"[^>]*checked', page.text)
    assert entries(cast.acme, "key.created") == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Give it a name."),
        ({"name": "\u202eevil"}, "letters that can be seen"),
        ({"scopes": []}, "Choose at least one thing."),
        ({"scopes": ["billing.edit"]}, "You may not do that yourself."),
        ({"expires": "7"}, "Select a valid choice"),
        ({"expires": "on", "expires_on": ""}, "Choose a day"),
        ({"expires": "on", "expires_on": "2001-01-01"}, "Choose a day"),
        ({"expires": "on", "expires_on": "9999-12-31"}, "Choose a day"),
    ],
)
def test_what_makes_no_sense_is_refused_and_kept(proven, cast, wrong, words):
    answer = proven.post(NEW, FORM | wrong)
    assert answer.status_code == 422
    assert words in answer.text
    assert entries(cast.acme, "key.created") == []


@pytest.mark.parametrize(("expires", "days"), [("30", 30), ("365", 365)])
def test_a_key_lasts_as_long_as_was_chosen(proven, cast, expires, days):
    proven.post(NEW, FORM | {"expires": expires})
    left = key_now(cast.acme).expires_at - timezone.now()
    assert timedelta(days=days, minutes=-1) < left <= timedelta(days=days)


def test_a_key_may_last_to_the_end_of_a_day_or_for_ever(proven, cast, settings):
    day = timezone.localdate() + timedelta(days=3)
    proven.post(NEW, FORM | {"expires": "on", "expires_on": day.isoformat()})
    key = key_now(cast.acme)
    assert timezone.localtime(key.expires_at).date() == day + timedelta(days=1)
    edit = FORM | {"expires": "never"}
    assert proven.post(f"{KEYS}{key.pk}/edit/", edit).status_code == 302
    assert key_now(cast.acme).expires_at is None


def test_nobody_gives_what_they_may_not_do(cast, sign_in):
    with no_context(), tenant(cast.acme):
        may = {"tasks.view", "keys.edit"}
        role = create_role(name="Keeper", base="member", abilities=may, by=None)
        give_role(membership=member_of(cast, "bob"), role=role, by=None)
    bob = sign_in(cast.bob, cast.acme)
    bob.post("/accounts/reauthenticate/", {"password": "correct horse battery"})
    assert "tasks.edit" not in bob.get(NEW).text
    wider = FORM | {"scopes": ["tasks.view", "tasks.edit"]}
    assert bob.post(NEW, wider).status_code == 422
    key, _text = make_key(cast.acme, cast.alice, ["tasks.view", "members.edit"])
    # A new secret would be a way to what bob may not do.
    rotated = bob.post(f"{KEYS}{key.pk}/rotate/", {"former": "now", "expires": "keep"})
    assert rotated.status_code == 403
    kept = FORM | {"scopes": ["tasks.view", "members.edit"], "expires": "keep"}
    assert bob.post(f"{KEYS}{key.pk}/edit/", kept).status_code == 302
    more = kept | {"scopes": [*kept["scopes"], "teams.edit"]}
    assert bob.post(f"{KEYS}{key.pk}/edit/", more).status_code == 422


def test_a_rotated_key_works_with_both_secrets_for_a_day(proven, cast, time_machine):
    key, former = make_key(cast.acme, cast.alice)
    form = {"former": "day", "expires": "keep"}
    present = shown(proven.post(f"{KEYS}{key.pk}/rotate/", form))
    assert Program(former).get(EVENTS).status_code == 200
    assert Program(present).get(EVENTS).status_code == 200
    time_machine.move_to(timezone.now() + timedelta(hours=24, seconds=1))
    assert Program(former).get(EVENTS).status_code == 401
    assert Program(present).get(EVENTS).status_code == 200
    (entry,) = entries(cast.acme, "key.rotated")
    assert present[10:36] not in str(vars(entry))


def test_a_rotation_can_end_the_former_secret_at_once(proven, cast):
    key, former = make_key(cast.acme, cast.alice)
    form = {"former": "now", "expires": "30"}
    present = shown(proven.post(f"{KEYS}{key.pk}/rotate/", form))
    assert Program(former).get(EVENTS).status_code == 401
    assert Program(present).get(EVENTS).status_code == 200
    assert key_now(cast.acme).expires_at is not None


def test_revoking_ends_a_key_at_once_and_makes_room(as_alice, cast):
    key, text = make_key(cast.acme, cast.alice)
    as_alice.post(f"{KEYS}{key.pk}/revoke/")
    answer = Program(text).get(EVENTS)
    assert (answer.status_code, answer.json()["code"]) == (401, "key_revoked")
    assert len(entries(cast.acme, "key.revoked")) == 1
    with no_context(), tenant(cast.acme):
        assert Usage.objects.get(key="api_keys").used == 0
    assert as_alice.get(f"{KEYS}{key.pk}/").status_code == 200
    assert as_alice.get(f"{KEYS}{key.pk}/rotate/").status_code == 404


def test_a_plan_without_room_says_so_and_keeps_the_form(proven, cast, allow):
    allow(api_keys=1)
    assert proven.post(NEW, FORM).status_code == 200
    answer = proven.post(NEW, FORM | {"name": "Second"})
    assert answer.status_code == 422
    assert "1 of 1 API keys" in answer.text
    assert 'value="Second"' in answer.text


def test_owners_and_the_maker_are_told(cast, sign_in, run_jobs):
    adam = sign_in(cast.adam, cast.acme)
    adam.post("/accounts/reauthenticate/", {"password": "correct horse battery"})
    text = shown(adam.post(NEW, FORM))
    run_jobs()
    told = [one for one in mail.outbox if "API key" in one.subject]
    assert {one.to[0] for one in told} == {cast.alice.email, cast.adam.email}
    assert all(text[10:] not in one.body for one in told)
    assert "Adam Example made the API key" in told[0].body


def test_a_key_outlives_who_made_it(cast, as_alice):
    key, text = make_key(cast.acme, cast.adam)
    with no_context(), tenant(cast.acme):
        pk = member_of(cast, "adam").pk
    as_alice.post(f"/organizations/members/{pk}/remove/")
    assert Program(text).get(EVENTS).status_code == 200
    page = as_alice.get(f"{KEYS}{key.pk}/")
    assert "a former member" in page.text


def test_the_page_says_when_and_from_where_a_key_was_used(cast, as_alice):
    key, text = make_key(cast.acme, cast.alice)
    assert "Never" in as_alice.get(f"{KEYS}{key.pk}/").text
    Program(text).get(EVENTS)
    assert "127.0.0.1" in as_alice.get(f"{KEYS}{key.pk}/").text


def test_a_list_goes_on_and_marks_what_has_ended(cast, as_alice):
    for number in range(51):
        make_key(cast.acme, cast.alice, name=f"Robot {number}")
    past = timezone.now() - timedelta(days=1)
    make_key(cast.acme, cast.alice, expires_at=past, name="Old")
    first = as_alice.get(KEYS)
    assert "Expired" in first.text
    assert "Robot 0<" not in first.text
    more = re.search(r'class="more" href="([^"]+)"', first.text)[1]
    assert "Robot 0<" in as_alice.get(more.replace("&amp;", "&")).text


@given(name=st.text(max_size=80), day=st.text(max_size=12))
def test_no_text_breaks_the_form(proven, name, day):
    form = FORM | {"name": name, "expires": "on", "expires_on": day}
    assert proven.post(NEW, form).status_code in {200, 422}
