"""Staff see how much each organization keeps, and change nothing of it."""

import pytest

from organizations.limits.counting import claim
from organizations.limits.models import Key, Usage
from organizations.models import Organization
from organizations.tenancy import no_context, tenant
from tests.operator.conftest import CONSOLE, address

pytestmark = CONSOLE


@pytest.fixture
def use(cast):
    with no_context(), tenant(cast.acme, cast.alice):
        limits = {"storage_bytes": 100_000_000}
        Organization.objects.filter(pk=cast.acme.pk).update(limits=limits)
        claim(Key.STORAGE, 3_210_000)
        return Usage.objects.get(key=Key.STORAGE)


def test_staff_find_what_an_organization_keeps_and_may_keep(as_olga, use):
    page = as_olga.get(address(Usage, "changelist"), {"q": "acme"})
    assert "3.2 MB" in page.text
    assert "100 MB" in page.text
    assert as_olga.get(address(Usage, "change", use.pk)).status_code == 200


def test_no_limit_is_shown_as_nothing(as_olga, use, cast):
    with no_context(), tenant(cast.acme):
        Organization.objects.filter(pk=cast.acme.pk).update(limits={})
    page = as_olga.get(address(Usage, "changelist"))
    assert "100 MB" not in page.text
    assert "–" in page.text


def test_staff_change_no_count(as_olga, use, look):
    assert as_olga.get(address(Usage, "add")).status_code == 403
    as_olga.post(address(Usage, "change", use.pk), {"used": 1})
    as_olga.post(address(Usage, "delete", use.pk), {"post": "yes"})
    assert look(lambda: Usage.objects.get(pk=use.pk)).used == use.used
