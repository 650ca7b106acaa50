"""Staff see which files were imported, and how far they came."""

import pytest

from tasks.imports.models import Import
from tests.imports.conftest import PLAIN, Journey, kept  # noqa: F401
from tests.operator.conftest import CONSOLE, address

pytestmark = CONSOLE


@pytest.fixture
def waiting(as_bob, kept):
    journey = Journey(as_bob, kept)
    journey.upload(PLAIN, "winter.csv")
    journey.map()
    return kept()


def test_staff_find_an_import(as_olga, waiting):
    page = as_olga.get(address(Import, "changelist"), {"q": "winter"})
    assert "winter.csv" in page.text
    assert "Acme" in page.text
    assert "Ready to start" in page.text


def test_staff_see_counts_and_no_line_of_the_file(as_olga, waiting):
    page = as_olga.get(address(Import, "change", waiting.pk)).text
    assert "Bob Example" in page
    assert "Order tyres" not in page


def test_imports_are_narrowed_by_their_state(as_olga, waiting):
    where = address(Import, "changelist")
    assert "winter.csv" in as_olga.get(where, {"state__exact": "checked"}).text
    assert "winter.csv" not in as_olga.get(where, {"state__exact": "finished"}).text


def test_staff_start_and_change_none(as_olga, waiting, look):
    assert as_olga.get(address(Import, "add")).status_code == 403
    as_olga.post(address(Import, "change", waiting.pk), {"state": "running"})
    as_olga.post(address(Import, "delete", waiting.pk), {"post": "yes"})
    assert look(lambda: Import.objects.get(pk=waiting.pk)).state == "checked"
