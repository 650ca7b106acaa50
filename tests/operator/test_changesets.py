"""Staff see what was done to many tasks at once, and leave it to the members."""

import pytest

from organizations.tenancy import no_context, tenant
from tasks.changesets.flows import keep_created
from tasks.changesets.models import ChangeSet
from tasks.flows import create_tasks
from tests.operator.conftest import CONSOLE, address

pytestmark = CONSOLE


@pytest.fixture
def change(cast):
    with no_context(), tenant(cast.acme, cast.alice):
        tasks = create_tasks(by=cast.alice, drafts=[{"title": "One"}])
        return keep_created(tasks, by=cast.alice, label="spring.csv")


def test_staff_find_a_change_and_how_far_it_has_come(as_olga, change):
    page = as_olga.get(address(ChangeSet, "changelist"), {"q": "spring"})
    assert page.status_code == 200
    assert "Imported" in page.text
    assert "Acme" in page.text
    detail = as_olga.get(address(ChangeSet, "change", change.pk)).text
    assert "spring.csv" in detail
    assert "Alice Example" in detail


def test_staff_make_and_end_none(as_olga, change, look):
    assert as_olga.get(address(ChangeSet, "add")).status_code == 403
    as_olga.post(address(ChangeSet, "change", change.pk), {"label": "x"})
    as_olga.post(address(ChangeSet, "delete", change.pk), {"post": "yes"})
    assert look(lambda: ChangeSet.objects.get(pk=change.pk)).label == "spring.csv"
