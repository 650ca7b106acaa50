"""The doctor's and the proof's pages: clocks, languages, two at once, odd requests."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from accounts.models import User
from config import proofs
from config.doctor.codes import CODES
from config.doctor.finding import Finding
from config.operator.checkups import KEPT
from organizations.audit.models import PlatformEntry
from organizations.tenancy import identity, no_context, operator
from tests.operator.conftest import CONSOLE
from tests.operator.test_pages import statements
from tests.operator.test_rights import helper  # noqa: F401

pytestmark = CONSOLE
DOCTOR, ISOLATION = "/admin/doctor/", "/admin/isolation/"
MOMENT = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)


def keep(*findings, at=None):
    """Let the doctor have found these."""
    found = [each.as_dict() for each in findings]
    with no_context(), identity():
        cache.set(KEPT, {"at": at or timezone.now(), "findings": found}, 3600)


def kept():
    with no_context(), identity():
        return cache.get(KEPT)


def at_home_in(user, **values):
    with no_context(), operator(user, "test"):
        User.objects.filter(pk=user.pk).update(**values)


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles", "UTC"])
def test_the_doctor_says_utc_and_means_it(as_olga, cast, zone):
    at_home_in(cast.olga, timezone=zone)
    keep(at=MOMENT)
    assert "as of 21 Nov 23:30 UTC" in as_olga.get(DOCTOR).text


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles", "UTC"])
def test_the_proof_says_utc_and_means_it(as_olga, cast, zone):
    at_home_in(cast.olga, timezone=zone)
    proofs.note([])
    with no_context(), operator(cast.olga, "test"):
        made = PlatformEntry.objects.get(action="isolation.proven").created_at
    words = made.astimezone(UTC).strftime("%-d %b %Y, %H:%M")
    assert f"Proven on {words} UTC" in as_olga.get(ISOLATION).text


@pytest.mark.parametrize(("seconds", "looks"), [(59, False), (60, True), (3600, True)])
def test_a_minute_passes_before_it_looks_again(as_olga, seconds, looks):
    now = timezone.now()
    keep(at=now - timedelta(seconds=seconds))
    with time_machine.travel(now, tick=False):
        answer = as_olga.post(DOCTOR)
    assert (answer.status_code, answer["Location"]) == (302, DOCTOR)
    assert (kept()["at"] == now) is looks


def test_looking_is_no_change_and_in_no_log(as_olga, cast):
    as_olga.post(DOCTOR)
    with no_context(), operator(cast.olga, "test"):
        found = PlatformEntry.objects.filter(actor=cast.olga)
        assert list(found.values_list("action", flat=True)) == ["console.entered"]


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_has_its_place_on_the_page(as_olga, code):
    keep(Finding(code, f"Something about {code}."))
    page = as_olga.get(DOCTOR)
    assert page.status_code == 200
    assert f"Something about {code}." in page.text
    assert "All is well" not in page.text


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", "\u202eabc", "😀" * 300, "x" * 5000]
)
def test_what_was_found_is_words(as_olga, words):
    keep(Finding("D001", words))
    page = as_olga.get(DOCTOR)
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_many_findings_ask_no_more_than_one(as_olga):
    keep(Finding("D001", "once"))
    as_olga.get(DOCTOR)
    before = statements(as_olga, DOCTOR)
    keep(*(Finding("D001", f"number {n}") for n in range(50)))
    assert statements(as_olga, DOCTOR) == before


def test_fifty_proofs_ask_no_more_than_one_and_twenty_are_shown(as_olga):
    proofs.note([])
    as_olga.get(ISOLATION)
    before = statements(as_olga, ISOLATION)
    for _time in range(49):
        proofs.note([])
    assert statements(as_olga, ISOLATION) == before
    assert len(as_olga.get(ISOLATION).context["results"]) == 20


@pytest.mark.parametrize("page", [DOCTOR, ISOLATION])
def test_the_pages_are_german_for_germans(as_olga, cast, page):
    at_home_in(cast.olga, language="de")
    keep(Finding("D001", "Etwas"))
    proofs.note([])
    answer = as_olga.get(page, headers={"Accept-Language": "de"})
    assert answer.status_code == 200
    assert '<html lang="de"' in answer.text
    for english in ("Each finding says how", "What is proven", "Run the doctor again"):
        assert english not in answer.text


def test_each_reader_is_told_the_mend_in_their_language(as_olga, cast):
    """Whoever looked spoke German; whoever reads may not."""
    at_home_in(cast.olga, language="de")
    as_olga.post(DOCTOR)
    at_home_in(cast.olga, language="en")
    page = as_olga.get(DOCTOR).text
    for each in kept()["findings"]:
        assert escape(str(CODES[each["code"]].mend)) in page


def test_a_code_of_an_older_version_says_nothing(as_olga):
    old = {"code": "D999", "severity": "problem", "what": "Gone", "mend": "Wait"}
    with no_context(), identity():
        cache.set(KEPT, {"at": timezone.now(), "findings": [old]}, 60)
    page = as_olga.get(DOCTOR)
    assert page.status_code == 200
    assert "Gone" not in page.text


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("page", [DOCTOR, ISOLATION])
def test_other_methods_examine_nothing(as_olga, page, method):
    assert getattr(as_olga, method)(page).status_code in {200, 405}
    assert kept() is None


def test_a_form_without_its_token_is_refused(as_olga):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = as_olga.cookies
    assert strict.post(DOCTOR).status_code == 403
    assert kept() is None


def test_whoever_may_see_the_machine_may_have_it_looked_at(helper):
    client = helper("view_procrastinatejob")
    assert client.post(DOCTOR).status_code == 302
    assert kept() is not None
    assert client.get(ISOLATION).status_code == 403


def test_staff_who_may_not_look_are_not_told_what_was_found(helper):
    keep(Finding("D207", "Three people have the demo's password."))
    client = helper("view_user")
    answer = client.get(DOCTOR)
    assert answer.status_code == 403
    assert "demo's password" not in answer.text.replace("&#x27;", "'")


def test_nobody_who_is_not_signed_in_sees_either():
    for page in (DOCTOR, ISOLATION):
        assert Client().get(page).status_code in {302, 404}
        assert Client().post(page).status_code in {302, 403, 404}
    assert kept() is None
