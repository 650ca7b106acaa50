import pytest

from organizations.models import FormerAddress, Organization
from tests.operator.conftest import CONSOLE, address

pytestmark = CONSOLE
FACTS = {
    "name": "Acme",
    "slug": "acme",
    "task_prefix": "ACME",
    "memberships-TOTAL_FORMS": 0,
    "memberships-INITIAL_FORMS": 0,
}


def former(look):
    rows = FormerAddress.objects
    return look(lambda: list(rows.values_list("organization_id", "slug")))


def test_an_address_that_staff_change_goes_on_leading_there(
    as_olga, as_bob, cast, look
):
    page = address(Organization, "change", cast.acme.pk)
    answer = as_olga.post(page, FACTS | {"slug": "acme-works"})
    assert answer.status_code == 302
    assert former(look) == [(cast.acme.pk, "acme")]
    assert as_bob.get("/o/acme/")["Location"] == "/o/acme-works/"


@pytest.mark.parametrize("change", [{}, {"name": "Acme Works"}])
def test_other_changes_leave_no_address_behind(as_olga, cast, look, change):
    as_olga.post(address(Organization, "change", cast.acme.pk), FACTS | change)
    assert former(look) == []
