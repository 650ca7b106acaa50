"""What a program does is recorded under its name, and logged with its key."""

import json

import pytest
from django.test import Client

from organizations.audit.models import AuditEntry
from organizations.tenancy import no_context, tenant
from tests.api.conftest import EVENTS, Program, make_key
from tests.security.test_logs import lines

__all__ = ["lines"]

LABELS = "/api/v1/labels"
NEW = {"name": "Boxes", "colour": "red"}


@pytest.fixture
def entry(program, cast):
    answer = program.post(LABELS, NEW, X_Request_ID="order-7-of-today")
    assert answer.status_code == 201, answer.text
    with no_context(), tenant(cast.acme):
        return AuditEntry.objects.get(action="label.created")


def test_an_entry_names_the_program_and_where_it_asked_from(entry, program):
    assert (entry.actor_type, entry.actor_id) == ("program", None)
    assert entry.actor_label == f"Robot ({program.key.prefix}…)"
    assert entry.address == "127.0.0.1"
    assert entry.request_id == "order-7-of-today"


def test_the_log_shows_programs_as_such(entry, as_alice):
    page = as_alice.get("/audit/", {"actor": "programs"})
    assert "label.created" in page.text
    assert "Robot (ins_" in page.text
    assert "#key-round" in page.text
    assert "key.created" not in page.text.split("<tbody>")[1]
    others = as_alice.get("/audit/", {"actor": "system"})
    assert "Robot (ins_" not in others.text.split("</form>")[-1]
    assert '<option value="programs"' in page.text


def test_log_lines_name_the_key_and_never_its_text(program, lines):
    program.get(EVENTS)
    (line,) = lines.objects("request")
    assert line["api_key"] == str(program.key.pk)
    assert line["organization"] == str(program.key.organization_id)
    assert program.text not in lines.getvalue()


def test_a_signed_in_person_is_nobody_here(as_alice):
    answer = as_alice.post(LABELS, json.dumps(NEW), "application/json")
    assert answer.status_code == 401


def test_with_a_key_and_a_session_the_key_counts(cast, as_charlie):
    program = Program(make_key(cast.acme, cast.alice)[1], client=as_charlie)
    assert program.post(LABELS, NEW).status_code == 201
    with no_context(), tenant(cast.acme):
        entry = AuditEntry.objects.get(action="label.created")
    assert entry.actor_type == "program"


def test_a_browser_of_another_site_cannot_read_an_answer(program):
    answer = program.get(EVENTS, Origin="https://evil.example")
    assert "Access-Control-Allow-Origin" not in answer
    assert Client().options(EVENTS).status_code in {401, 405}
