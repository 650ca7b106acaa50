"""The doctor and the isolation proof in the console."""

from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone
from django.utils.html import escape

from config import proofs
from config.doctor.codes import CODES
from config.operator.checkups import KEPT
from organizations.audit.models import PlatformEntry
from organizations.tenancy import identity, no_context
from organizations.tenancy.proof import Finding
from tests.operator.test_rights import helper  # noqa: F401

EVERYWHERE = pytest.mark.django_db(
    transaction=True, databases=["default", "operator", "owner"]
)
pytestmark = EVERYWHERE

DOCTOR, ISOLATION = "/admin/doctor/", "/admin/isolation/"
HOLES = [Finding("I031", "tasks_task", "no policy"), Finding("W001", "app", "shows")]


def results(look):
    """Return the recorded results, the oldest first."""
    rows = PlatformEntry.objects.filter(action__startswith="isolation.")
    return look(lambda: list(rows.order_by("created_at")))


def test_the_doctor_looks_when_somebody_says_so(as_olga):
    assert "Nobody has looked today" in as_olga.get(DOCTOR).text
    page = as_olga.post(DOCTOR, follow=True)
    assert page.redirect_chain == [(DOCTOR, 302)]
    kept = page.context["kept"]
    assert (timezone.now() - kept["at"]).total_seconds() < 60
    assert {each["code"] for each in kept["findings"]} <= set(CODES)
    # A test's settings are no server's: mails go nowhere, for one.
    assert "No mail leaves this machine." in page.text
    assert escape(str(CODES["D212"].mend)) in page.text


def test_the_doctor_is_not_asked_twice_a_minute(as_olga):
    first = as_olga.post(DOCTOR, follow=True).context["kept"]["at"]
    again = as_olga.post(DOCTOR, follow=True)
    assert again.context["kept"]["at"] == first
    assert "Look again in a minute" in again.text


def test_a_healthy_house_is_told_so(as_olga):
    with identity():
        cache.set(KEPT, {"at": timezone.now(), "findings": []}, 60)
    assert "All is well" in as_olga.get(DOCTOR).text


def test_reading_the_page_examines_nothing(as_olga, django_assert_max_num_queries):
    as_olga.get(DOCTOR)
    with django_assert_max_num_queries(3, using="operator"):
        as_olga.get(DOCTOR)


@pytest.mark.parametrize(
    ("page", "right"),
    [(DOCTOR, "view_procrastinatejob"), (ISOLATION, "view_platformentry")],
)
def test_the_pages_are_for_those_who_may_see_what_they_tell(helper, page, right):
    client = helper(right)
    assert client.get(page).status_code == 200
    assert page in client.get("/admin/").text
    other = ISOLATION if page == DOCTOR else DOCTOR
    assert client.get(other).status_code == 403
    assert other not in client.get("/admin/").text


@pytest.mark.parametrize("page", [DOCTOR, ISOLATION])
def test_members_find_no_such_page(as_alice, page):
    assert as_alice.get(page).status_code == 404
    assert as_alice.post(page).status_code == 404


def test_staff_without_rights_cannot_have_it_look(helper):
    assert helper().post(DOCTOR).status_code == 403
    with identity():
        assert cache.get(KEPT) is None


def test_the_proof_of_the_command_is_recorded_and_shown(as_olga, look):
    assert "Not proven yet" in as_olga.get(ISOLATION).text
    call_command("check_isolation", stdout=StringIO())
    (entry,) = results(look)
    assert (entry.action, entry.actor_type) == ("isolation.proven", "system")
    assert entry.after["tables"] > 40
    assert entry.after["checks"] == len(proofs.checks()) > 30
    page = as_olga.get(ISOLATION).text
    assert "The walls stand" in page
    assert f"for {entry.after['tables']} tables" in page


def test_the_job_of_the_clock_records_the_same(look):
    with no_context(), identity():
        proofs.prove_and_note()
    assert [entry.action for entry in results(look)] == ["isolation.proven"]


def test_holes_are_recorded_by_their_codes_and_shown(as_olga, look):
    proofs.note(HOLES)
    (entry,) = results(look)
    assert entry.action == "isolation.broken"
    assert entry.after["codes"] == ["I031"]
    page = as_olga.get(ISOLATION).text
    assert "The walls have holes" in page
    assert "I031" in page
    assert "W001" not in page


def test_a_hole_is_recorded_before_the_command_complains(look):
    owner = connections["owner"]
    with no_context(), owner.cursor() as cursor:
        cursor.execute("ALTER TABLE lab_label NO FORCE ROW LEVEL SECURITY")
    try:
        with pytest.raises(CommandError, match="holes"):
            call_command("check_isolation", stdout=StringIO())
    finally:
        with no_context(), owner.cursor() as cursor:
            cursor.execute("ALTER TABLE lab_label FORCE ROW LEVEL SECURITY")
    assert [entry.action for entry in results(look)] == ["isolation.broken"]


def test_warnings_alone_are_no_holes(look):
    proofs.note(HOLES[1:])
    assert [entry.action for entry in results(look)] == ["isolation.proven"]
