"""The set-up sent twice, at once, in odd words and odd requests."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts.models import User
from organizations.audit.models import AuditEntry
from organizations.models import Membership, Organization
from organizations.tenancy import as_user, identity, no_context, tenant
from tasks.models import Task
from tests.conftest import signed_in_client
from tests.onboarding.conftest import (
    WELCOME,
    acts,
    fresh,
    home_of,
    page_of,
    progress,
    write,
)

TOGETHER = pytest.mark.django_db(transaction=True, databases=["default", "operator"])
NAME = {"first_name": "Zoe", "last_name": "Zamora"}
KINDS = ["profile", "organization", "colleagues", "first_tasks"]


def houses(user):
    """Return the names of what a person owns."""
    with no_context(), as_user(user):
        rows = Membership.own.select_related("organization")
        return [str(row.organization) for row in rows.order_by("pk")]


def at_once(user, *sends):
    """Send from several tabs at the same moment; return the answers' statuses."""
    gate = Barrier(len(sends))

    def work(send):
        try:
            client = signed_in_client(user)
            gate.wait(20)
            return send(client).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(sends)) as pool:
        return [each.result() for each in [pool.submit(work, one) for one in sends]]


def welcome(user, **values):
    with no_context(), identity():
        User.objects.filter(pk=user.pk).update(**values)


@TOGETHER
def test_founded_from_two_tabs_at_once_there_is_one_organization(zoe):
    where = page_of("organization")
    signed_in_client(zoe).post(page_of("profile"), {"go": "skip"})
    at_once(zoe, *[lambda client: client.post(where, {"name": "Harbour"})] * 2)
    assert houses(zoe) == ["Harbour"]
    assert acts(zoe).count("user.welcome_step_done") == 1


def tasks_of(user):
    """Return the titles of what there is to do in a person's one organization."""
    with no_context(), tenant(home_of(user), user):
        return sorted(Task.objects.values_list("title", flat=True))


TASKS = {"title_1": "Oil the gate", "title_2": "Paint it"}


@TOGETHER
@pytest.mark.usefixtures("steps_as_they_were")
def test_first_tasks_sent_by_a_double_click_are_made_once(founded, zoe):
    # Not the last step, so that the set-up is still open for the second click.
    write("first_tasks", position=1)
    where = page_of("first_tasks")
    assert [founded.post(where, TASKS).status_code for _click in range(2)] == [302] * 2
    assert tasks_of(zoe) == ["Oil the gate", "Paint it"]
    with no_context(), tenant(home_of(zoe), zoe):
        assert AuditEntry.objects.filter(action="task.created").count() == 2


@TOGETHER
def test_first_tasks_sent_at_the_same_moment_are_made_once(founded, zoe):
    where = page_of("first_tasks")
    statuses = at_once(zoe, *[lambda client: client.post(where, TASKS)] * 3)
    assert set(statuses) == {302}
    assert tasks_of(zoe) == ["Oil the gate", "Paint it"]


@TOGETHER
@pytest.mark.usefixtures("steps_as_they_were")
def test_more_tasks_and_the_same_ones_later_are_no_double_click(founded, zoe):
    write("first_tasks", position=1)
    where = page_of("first_tasks")
    founded.post(where, TASKS)
    founded.post(where, {"title_1": "Oil the gate", "title_2": "Sweep"})
    assert len(tasks_of(zoe)) == 4
    with no_context(), tenant(home_of(zoe), zoe):
        earlier = timezone.now() - timedelta(minutes=5)
        Task.objects.update(created_at=earlier)
    founded.post(where, TASKS)
    assert tasks_of(zoe).count("Oil the gate") == 3


@TOGETHER
def test_a_step_done_in_two_tabs_at_once_is_on_record_once(zoe):
    where = page_of("profile")
    statuses = at_once(zoe, *[lambda client: client.post(where, NAME)] * 3)
    assert statuses == [302] * 3
    assert progress(zoe) == {"profile": "done"}
    assert acts(zoe).count("user.welcome_step_done") == 1


@TOGETHER
def test_dismissed_in_two_tabs_at_once_it_ends_once(zoe):
    statuses = at_once(zoe, *[lambda client: client.post(f"{WELCOME}dismiss/")] * 3)
    assert statuses == [302] * 3
    assert acts(zoe).count("user.welcome_dismissed") == 1
    assert fresh(zoe).onboarding_completed


def test_skipped_after_it_was_done_it_stays_done(as_zoe, zoe):
    as_zoe.post(page_of("profile"), NAME)
    as_zoe.post(page_of("profile"), {"go": "skip"})
    assert progress(zoe) == {"profile": "done"}
    assert "user.welcome_step_skipped" not in acts(zoe)


def test_the_back_button_after_the_end_changes_nothing(as_zoe, zoe):
    as_zoe.post(f"{WELCOME}dismiss/")
    for kind in KINDS:
        answer = as_zoe.post(page_of(kind), NAME | {"name": "Late", "title_1": "Late"})
        assert (answer.status_code, answer["Location"]) == (302, WELCOME)
    assert progress(zoe) == {}
    assert houses(zoe) == []
    assert fresh(zoe).last_name == "Example"


@pytest.mark.parametrize(
    "name",
    ["שלום", "a\u202eb", "😀" * 20, "<script>alert(1)</script>", 'O\'Neil & "co"'],
)
def test_odd_names_are_kept_or_refused_and_drawn_as_words(as_zoe, zoe, name):
    answer = as_zoe.post(page_of("profile"), {"first_name": name})
    assert answer.status_code in {302, 422}
    if answer.status_code == 302:
        assert fresh(zoe).first_name == name
    assert "<script>alert" not in as_zoe.get(page_of("profile")).text


@pytest.mark.parametrize("kind", ["profile", "colleagues", "first_tasks"])
@pytest.mark.parametrize("go", ["on", "back", "skip"])
def test_a_nul_is_kept_nowhere(founded, kind, go):
    sent = {"first_name": "a\x00", "addresses": "a\x00", "title_1": "a\x00", "go": go}
    assert founded.post(page_of(kind), sent).status_code in {302, 400, 422}
    page = founded.get(page_of(kind))
    assert page.status_code in {200, 302}
    assert "\x00" not in page.text


@pytest.mark.parametrize("length", [8_000, 100_000])
def test_very_much_that_was_typed_is_kept_up_to_an_end(founded, length):
    sent = {"addresses": "x" * length, "go": "back"}
    assert founded.post(page_of("colleagues"), sent).status_code == 302
    kept = founded.get(page_of("colleagues")).text
    assert 7_000 < kept.count("x") < 9_000


@pytest.mark.parametrize("go", ["", "home", "ON", "on,skip", "<b>", "x" * 5000])
def test_a_button_that_is_none_is_the_one_that_goes_on(as_zoe, zoe, go):
    answer = as_zoe.post(page_of("profile"), NAME | {"go": go})
    assert answer["Location"] == page_of("organization")
    assert progress(zoe) == {"profile": "done"}


@pytest.mark.parametrize("kind", KINDS)
def test_without_its_token_no_step_counts(as_zoe, zoe, kind):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = as_zoe.cookies
    for page in (page_of(kind), f"{WELCOME}dismiss/", f"{WELCOME}address/"):
        assert strict.post(page, NAME | {"name": "Mine"}).status_code == 403
    assert progress(zoe) == {}
    assert houses(zoe) == []
    assert not fresh(zoe).onboarding_completed


@pytest.mark.parametrize("method", ["put", "patch", "delete", "head"])
def test_other_methods_do_nothing(as_zoe, zoe, method):
    for page in (page_of("profile"), f"{WELCOME}dismiss/", f"{WELCOME}address/"):
        assert getattr(as_zoe, method)(page).status_code == 405
    assert progress(zoe) == {}
    assert not fresh(zoe).onboarding_completed


def test_a_get_of_what_ends_or_looks_up_is_refused(as_zoe, zoe):
    for page in (f"{WELCOME}dismiss/", f"{WELCOME}address/"):
        assert as_zoe.get(page).status_code == 405
    assert not fresh(zoe).onboarding_completed


def test_a_step_that_nobody_wrote_leads_to_the_start(as_zoe):
    answer = as_zoe.get(f"{WELCOME}{uuid4()}/")
    assert (answer.status_code, answer["Location"]) == (302, WELCOME)
    assert as_zoe.get(f"{WELCOME}nonsense/").status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_each_step_is_drawn_in_german(founded, zoe, kind):
    welcome(zoe, language="de")
    page = founded.get(page_of(kind), headers={"Accept-Language": "de"})
    assert page.status_code == 200
    assert '<html lang="de"' in page.text
    empty = founded.post(page_of(kind), {}, headers={"Accept-Language": "de"})
    assert empty.status_code in {302, 422}
    assert "Write at least one address" not in empty.text


def test_an_address_of_another_organization_tells_no_more_than_taken(as_zoe, cast, zoe):
    answer = as_zoe.post(f"{WELCOME}address/", {"name": "Mine", "slug": "globex"})
    assert "taken" in answer.text
    assert str(cast.globex.pk) not in answer.text
    assert "Charlie" not in answer.text
    with no_context(), as_user(zoe):
        assert not Organization.objects.filter(slug="globex").exists()
