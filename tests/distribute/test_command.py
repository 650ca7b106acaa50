"""The command: one sentence where it refuses, and the same run for a new node."""

import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db import connections

from config.distribute.obstacles import ACCEPTABLE
from config.management.commands.distribute import Command
from organizations.tenancy.context import pads
from tests.distribute.standin import already, column, rows, run

pytestmark = pytest.mark.django_db(databases=["default", "owner", "operator"])
KINDS = "SELECT logicalrelid::text FROM pg_dist_partition"
SAID = "SELECT command FROM said ORDER BY place"


def test_without_the_extension_it_says_so_and_does_nothing(distribute):
    with pytest.raises(CommandError, match="extension citus is not in this database"):
        distribute()


def test_the_plan_lists_each_table_once_and_changes_nothing(distribute, plan):
    before = rows("SELECT xmin::text, oid FROM pg_class ORDER BY oid")
    lines = [line.split() for line in distribute("--plan")]
    for kind in ("distributed", "reference", "local"):
        assert [line[1] for line in lines if line[0] == kind] == getattr(plan, kind)
    assert rows("SELECT xmin::text, oid FROM pg_class ORDER BY oid") == before


def test_the_plan_says_what_is_in_the_way_and_how_it_is_mended(distribute):
    lines = distribute("--plan")
    assert any(
        line.startswith("refused      definer app.search_tasks") for line in lines
    )
    assert any(line.startswith("accept?      row-trigger tasks_task") for line in lines)
    assert len([line for line in lines if line.startswith("mend ")]) >= 8
    assert lines[-1] == "The extension citus is not in this database."


def test_the_plan_on_a_cluster_says_what_is_done(citus, distribute, plan):
    already(plan, "tasks_task")
    lines = distribute("--plan")
    assert "distributed  tasks_taskassignee  (done)" in lines
    assert "distributed  tasks_task" in lines
    assert "reference    accounts_user  (done)" in lines
    assert not [line for line in lines if line.startswith("local") and "done" in line]


def test_with_things_in_the_way_nothing_is_begun(citus, distribute):
    with pytest.raises(CommandError, match=r"things stand in the way \(.*definer"):
        distribute(*(f"--accept={code}" for code in sorted(ACCEPTABLE)))
    assert column(KINDS) == []
    assert column(SAID) == []


def test_what_is_accepted_is_not_counted(citus, distribute):
    with pytest.raises(CommandError) as every:
        distribute()
    with pytest.raises(CommandError) as fewer:
        distribute("--accept", "row-trigger", "--accept", "deferred-key")
    assert "row-trigger" in str(every.value)
    assert "row-trigger" not in str(fewer.value)
    assert "deferred-key" not in str(fewer.value)
    assert "function" in str(fewer.value)


@pytest.mark.parametrize("code", ["definer", "set-null", "nonsense"])
def test_what_cannot_work_cannot_be_accepted(distribute, code):
    with pytest.raises(CommandError, match="invalid choice"):
        distribute("--accept", code)


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("SET LOCAL citus.propagate_set_commands = ''", "propagate_set_commands"),
        ("DELETE FROM pg_dist_node WHERE groupid = 0", "citus_set_coordinator_host"),
        (
            "DROP FUNCTION run_command_on_workers",
            "insula_owner may not call run_command_on_workers",
        ),
        (
            "REVOKE EXECUTE ON FUNCTION create_reference_table FROM PUBLIC, insula_owner",
            "may not call create_reference_table",
        ),
        (
            "INSERT INTO pg_dist_partition VALUES ('tasks_task', 'n', 't')",
            "tasks_task is reference and should be distributed",
        ),
        (
            "INSERT INTO pg_dist_partition VALUES ('accounts_session', 'h', 's')",
            "accounts_session is distributed and should be local",
        ),
    ],
)
def test_a_cluster_that_is_not_ready_is_refused(citus, distribute, statement, sentence):
    run(statement)
    for option in ((), ("--truncate-local",)):
        with pytest.raises(CommandError, match=sentence):
            distribute(*option)
    assert column(SAID) == []


def test_a_local_table_in_the_books_of_citus_is_no_matter(citus, distribute, plan):
    already(plan)
    run("INSERT INTO pg_dist_partition VALUES ('accounts_session', 'n', 's')")
    assert "0 tables moved; keys on 2 workers." in distribute()


def test_run_again_it_gives_the_keys_to_every_node(citus, distribute, plan):
    already(plan)
    lines = distribute()
    assert "is not known here" in lines[0]
    assert lines[1] == "0 tables moved; keys on 2 workers."
    assert "nothing is open" in lines[-1]
    inner, outer = (pad.hex() for pad in pads(settings.TENANCY["SEAL_KEY"]))
    table, key, *_others, last = column(SAID)
    assert table.startswith("CREATE TABLE IF NOT EXISTS app_private.seal_key")
    assert f"VALUES (1, '\\x{inner}', '\\x{outer}')" in key
    assert last == "DELETE FROM app_private.seal_key WHERE id NOT IN (1)"


def test_the_former_key_goes_along_while_it_is_good(citus, distribute, plan):
    already(plan)
    run("INSERT INTO app_private.seal_key VALUES (2, '\\x01', '\\x02')")
    distribute()
    said = column(SAID)
    assert any("VALUES (2, '\\x01', '\\x02')" in text for text in said)
    assert said[-1].endswith("NOT IN (1, 2)")


def test_a_worker_that_refuses_its_key_ends_it(citus, distribute, plan):
    already(plan)
    run("UPDATE answers SET success = false, result = 'no such schema'")
    with pytest.raises(CommandError, match="worker1 refuses its seal key: no such"):
        distribute()


def test_a_shard_whose_rows_are_open_is_told_of(citus, distribute, plan):
    already(plan)
    run("INSERT INTO unforced VALUES ('tasks_task')")
    with pytest.raises(CommandError, match="not forced on tasks_task 102008"):
        distribute()


def test_emptying_the_coordinator_is_asked_for_by_itself(citus, distribute, plan):
    already(plan)
    assert distribute("--truncate-local") == [
        "The coordinator keeps no rows of sharded tables."
    ]
    assert column("SELECT count(*) FROM truncated") == [len(plan.distributed)]
    assert column(SAID) == []


def test_emptying_too_early_is_refused(citus, distribute, plan):
    already(plan, "labels_label")
    with pytest.raises(CommandError, match="Not distributed yet: labels_label"):
        distribute("--truncate-local")


def test_two_things_at_once_are_refused(distribute):
    with pytest.raises(CommandError, match="not allowed with"):
        distribute("--plan", "--truncate-local")


def test_without_the_owner_s_address_it_says_so(distribute):
    kept = connections.settings.pop("owner")
    try:
        with pytest.raises(CommandError, match="Set DATABASE_OWNER_URL"):
            distribute("--plan")
    finally:
        connections.settings["owner"] = kept


def test_its_help_says_what_it_was_tried_on():
    assert "tried on a stand-in" in Command.help
    assert "never on Citus with all of today's tables" in Command.help
