"""Seals: how long they last, which key made them, what a forged one meets."""

import hmac
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, connections, transaction

from organizations.tenancy import (
    NoTenant,
    as_user,
    current,
    identity,
    no_context,
    operator,
    tenant,
)
from organizations.tenancy import context as contexts
from organizations.tenancy.context import RENEW_SECONDS, SEAL_SECONDS, Context
from organizations.tenancy.functions import FORGET_PREVIOUS_KEY, key_statements
from organizations.tenancy.models import uuid7
from tests.tenancy.attacks import sql, told
from tests.tenancy.conftest import own_connection

COUNT = "SELECT count(*) FROM lab_item"


@pytest.fixture
def clock(monkeypatch):
    """Return a way to move the clock that seals are made by."""
    now = contexts.time.time()
    shift = {"seconds": 0}
    monkeypatch.setattr(contexts.time, "time", lambda: now + shift["seconds"])

    def move(**by):
        shift["seconds"] += timedelta(**by).total_seconds()

    return move


def test_a_seal_is_made_once_and_renewed_in_time(clock):
    context = Context("tenant", uuid7())
    first = context.sql()
    clock(seconds=SEAL_SECONDS - RENEW_SECONDS - 1)
    assert context.sql() == first
    clock(seconds=2)
    assert context.sql() != first


def test_an_expired_seal_is_refused(ours, clock):
    clock(seconds=-SEAL_SECONDS - 10)
    with (
        tenant(ours.organization),
        pytest.raises(ProgrammingError, match="has expired"),
        transaction.atomic(),
    ):
        sql(COUNT)


# cap 35
@pytest.mark.parametrize(
    "setting", ["current_org_id", "current_user_id", "is_superadmin"]
)
def test_every_part_of_the_context_is_sealed(setting, ours, theirs):
    value = "on" if setting == "is_superadmin" else str(theirs.id)
    with (
        tenant(ours.organization, ours.user),
        pytest.raises(ProgrammingError, match="is forged"),
        transaction.atomic(),
    ):
        told(f"app.{setting}", value, COUNT)


def test_the_expiry_cannot_be_moved(ours):
    with tenant(ours.organization) as context:
        stretched = f"9999999999{context.sql()[-68:-3]}"
        with pytest.raises(ProgrammingError, match="is forged"), transaction.atomic():
            told("app.seal", stretched, COUNT)


def test_settings_without_a_seal_are_no_context(theirs):
    with no_context(), transaction.atomic():
        sql("SELECT set_config('app.current_org_id', %s, true)", [str(theirs.id)])
        sql("SELECT set_config('app.is_superadmin', 'on', true)")
        assert sql(COUNT) == [(0,)]


@pytest.mark.parametrize("seal", ["x", "9999999999.", "9999999999.x", "é" * 80])
def test_a_forged_seal_on_a_fresh_connection_is_refused(seal, transactional_db):
    # The other settings were never set there: NULL, which compares to nothing.
    connection.close()
    with no_context(), transaction.atomic():
        sql("SELECT set_config('app.current_org_id', %s, true)", [str(uuid7())])
        with pytest.raises(ProgrammingError, match="is forged"), transaction.atomic():
            told("app.seal", seal, COUNT)


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_previous_key_goes_on_until_it_is_forgotten(ours, settings):
    keys = [settings.TENANCY["SEAL_KEY"], "the next seal key, which is 40 letters long"]
    old = Context("tenant", ours.organization)
    old.sql()
    try:
        change_key(key_statements(keys[1]))
        assert counted(old) == [(1,)]
        settings.TENANCY = {**settings.TENANCY, "SEAL_KEY": keys[1]}
        assert counted(Context("tenant", ours.organization)) == [(1,)]
        change_key([FORGET_PREVIOUS_KEY])
        with pytest.raises(ProgrammingError, match="is forged"), transaction.atomic():
            counted(old)
    finally:
        change_key([*key_statements(keys[0]), FORGET_PREVIOUS_KEY])


def change_key(statements):
    with own_connection() as owner:
        for statement in statements:
            owner.execute(statement)


def counted(context):
    with contexts.enter(context):
        return sql(COUNT)


def test_contexts_nest_and_end(ours):
    assert current() is None
    with identity() as outer, as_user(ours.user) as inner:
        assert current() is inner
        with no_context():
            assert current() is None
        assert current().mode == "user"
        assert outer.mode == "identity"
    assert current() is None


def test_a_tenant_inside_keeps_the_person(ours):
    with as_user(ours.user), tenant(ours.organization) as context:
        assert context.user_id == ours.user.pk
        assert repr(context) == f"<tenant org={ours.id} user={ours.user.pk}>"


def test_a_context_needs_an_organization():
    with pytest.raises(NoTenant):
        tenant(None)


@pytest.mark.parametrize("wrong", ["'; DROP TABLE lab_item; --", "1", ""])
def test_a_context_takes_only_ids(wrong):
    with pytest.raises(ValueError, match="UUID"):
        tenant(wrong)


def test_an_operator_gives_a_reason():
    with pytest.raises(ValueError, match="reason"):
        operator(None, "")


def test_one_persons_requests_share_a_seal(monkeypatch):
    organization, user = uuid7(), uuid7()
    first = Context("tenant", organization, user).sql()
    assert Context("tenant", organization, user).sql() is first
    assert Context("tenant", organization, uuid7()).sql() != first
    assert Context("operator", organization, user).sql() != first
    monkeypatch.setattr(contexts, "MOST_SEALED", 0)
    assert Context("tenant", uuid7(), user).sql() != first
    assert len(contexts._sealed) == 1


def test_a_seal_is_the_standard_hmac(settings):
    key = contexts.digest_key(settings.TENANCY["SEAL_KEY"])
    assert contexts.seal("said") == hmac.digest(key, b"said", "sha256").hex()


@pytest.mark.parametrize("enter", [identity, lambda: as_user(uuid7())])
def test_other_contexts_see_no_tenant_data(enter, ours):
    with enter():
        assert sql(COUNT) == [(0,)]
        with pytest.raises(NoTenant):
            type(ours.item).objects.count()


def test_staff_on_the_runtime_connection_see_nothing(ours):
    with operator(ours.user, "a test"):
        assert type(ours.item).objects.using("default").count() == 0


def test_the_runtime_role_cannot_read_the_key(ours):
    with (
        tenant(ours.organization),
        pytest.raises(ProgrammingError, match="denied"),
        transaction.atomic(),
    ):
        sql("SELECT * FROM app_private.seal_key")
    assert connections["default"].settings_dict["USER"] == "insula_app"
