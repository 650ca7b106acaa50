"""Every attack against the walls as they stand."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from organizations.tenancy import NoTenant, identity, no_context, tenant
from organizations.tenancy.models import uuid7
from tests.lab.models import Item, Label, Project
from tests.tenancy.attacks import ATTACKS, UNSCOPED, sql

# These start from people, whom only sign-in may see without an organization.
FROM_PEOPLE = {"sub-query", "prefetch"}
DENIED = {
    "truncate": "TRUNCATE lab_item",
    "switch row security off": "ALTER TABLE lab_item DISABLE ROW LEVEL SECURITY",
    "a policy of one's own": "CREATE POLICY mine ON lab_item USING (true)",
    "a trigger of one's own": "CREATE TRIGGER t BEFORE INSERT ON lab_item"
    " FOR EACH ROW EXECUTE FUNCTION app.touch()",
    "a table of one's own": "CREATE TABLE public.mine (a integer)",
    "a temporary table": "CREATE TEMP TABLE mine (a integer)",
    "a view of one's own": "CREATE VIEW public.mine AS SELECT * FROM lab_item",
    "a function of one's own": "CREATE FUNCTION app.mine() RETURNS int LANGUAGE sql"
    " AS 'SELECT 1'",
    "replace the verification": "CREATE OR REPLACE FUNCTION app.verified(name text)"
    " RETURNS text LANGUAGE sql AS 'SELECT 1::text'",
    "become the owner": "SET ROLE insula_owner",
    "become the operator": "SET ROLE insula_operator",
    "become the operator by a function": "SELECT set_config('role', 'insula_operator',"
    " true)",
    "become the definer": "SET LOCAL ROLE insula_definer",
    "sign in as the owner": "SET SESSION AUTHORIZATION insula_owner",
    "read the seal key": "SELECT * FROM app_private.seal_key",
    "row security off in the session": "SET LOCAL row_security = off;"
    " SELECT * FROM lab_item",
    "skip the triggers": "SET session_replication_role = replica",
    "copy into a table": "COPY lab_item FROM STDIN",
    "copy to a program": "COPY lab_item TO PROGRAM 'cat'",
    "import a file": "SELECT lo_import('/etc/passwd')",
    "read a file": "SELECT pg_read_file('/etc/passwd')",
    "add an extension": "CREATE EXTENSION dblink",
    "read password hashes": "SELECT rolpassword FROM pg_authid",
    "show statements again": "SET track_activities = on",
    "change the role": "ALTER ROLE insula_app BYPASSRLS",
    "put the owner's name on a table": "ALTER TABLE lab_item OWNER TO insula_app",
    "staff groups": "SELECT * FROM auth_group",
    "the console's history": "SELECT * FROM django_admin_log",
    "change the audit": "UPDATE audit_auditentry SET action = 'x'",
    "delete the audit": "DELETE FROM audit_auditentry",
    "change the price list": "UPDATE billing_plan SET monthly_cents = 0",
}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_the_walls_hold(attack, ours, theirs):
    assert attack.walls in attack.outcome(ours, theirs)


@pytest.mark.parametrize("call", UNSCOPED)
def test_a_call_without_a_context_is_refused(call, ours):
    outside = identity() if call in FROM_PEOPLE else no_context()
    with outside, pytest.raises(NoTenant):
        UNSCOPED[call](ours)


@pytest.mark.parametrize("statement", DENIED)
def test_the_runtime_role_may_not(statement, ours):
    with (
        tenant(ours.organization, ours.user),
        pytest.raises(DatabaseError),
        transaction.atomic(),
    ):
        sql(DENIED[statement])


def test_a_foreign_id_fails_exactly_like_one_that_does_not_exist(ours, theirs):
    said = []
    for project in (theirs.project.pk, uuid7()):
        with (
            tenant(ours.organization),
            pytest.raises(IntegrityError) as error,
            transaction.atomic(),
        ):
            Item.objects.create(title="x", project_id=project)
        said.append(str(error.value).replace(str(project), "ID"))
    assert said[0] == said[1]


def test_their_id_and_their_name_are_free_for_us(ours, theirs):
    with tenant(ours.organization):
        Project.objects.create(id=theirs.project.pk, name="theirs")
        assert Project.objects.filter(name="theirs").count() == 1
    with tenant(theirs.organization):
        assert Project.objects.get().name == "P"


def test_statistics_of_tenant_tables_are_hidden(ours):
    with tenant(ours.organization):
        assert sql("SELECT * FROM pg_stats WHERE tablename = 'lab_item'") == []


def test_a_statement_of_another_session_is_hidden(ours, theirs):
    # It would show the seal of somebody's context, good for minutes.
    with tenant(ours.organization):
        shown = sql("SELECT query FROM pg_stat_activity WHERE usename = 'insula_app'")
    assert not any("app.enter" in (query or "") for (query,) in shown)


def test_deleting_takes_our_rows_only(ours, theirs):
    with tenant(ours.organization):
        ours.project.delete()
        assert Item.objects.count() == 0
    with tenant(theirs.organization):
        assert Item.objects.count() == 1


def test_related_managers_make_rows_in_our_organization(ours):
    with tenant(ours.organization):
        ours.item.labels.set([ours.loose])
        made = ours.item.labels.create(name="made")
        assert made.organization_id == ours.id
        assert {label.name for label in ours.item.labels.all()} == {"loose", "made"}
        assert Label.objects.count() == 3
