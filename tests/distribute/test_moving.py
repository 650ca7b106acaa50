"""The change itself, on the stand-in: its order, its end, and what an error leaves."""

import re
from itertools import pairwise

import pytest
from django.db import IntegrityError, ProgrammingError, connections
from django.test.utils import CaptureQueriesContext

from config.distribute import cluster, moving
from organizations.tenancy import tenant
from organizations.tenancy.proof.rehearsal import administrator
from tests.distribute.standin import already, column, install, owner, rows, run
from tests.lab.models import Item
from tests.tenancy.conftest import furnish
from tests.tenancy.databases import spare_database

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated
FROM pg_constraint WHERE contype = 'f' ORDER BY 1, 2"""
FORCED = "SELECT relname FROM pg_class WHERE relforcerowsecurity ORDER BY 1"
KINDS = "SELECT logicalrelid::text, partmethod FROM pg_dist_partition"
CHANGED = """
SELECT proname FROM pg_proc WHERE pronamespace = 'app'::regnamespace
AND 'citus.allow_nested_distributed_execution=on' = ANY(proconfig)"""


@pytest.fixture
def move(citus, plan):
    """Return a call that moves what is missing and tells its statements."""

    def call(**options):
        with CaptureQueriesContext(connections["owner"]) as queries:
            moving.move(
                connections["owner"], plan, **{"with_triggers": False} | options
            )
        return [" ".join(query["sql"].split()) for query in queries]

    return call


def of_kind(statements, pattern):
    return [i for i, text in enumerate(statements) if re.search(pattern, text)]


def test_every_table_becomes_what_the_plan_says(move, plan):
    move()
    found = dict(rows(KINDS))
    assert {name for name, kind in found.items() if kind == "h"} == set(
        plan.distributed
    )
    assert {name for name, kind in found.items() if kind == "n"} == set(plan.reference)


@pytest.mark.django_db(transaction=True, databases=["default", "owner", "operator"])
def test_after_a_run_that_stays_the_walls_stand(plan, distribute):
    with spare_database():
        install()
        moved = moving.move(connections["owner"], plan, with_triggers=False)
        assert sorted(moved) == sorted(plan.moved)
        said = distribute()
        assert "0 tables moved; keys on 2 workers." in said
        assert "nothing is open" in said[-1]
        ours, theirs = furnish("ours"), furnish("theirs")
        for where in (ours, theirs):
            with tenant(where.organization):
                assert [item.pk for item in Item.objects.all()] == [where.item.pk]
        connections["owner"].close()


def test_the_steps_come_in_the_order_of_the_recipe(move):
    said = move()
    steps = [
        r"^SET LOCAL citus\.multi_shard_modify_mode = 'sequential'",
        r"DROP CONSTRAINT",
        r"NO FORCE ROW",
        r"create_reference_table",
        r"create_distributed_table",
        r"ADD CONSTRAINT",
        r"(?<!NO) FORCE ROW",
    ]
    places = [of_kind(said, step) for step in steps]
    assert all(places)
    for before, after in pairwise(places):
        assert before[-1] < after[0]


def test_each_statement_goes_by_itself(move):
    changes = [text for text in move() if re.match(r"ALTER|SELECT create_|SET", text)]
    assert len(changes) > 100
    assert [text for text in changes if ";" in text] == []


def test_the_keys_are_the_same_and_row_security_is_forced_again(move):
    before, forced = rows(KEYS), column(FORCED)
    move()
    assert rows(KEYS) == before
    assert column(FORCED) == forced
    assert len(forced) > 50


def test_sharded_tables_lie_beside_the_first(move, plan):
    said = [text for text in move() if "create_distributed_table" in text]
    first, *rest = plan.distributed
    assert "colocate_with" not in said[0]
    assert f'public."{first}"' in said[0]
    assert len(rest) == len(said) - 1
    assert all(f"colocate_with => 'public.\"{first}\"'" in text for text in said[1:])


def test_a_new_table_lies_beside_those_that_are_there(move, plan):
    already(plan, "tasks_task", "accounts_user")
    said = move()
    (text,) = [text for text in said if "create_distributed_table" in text]
    assert 'public."tasks_task"' in text
    assert f"colocate_with => 'public.\"{plan.distributed[0]}\"'" in text
    assert len([text for text in said if "create_reference_table" in text]) == 1


def test_a_second_run_changes_nothing(move):
    move()
    again = move()
    assert of_kind(again, r"\b(ALTER|create_|SET LOCAL citus)") == []


@pytest.fixture
def let_ask(db, plan):
    """Return the call as the administrator, who alone may set what is not known here.

    It returns the functions that had to be changed; nothing of it stays.
    """
    with administrator(connections["owner"]) as admin:
        assert admin is not None
        with admin.transaction(force_rollback=True):
            cursor = admin.cursor()

            def call(*first):
                for statement in first:
                    cursor.execute(statement)
                before = cursor.execute(CHANGED).fetchall()
                moving.let_policies_ask(cursor, plan)
                after = cursor.execute(CHANGED).fetchall()
                return {name for (name,) in set(after) - set(before)}

            yield call


def test_the_functions_of_policies_may_ask_from_within_a_shard(let_ask):
    found = let_ask()
    assert {"acting_for", "is_colleague", "is_my_organization"} <= found
    assert not {"current_org", "mode", "verified", "board_tasks"} & found


def test_what_migrate_takes_from_the_functions_comes_back(let_ask):
    let_ask()
    assert let_ask() == set()
    made_anew = "ALTER FUNCTION app.is_colleague(uuid) RESET ALL"
    assert let_ask(made_anew) == {"is_colleague"}


def test_without_the_setting_no_function_is_touched(move):
    assert of_kind(move(), "ALTER FUNCTION") == []


@pytest.mark.parametrize("wanted", [True, False])
def test_triggers_are_let_in_only_when_somebody_said_so(move, wanted):
    said = move(with_triggers=wanted)
    assert (
        bool(of_kind(said, r"SET LOCAL citus\.enable_unsafe_triggers = on")) is wanted
    )


@pytest.mark.parametrize("table", ["accounts_user", "api_apikey", "webhooks_endpoint"])
def test_an_error_on_the_way_leaves_everything_as_it_was(move, table):
    before, forced = rows(KEYS), column(FORCED)
    run(f"SET LOCAL standin.breaks_at = '{table}'")
    with pytest.raises(ProgrammingError, match="the worker went away"):
        move()
    assert rows(KEYS) == before
    assert column(FORCED) == forced
    assert rows(KINDS) == []


def test_keys_that_would_differ_afterwards_end_it(move):
    before = rows(KEYS)
    run(
        "ALTER FUNCTION create_distributed_table RENAME TO as_ever",
        "CREATE FUNCTION create_distributed_table("
        " t regclass, c text, colocate_with text DEFAULT 'default') RETURNS void"
        " LANGUAGE plpgsql AS $f$ BEGIN PERFORM as_ever(t, c, colocate_with);"
        " IF t = 'webhooks_endpoint'::regclass THEN"
        "  ALTER TABLE webhooks_endpoint ADD CONSTRAINT extra"
        "   FOREIGN KEY (organization_id) REFERENCES organizations_organization (id);"
        " END IF; END $f$",
    )
    with pytest.raises(cluster.ClusterError, match="bound and walled in as before"):
        move()
    assert rows(KEYS) == before
    assert rows(KINDS) == []


def test_a_table_that_stays_is_not_forced_meanwhile_either(move):
    said = move()
    assert of_kind(said, "ALTER TABLE accounts_session NO FORCE ROW")
    assert of_kind(said, "ALTER TABLE accounts_session FORCE ROW")


@pytest.fixture
def lost_row(citus):
    """A row of no organization; its key, made by an owner who sees no row, holds."""
    (definition,) = column(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conname = 'limits_usage_organization_id_tenant_fk'"
    )
    run(
        "ALTER TABLE limits_usage"
        " DROP CONSTRAINT limits_usage_organization_id_tenant_fk",
        "ALTER TABLE limits_usage NO FORCE ROW LEVEL SECURITY",
        "INSERT INTO limits_usage (id, organization_id, key, used)"
        " VALUES (gen_random_uuid(), gen_random_uuid(), 'tasks', 1)",
        "ALTER TABLE limits_usage FORCE ROW LEVEL SECURITY",
        "ALTER TABLE limits_usage ADD CONSTRAINT"
        f" limits_usage_organization_id_tenant_fk {definition}",
    )


def test_a_row_that_points_nowhere_is_seen_when_the_keys_come_back(move, lost_row):
    with pytest.raises(IntegrityError, match="violates foreign key constraint"):
        move()
    assert rows(KINDS) == []


def test_the_coordinator_is_emptied_of_sharded_tables_only(citus, plan):
    already(plan)
    moving.empty_coordinator(connections["owner"], plan)
    assert column("SELECT name::text FROM truncated ORDER BY place") == plan.distributed


def test_the_coordinator_keeps_its_rows_until_all_are_sharded(citus, plan):
    already(plan, "tasks_task")
    with pytest.raises(cluster.ClusterError, match="Not distributed yet: tasks_task"):
        moving.empty_coordinator(connections["owner"], plan)
    assert column("SELECT name FROM truncated") == []


def test_the_shards_are_asked_about_row_security(citus, plan):
    with owner() as cursor:
        assert cluster.open_shards(cursor, plan) == []
    run("ALTER TABLE lab_item NO FORCE ROW LEVEL SECURITY")
    run("INSERT INTO unforced VALUES ('accounts_user')")
    with owner() as cursor:
        found = cluster.open_shards(cursor, plan)
    assert found == ["accounts_user 102008", "lab_item 102008"]
