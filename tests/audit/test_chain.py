"""The chain of entries: made by the database, and broken by whoever meddles."""

import hashlib
import json
from threading import Barrier, Thread

import pytest
from django.db import connection

from organizations.audit.chain import Link, links, verdict_on
from organizations.audit.models import AuditEntry
from organizations.audit.recording import build, record, record_many
from organizations.models import Organization
from organizations.tenancy import no_context, tenant

ENTRY = "audit_auditentry"
ONE = "WHERE organization_id = %s AND sequence = %s"
CONSOLE = pytest.mark.django_db(transaction=True, databases=["default", "operator"])


def chain_of(organization):
    with no_context(), tenant(organization):
        return list(links(organization.pk, "default"))


def test_every_entry_has_its_place_and_its_hash(cast):
    found = chain_of(cast.acme)
    assert [link.sequence for link in found] == list(range(1, len(found) + 1))
    before = b""
    for link in found:
        assert link.hash == hashlib.sha256(before + link.text.encode()).digest()
        before = link.hash
    assert len({link.hash for link in found}) == len(found) > 3


def test_each_organization_has_a_chain_of_its_own(cast):
    acme, globex = chain_of(cast.acme), chain_of(cast.globex)
    assert acme[0].sequence == globex[0].sequence == 1
    assert not {one.hash for one in acme} & {one.hash for one in globex}


def test_entries_written_together_are_linked_one_by_one(cast):
    length = len(chain_of(cast.acme))
    with no_context(), tenant(cast.acme, cast.alice):
        record_many([build("task.edited", label=f"No. {n}") for n in range(20)])
    found = chain_of(cast.acme)
    assert len(found) == length + 20
    assert verdict_on(iter(found)).fault == ""


def test_the_text_holds_everything_that_was_recorded(cast):
    with no_context(), tenant(cast.acme, cast.alice):
        entry = record(
            "task.edited", by=cast.alice, before={"a": 1.5}, after={"a": "ß😀"}
        )
    text = json.loads(chain_of(cast.acme)[-1].text)
    assert text["id"] == str(entry.pk)
    assert (text["before"], text["after"]) == ({"a": 1.5}, {"a": "ß😀"})
    assert text["actor_label"] == "Alice Example"
    stored = {field.column for field in AuditEntry._meta.concrete_fields}
    told = {f"{name}_id" for name in ("organization", "actor", "impersonator")}
    named = set(text) - {"organization", "actor", "impersonator", "at"} | told
    assert named | {"created_at", "hash"} == stored


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "America/St_Johns"])
@pytest.mark.parametrize("style", ["ISO, DMY", "German", "SQL, MDY"])
def test_no_setting_of_a_session_changes_the_text(cast, zone, style):
    before = [link.text for link in chain_of(cast.acme)]
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL TIME ZONE '{zone}'")
        cursor.execute(f"SET LOCAL datestyle = '{style}'")
        cursor.execute("SET LOCAL extra_float_digits = 0")
    assert [link.text for link in chain_of(cast.acme)] == before


def test_nobody_chooses_the_place_or_the_hash(cast):
    with no_context(), tenant(cast.acme, cast.alice):
        forged = build("task.edited", label="Forged")
        forged.sequence, forged.hash = 1, b"x"
        AuditEntry.objects.bulk_create([forged])
    assert verdict_on(iter(chain_of(cast.acme))).fault == ""
    assert chain_of(cast.acme)[-1].sequence == len(chain_of(cast.acme))


@CONSOLE
def test_whole_logs_are_believed(committed, verify):
    content, words = verify()
    assert content
    assert "acme: 14 entries, " in words
    assert "globex: 2 entries, " in words


# cap 71
@CONSOLE
@pytest.mark.parametrize(
    "change",
    [
        "action = 'organization.editee'",
        "after = jsonb_set(after, '{name}', '\"Acme x\"')",
        "before = '{}'",
        "actor_label = 'Alicf Example'",
        "actor_id = NULL",
        "address = '10.0.0.1'",
        "created_at = created_at + interval '1 microsecond'",
        "target_id = 'x'",
        "user_agent = ' '",
        "request_id = 'x'",
        "hash = sha256('')",
    ],
)
def test_a_change_by_a_superuser_is_found(committed, meddle, verify, change):
    meddle(f"UPDATE {ENTRY} SET {change} {ONE}", committed.acme.pk, 6)
    content, words = verify()
    assert not content
    assert "acme: entry 6 (" in words
    assert "was changed" in words
    assert "globex: 2 entries" in words


@CONSOLE
@pytest.mark.parametrize("place", [1, 6])
def test_a_deleted_entry_is_missed(committed, meddle, verify, place):
    meddle(f"DELETE FROM {ENTRY} {ONE}", committed.acme.pk, place)
    content, words = verify("--organization", "acme")
    assert not content
    assert f"entry {place} is missing" in words


@CONSOLE
def test_swapped_entries_are_found(committed, meddle, verify):
    for old, new in ((5, 500), (6, 5), (500, 6)):
        meddle(f"UPDATE {ENTRY} SET sequence = {new} {ONE}", committed.acme.pk, old)
    content, words = verify("--organization", str(committed.acme.pk))
    assert not content
    assert "acme: entry 5 (" in words


@CONSOLE
def test_an_entry_slipped_in_is_found(committed, meddle, verify):
    columns = [
        field.column
        for field in AuditEntry._meta.concrete_fields
        if field.column not in {"id", "sequence"}
    ]
    names = ", ".join(columns)
    meddle(
        f"INSERT INTO {ENTRY} (id, sequence, {names}) SELECT gen_random_uuid(), 15,"
        f" {names} FROM {ENTRY} {ONE}",
        committed.acme.pk,
        14,
    )
    content, words = verify()
    assert not content
    assert "acme: entry 15 (" in words


@CONSOLE
def test_heads_are_told_for_keeping(committed, verify):
    content, words = verify("--json")
    told = {one["organization"]: one for one in map(json.loads, words.splitlines())}
    assert content
    assert told["acme"]["head"] == chain_of(committed.acme)[-1].hash.hex()
    assert told["acme"]["length"] == 14
    assert told["acme"]["fault"] == ""


@CONSOLE
@pytest.mark.parametrize("name", ["nowhere", "018f0000-0000-7000-8000-000000000000"])
def test_an_unknown_organization_is_said_to_be_so(committed, verify, name):
    content, words = verify("--organization", name)
    assert not content
    assert f"No organization has the address or id {name}." in words


def test_without_the_operator_it_says_what_it_needs(db, settings, verify):
    settings.HAS_CONSOLE = False
    content, words = verify()
    assert not content
    assert "DATABASE_OPERATOR_URL" in words


def write_at_once(organization, user, writers, each):
    gate, failures = Barrier(writers), []

    def go():
        try:
            gate.wait()
            for number in range(each):
                with tenant(organization, user):
                    record("task.edited", label=str(number))
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=go) for _writer in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


@pytest.mark.django_db(transaction=True)
def test_of_many_who_write_at_once_each_gets_a_place(committed):
    assert write_at_once(committed.acme, committed.alice, 8, 10) == []
    found = chain_of(committed.acme)
    assert len(found) == 14 + 80
    assert verdict_on(iter(found)).fault == ""


def test_a_long_chain_is_read_in_batches(cast, monkeypatch):
    monkeypatch.setattr("organizations.audit.chain.BATCH", 7)
    with no_context(), tenant(cast.acme, cast.alice):
        record_many([build("task.edited") for _number in range(30)])
    found = chain_of(cast.acme)
    assert [link.sequence for link in found] == list(range(1, len(found) + 1))


def test_an_empty_chain_is_a_good_one(cast):
    with no_context(), tenant(cast.acme):
        Organization.objects.get(pk=cast.acme.pk)
    assert verdict_on(iter([])).length == 0
    lone = Link(2, cast.acme.pk, b"", "")
    assert verdict_on(iter([lone])).fault == "entry 1 is missing"
