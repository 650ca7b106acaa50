"""The walk along the chain, and the command: what a superuser did is found."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from organizations.audit import checking
from organizations.audit.checking import verify
from organizations.audit.models import AuditEntry
from tests.audit.tampering import insert_copy, inside, tamper, write

pytestmark = pytest.mark.django_db(databases=["default", "operator"], transaction=True)
WHERE = "organization_id = %(home)s AND sequence = %(place)s"


@pytest.fixture
def log(cast):
    """Acme's log with a few more entries than two batches."""
    write(cast, number=12)
    return cast


def verdict(organization):
    return inside(organization, lambda: verify(organization.pk))


def found(organization):
    problem = verdict(organization).problem
    return (problem.sequence, problem.kind)


def entry(organization, place):
    return inside(organization, lambda: AuditEntry.objects.get(sequence=place).pk)


def test_a_log_nobody_touched_is_right(log):
    last = inside(log.acme, lambda: AuditEntry.objects.latest("sequence"))
    whole = verdict(log.acme)
    assert whole.problem is None
    assert (whole.entries, whole.head) == (last.sequence, bytes(last.hash).hex())


# cap 71
@pytest.mark.parametrize(
    "change",
    [
        "action = action || '.'",
        "actor_label = 'Nobody'",
        "after = after || '{\"number\": 99}'",
        "before = '{\"a\": 1}'",
        "created_at = created_at + interval '1 microsecond'",
        "address = '10.0.0.1'",
        "actor_id = NULL",
        "impersonator_id = id",
        "target_id = target_id || ' '",
        "hash = sha256('x')",
    ],
)
def test_a_changed_byte_is_found_at_its_entry(log, change):
    tamper(
        f"UPDATE audit_auditentry SET {change} WHERE {WHERE}",
        home=log.acme.pk,
        place=7,
    )
    problem = verdict(log.acme).problem
    assert (problem.sequence, problem.kind) == (7, "changed")
    assert problem.entry == entry(log.acme, 7)
    assert verdict(log.globex).problem is None


# cap 71
@pytest.mark.parametrize("place", [1, 7, 11])
def test_a_deleted_entry_is_found_at_its_place(log, place):
    tamper(f"DELETE FROM audit_auditentry WHERE {WHERE}", home=log.acme.pk, place=place)
    assert found(log.acme) == (place, "missing")


# cap 71
def test_a_deleted_entry_is_found_though_the_others_move_up(log):
    tamper(
        f"DELETE FROM audit_auditentry WHERE {WHERE}",
        *(
            "UPDATE audit_auditentry SET sequence = sequence - 1"
            f" WHERE organization_id = %(home)s AND sequence = {place}"
            for place in range(8, 13)
        ),
        home=log.acme.pk,
        place=7,
    )
    assert found(log.acme) == (7, "changed")


# cap 71
def test_a_swapped_pair_is_found_as_out_of_order(log):
    move = (
        "UPDATE audit_auditentry SET sequence = {} WHERE sequence = {}"
        " AND organization_id = %(home)s"
    )
    six = entry(log.acme, 6)
    tamper(
        *(move.format(*pair) for pair in ((-6, 6), (6, 7), (7, -6))), home=log.acme.pk
    )
    problem = verdict(log.acme).problem
    assert (problem.sequence, problem.kind, problem.entry) == (6, "out of order", six)
    assert "stands at 7" in problem.text


def slip_in(log, place):
    """Move all from a place on by one, and put a copy of the one before it there."""
    home = "WHERE organization_id = %(home)s"
    tamper(
        f"UPDATE audit_auditentry SET sequence = -sequence {home} AND sequence >= {place}",
        f"UPDATE audit_auditentry SET sequence = 1 - sequence {home} AND sequence < 0",
        home=log.acme.pk,
    )
    insert_copy(
        place - 1, id="gen_random_uuid()", sequence=place, organization=log.acme.pk
    )


# cap 71
def test_an_inserted_entry_is_found(log):
    slip_in(log, 7)
    assert found(log.acme) == (7, "out of order")


# cap 71
def test_an_entry_inserted_with_a_right_hash_is_found_behind_itself(log):
    slip_in(log, 7)
    tamper(
        "UPDATE audit_auditentry e SET hash = sha256((SELECT hash FROM audit_auditentry"
        " WHERE organization_id = %(home)s AND sequence = 6)"
        " || convert_to(app.audit_text(e, 7), 'UTF8')) WHERE " + WHERE,
        home=log.acme.pk,
        place=7,
    )
    assert found(log.acme)[0] == 8


def test_a_second_entry_at_a_place_is_found(log):
    tamper("ALTER TABLE audit_auditentry DROP CONSTRAINT audit_entry_place")
    try:
        insert_copy(7, id="gen_random_uuid()", organization=log.acme.pk)
        assert verdict(log.acme).problem.kind in {"changed", "out of order"}
        assert found(log.acme)[0] == 7
    finally:
        tamper(
            "DELETE FROM audit_auditentry",
            "ALTER TABLE audit_auditentry ADD CONSTRAINT audit_entry_place"
            " UNIQUE (organization_id, sequence)",
        )


def test_an_entry_below_the_first_place_is_found(log):
    insert_copy(
        7, id="gen_random_uuid()", sequence=-3, organization=log.acme.pk, hash="''"
    )
    assert found(log.acme) == (-3, "out of order")


# cap 71
@pytest.mark.parametrize("size", [1, 5, 7, 1000])
def test_batches_of_any_size_find_the_same(log, size, monkeypatch):
    monkeypatch.setattr(checking, "BATCH", size)
    assert verdict(log.acme).problem is None
    tamper(
        f"UPDATE audit_auditentry SET action = 'x' WHERE {WHERE}",
        home=log.acme.pk,
        place=11,
    )
    assert found(log.acme) == (11, "changed")


def run(capsys, *arguments):
    call_command("audit_verify", *arguments)
    return capsys.readouterr().out


# cap 71
def test_the_command_says_counts_and_heads(log, capsys):
    out = run(capsys)
    assert f"acme: {verdict(log.acme).entries} entries" in out
    assert verdict(log.globex).head in out


@pytest.mark.parametrize("name", ["slug", "pk"])
def test_the_command_takes_one_organization(log, capsys, name):
    out = run(capsys, "--organization", str(getattr(log.acme, name)))
    assert "acme:" in out
    assert "globex:" not in out


@pytest.mark.parametrize("name", ["nothing", "01a1fcf2-d807-75ad-a04d-45145c990f10"])
def test_the_command_knows_no_other_organization(log, name):
    with pytest.raises(CommandError, match="There is no organization"):
        call_command("audit_verify", "--organization", name)


def test_the_command_names_the_first_bad_entry_and_fails(log, capsys):
    tamper(
        f"UPDATE audit_auditentry SET action = 'x' WHERE {WHERE}",
        home=log.acme.pk,
        place=7,
    )
    with pytest.raises(CommandError, match="1 of 2 logs are broken"):
        call_command("audit_verify")
    out = capsys.readouterr().out
    assert f"acme: entry 7 ({entry(log.acme, 7)}) is changed" in out
    assert "globex: " in out


def test_json_says_the_same(log, capsys):
    tamper(f"DELETE FROM audit_auditentry WHERE {WHERE}", home=log.acme.pk, place=7)
    with pytest.raises(CommandError):
        call_command("audit_verify", "--json")
    rows = {row["slug"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["acme"]["entries"] == 6
    assert rows["acme"]["problem"]["sequence"] == 7
    assert rows["acme"]["problem"]["kind"] == "missing"
    assert "problem" not in rows["globex"]


@pytest.fixture
def kept(log, capsys, tmp_path):
    """Heads that were kept before anything happened."""
    path = tmp_path / "heads.json"
    path.write_text(run(capsys, "--json"))
    return path


def test_heads_that_were_kept_are_met_by_a_longer_log(kept, log, capsys):
    write(log)
    assert "acme: " in run(capsys, "--kept", str(kept))


def test_a_cut_tail_is_found_by_the_kept_head_alone(kept, log, capsys):
    tamper(
        f"DELETE FROM audit_auditentry WHERE {WHERE}",
        home=log.acme.pk,
        place=verdict(log.acme).entries,
    )
    assert "acme: " in run(capsys)
    with pytest.raises(CommandError, match="1 of 2"):
        call_command("audit_verify", "--kept", kept)
    assert "the log was kept up to" in capsys.readouterr().out


def test_a_chain_made_anew_is_found_by_the_kept_head_alone(kept, log, capsys):
    last = verdict(log.acme).entries
    tamper(
        f"UPDATE audit_auditentry SET action = 'x' WHERE {WHERE}",
        "UPDATE audit_auditentry e SET hash = sha256((SELECT hash FROM audit_auditentry"
        " WHERE organization_id = %(home)s AND sequence = %(place)s - 1)"
        f" || convert_to(app.audit_text(e, %(place)s), 'UTF8')) WHERE {WHERE}",
        home=log.acme.pk,
        place=last,
    )
    assert "acme: " in run(capsys)
    with pytest.raises(CommandError):
        call_command("audit_verify", "--kept", kept)
    assert "made anew" in capsys.readouterr().out


def test_an_organization_that_is_gone_is_found_by_its_kept_head(kept, log):
    tamper("DELETE FROM audit_auditentry", "DELETE FROM organizations_organization")
    with pytest.raises(CommandError, match="no longer here"):
        call_command("audit_verify", "--kept", kept)


@pytest.mark.parametrize("text", ["", "{}", "[{}]", "[1]", '[{"organization": "x"}]'])
def test_heads_that_are_none_are_refused(cast, tmp_path, text):
    path = tmp_path / "heads.json"
    path.write_text(text)
    if text == "{}":
        call_command("audit_verify", "--kept", path)
        return
    with pytest.raises(CommandError, match="holds no heads"):
        call_command("audit_verify", "--kept", path)


def test_without_an_operators_connection_the_command_says_what_to_set(monkeypatch):
    monkeypatch.setattr("config.management.commands.audit_verify.connections", {})
    with pytest.raises(CommandError, match="DATABASE_OPERATOR_URL"):
        call_command("audit_verify")
    assert "operator" in connections
