"""The audit log in the console: places, hashes, and a verdict on the chain."""

import pytest

from config.operator import verdicts
from organizations.audit.models import AuditEntry, PlatformEntry
from organizations.models import Organization
from organizations.tenancy import no_context, tenant
from tests.audit.tampering import tamper, write
from tests.history import entries
from tests.operator.conftest import CONSOLE, act, address

pytestmark = CONSOLE


def break_log(cast):
    tamper(
        "UPDATE audit_auditentry SET action = 'x' WHERE organization_id = %(home)s"
        " AND sequence = 2",
        home=cast.acme.pk,
    )


def test_the_list_shows_the_place_of_each_entry(as_olga, cast):
    page = as_olga.get(address(AuditEntry, "changelist"))
    assert page.status_code == 200
    assert "column-sequence" in page.text
    assert as_olga.get(address(PlatformEntry, "changelist")).status_code == 200


def test_an_entry_shows_its_place_and_hash(as_olga, cast):
    entry = entries(cast.acme)[0]
    page = as_olga.get(address(AuditEntry, "change", entry.pk)).text
    assert bytes(entry.hash).hex() in page


# cap 71
def test_staff_verify_the_logs_they_choose(as_olga, cast):
    page = act(as_olga, Organization, "verify_log", cast.acme, cast.globex).text
    for organization in (cast.acme, cast.globex):
        head = bytes(entries(organization)[0].hash).hex()
        assert f"{organization}: {len(entries(organization))} entries" in page
        assert head in page


# cap 71
def test_staff_are_told_of_the_first_bad_entry(as_olga, cast):
    break_log(cast)
    page = act(as_olga, Organization, "verify_log", cast.acme, cast.globex).text
    assert "Acme: entry 2 is changed" in page
    assert "Globex: 2 entries, each as it was written" in page


def test_a_log_without_entries_is_as_it_was_written(as_olga, cast):
    tamper("DELETE FROM audit_auditentry")
    page = act(as_olga, Organization, "verify_log", cast.acme).text
    assert "Acme: 0 entries" in page


def test_a_long_log_is_left_to_the_command(as_olga, cast, monkeypatch):
    monkeypatch.setattr(verdicts, "MOST", 3)
    write(cast)
    page = act(as_olga, Organization, "verify_log", cast.acme).text
    assert "verify them by manage.py audit_verify" in page


def test_to_verify_changes_and_records_nothing(as_olga, cast):
    before = len(entries(cast.acme))
    act(as_olga, Organization, "verify_log", cast.acme)
    assert len(entries(cast.acme)) == before
    with no_context(), tenant(cast.acme):
        assert Organization.objects.get(pk=cast.acme.pk).is_active


@pytest.mark.parametrize("who", ["as_alice", "as_bob"])
def test_members_verify_nothing_in_the_console(request, cast, who):
    client = request.getfixturevalue(who)
    values = {"action": "verify_log", "_selected_action": [str(cast.acme.pk)]}
    answer = client.post(address(Organization, "changelist"), values)
    assert answer.status_code in {302, 403, 404}
