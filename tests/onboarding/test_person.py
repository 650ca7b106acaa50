"""What is kept of somebody's set-up: in their copy, gone with them, free on each page."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organizations.onboarding.models import WelcomeStep
from organizations.personal.erasure import erase
from organizations.personal.parts import parts
from organizations.tenancy import identity, no_context, operator
from tests.conftest import join, make_user
from tests.onboarding.conftest import fresh, page_of, progress, write
from tests.operator.conftest import CONSOLE, address

PAST = import_module(
    "organizations.onboarding.migrations.0003_everybody_here_is_welcome"
)


def statements(client, page):
    client.get(page)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page).status_code == 200
    return len(asked)


def test_the_copy_tells_each_step_and_when_the_set_up_ended(as_zoe, zoe):
    as_zoe.post(page_of("profile"), {"go": "skip"})
    as_zoe.post("/welcome/dismiss/")
    copy = {name: list(rows) for name, rows in parts(fresh(zoe))}
    [step] = copy["welcome-steps.json"]
    assert (step["step"], step["outcome"]) == (
        "What should colleagues call you?",
        "skipped",
    )
    assert copy["account.json"][0]["welcomed_at"] == fresh(zoe).welcomed_at


def test_erasing_a_person_erases_how_far_they_came(as_zoe, zoe, cast):
    join(cast.acme, zoe, "member")
    as_zoe.post(page_of("profile"), {"go": "skip"})
    assert progress(zoe) == {"profile": "skipped"}
    erase(user=fresh(zoe), by=zoe)
    assert progress(zoe) == {}
    assert fresh(zoe).welcomed_at is None


def test_a_page_asks_for_nothing_more_while_the_way_on_is_offered(cast, sign_in, zoe):
    newcomer, settled = zoe, make_user("yan")
    for person in (newcomer, settled):
        join(cast.acme, person, "member")
    clients = [sign_in(person, cast.acme) for person in (newcomer, settled)]
    assert "Go on with your set-up" in clients[0].get("/tasks/").text
    assert statements(clients[0], "/tasks/") == statements(clients[1], "/tasks/")


@CONSOLE
@pytest.mark.usefixtures("steps_as_they_were")
def test_a_page_asks_for_nothing_more_while_something_new_is_offered(as_olga, as_bob):
    before = statements(as_bob, "/tasks/")
    note = write(title="House rules", position=5)
    as_olga.post(address(WelcomeStep, "announce", note.pk), {"reason": "New."})
    assert "What is new: House rules" in as_bob.get("/tasks/").text
    assert statements(as_bob, "/tasks/") == before


# cap 6
@CONSOLE
def test_whoever_was_here_before_the_set_up_counts_as_welcomed(zoe):
    editor = SimpleNamespace(connection=SimpleNamespace(alias="operator"))
    with no_context(), operator(None, reason="test"):
        PAST.welcome(apps, editor)
    with no_context(), identity():
        assert fresh(zoe).onboarding_completed
        assert fresh(zoe).welcomed_at is not None
