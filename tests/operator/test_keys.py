"""Staff see keys of programs, and end one with a reason."""

import pytest

from organizations.api.flows import revoke_key
from organizations.api.models import ApiKey
from organizations.audit.models import AuditEntry
from organizations.limits.models import Usage
from organizations.tenancy import no_context, tenant
from tests.api.conftest import EVENTS, Program, code_of, make_key
from tests.operator.conftest import CONSOLE, address

pytestmark = CONSOLE


@pytest.fixture
def made(cast):
    return make_key(cast.acme, cast.alice, name="Shop backend")


def test_staff_find_a_key_and_not_its_secret(as_olga, made):
    key, text = made
    listed = as_olga.get(address(ApiKey, "changelist"), {"q": "shop"})
    page = as_olga.get(address(ApiKey, "change", key.pk))
    for answer in (listed, page):
        assert key.prefix in answer.text
        assert text not in answer.text
        assert key.digest not in answer.text
    assert "Tasks: read, write, delete" in page.text


def test_staff_make_and_change_none(as_olga, made):
    assert as_olga.get(address(ApiKey, "add")).status_code == 403
    as_olga.post(address(ApiKey, "change", made[0].pk), {"name": "Ours"})
    page = as_olga.get(address(ApiKey, "change", made[0].pk))
    assert "Ours" not in page.text


def test_staff_end_a_key_with_a_reason(as_olga, made, cast):
    key, text = made
    where = address(ApiKey, "revoke", key.pk)
    assert as_olga.post(where, {"reason": ""}).status_code == 422
    assert Program(text).get(EVENTS).status_code == 200
    assert as_olga.post(where, {"reason": "It was published."}).status_code == 302
    assert code_of(Program(text).get(EVENTS)) == "key_revoked"
    with no_context(), tenant(cast.acme):
        entry = AuditEntry.objects.get(action="key.revoked")
        assert Usage.objects.get(key="api_keys").used == 0
    assert entry.after == {"reason": "It was published."}
    assert entry.actor_type == "operator"


def test_a_key_that_was_revoked_is_not_revoked_again(as_olga, made, cast):
    with no_context(), tenant(cast.acme, cast.alice):
        revoke_key(key=made[0], by=cast.alice)
    where = address(ApiKey, "revoke", made[0].pk)
    answer = as_olga.post(where, {"reason": "Again."})
    assert answer.status_code == 422
    assert "revoked before" in answer.text
