import psycopg
import pytest
from django.conf import settings
from django.db import connection

from organizations.tenancy.context import Context
from organizations.tenancy.models import uuid7
from organizations.tenancy.roles import role_name

TABLES = ("audit_auditentry", "audit_platformentry")
ROLES = {"app": "tenant", "operator": "operator", "owner": "operator"}


@pytest.fixture
def session(db, request):
    """A connection of one role, in whose transaction an organization and its entry
    stand."""
    role = request.param
    params = connection.get_connection_params()
    kept = {key: params[key] for key in ("host", "port", "dbname") if key in params}
    user = role_name(settings.TENANCY["ROLE_PREFIX"], role)
    with psycopg.connect(**kept, user=user) as link:
        link.organization = uuid7()
        link.execute(Context(ROLES[role], link.organization, uuid7()).sql())
        write(link)
        yield link
        link.rollback()


def write(link):
    link.execute(
        "INSERT INTO organizations_organization"
        " (id, name, slug, task_prefix, is_active, settings, metadata, limits, plan,"
        f" logo) VALUES ('{link.organization}', 'X', '{link.organization}', 'XX', true,"
        " '{}', '{}', '{}', 'free', '')"
    )
    link.execute(
        "INSERT INTO audit_auditentry (id, organization_id, actor_type, actor_label,"
        " action, target_type, target_id, target_label, before, after, user_agent,"
        f" request_id) VALUES ('{uuid7()}', '{link.organization}', 'system', '', 'a.b',"
        " '', '', '', '{}', '{}', '', '')"
    )


# cap 71
@pytest.mark.parametrize("session", list(ROLES), indirect=True)
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET action = 'x'", "DELETE FROM {}", "TRUNCATE {}"]
)
def test_entries_are_refused_to_every_role(session, table, statement):
    if table == "audit_platformentry" and session.info.user.endswith("owner"):
        write_platform(session)
    # A pending check of a key would refuse TRUNCATE before the trigger does.
    session.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(psycopg.errors.InsufficientPrivilege) as refusal:
        session.execute(statement.format(table))
    assert table in str(refusal.value)


def write_platform(link):
    link.execute(
        "INSERT INTO audit_platformentry (id, actor_type, actor_label, action,"
        " target_type, target_id, target_label, before, after, user_agent, request_id)"
        f" VALUES ('{uuid7()}', 'system', '', 'a.b', '', '', '', '{{}}', '{{}}', '', '')"
    )


@pytest.mark.parametrize("session", ["owner"], indirect=True)
def test_the_owner_is_stopped_by_the_trigger_not_for_want_of_rows(session):
    assert session.execute("SELECT count(*) FROM audit_auditentry").fetchone() == (1,)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        session.execute("UPDATE audit_auditentry SET action = 'x'")


@pytest.mark.parametrize("session", ["owner"], indirect=True)
def test_entries_go_with_their_whole_organization_alone(session):
    session.execute(
        "DELETE FROM organizations_organization WHERE id = %s", [session.organization]
    )
    assert session.execute("SELECT count(*) FROM audit_auditentry").fetchone() == (0,)


@pytest.mark.parametrize("session", ["app"], indirect=True)
def test_an_upsert_is_no_way_round(session):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute(
            "INSERT INTO audit_auditentry SELECT * FROM audit_auditentry"
            " ON CONFLICT (organization_id, id) DO UPDATE SET action = 'x'"
        )


@pytest.mark.parametrize("session", ["app"], indirect=True)
def test_the_runtime_role_cannot_switch_the_trigger_off(session):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER ALL")
