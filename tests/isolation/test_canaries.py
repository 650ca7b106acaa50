"""No mark of one organization in any answer to another's user, over every route."""

import json
import logging
from io import StringIO

import pytest
from django.conf import settings as project
from django.core.management import call_command

from tests.conftest import forget
from tests.isolation.walk import Actor, Walk, routes

LARGE = 60
A, D = frozenset({"a"}), frozenset({"d"})
NONE: frozenset[str] = frozenset()
SHARED_A, SHARED_B = frozenset({"a", "ab"}), frozenset({"b", "ab"})


def in_switcher(letter):
    return frozenset({(letter, "name"), (letter, "slug")})


ACTORS = [
    Actor("owner", "A", "A", SHARED_A, walks_accounts=True),
    Actor("viewer", "A", "A", SHARED_A),
    Actor("member", "B", "B", SHARED_B),
    Actor("admin", "D", "D", D),
    Actor("shared", "A", "A", SHARED_A, in_switcher("b"), walks_accounts=True),
    Actor("shared", "B", "B", SHARED_B, in_switcher("a")),
]
# People whose session names an organization that is closed to them.
OUTSIDERS = [
    Actor("owner", "A", "B", A),
    Actor("suspended", "A", "A", A),
    Actor("removed", "A", "A", A),
    Actor("operator", "", "A", frozenset({"x"})),
    Actor("nobody", "nowhere", "", NONE, walks_accounts=True),
]


@pytest.fixture(scope="module")
def story(django_db_setup, django_db_blocker):
    """The story once for all walks; each walk is undone by its test's transaction."""
    with django_db_blocker.unblock():
        out = StringIO()
        debug, project.DEBUG = project.DEBUG, True
        try:
            call_command("seed", story="isolation", json=True, tasks=LARGE, stdout=out)
        finally:
            project.DEBUG = debug
        yield json.loads(out.getvalue().splitlines()[-1])
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
        forget()


@pytest.fixture
def walk(story, db, caplog):
    def go(actor):
        caplog.set_level(logging.INFO)
        done = Walk(actor, story).run()
        for line in caplog.records:
            done.note("log", f"{line.getMessage()} {line.args}", done.typed)
        return done

    return go


def test_the_walk_knows_every_route():
    assert "/tasks/" in routes()
    assert "/audit/" in routes()
    assert "/accounts/sessions/" in routes()
    assert not any(route.startswith("/admin/") for route in routes())


def test_the_eye_for_marks_sees_them():
    alice = Actor("owner", "A", "A", SHARED_A, in_switcher("b"))
    text = "<b>CNRY-B-title-7</b> CNRY-A-title-1 cnry-b-slug-1 CNRY-AB-first-1"
    assert alice.foreign(text) == {"CNRY-B-title-7"}
    assert alice.own(text) == {"CNRY-A-title-1", "CNRY-AB-first-1"}


# cap 31
# cap 46
@pytest.mark.parametrize("actor", ACTORS, ids=str)
def test_members_see_their_own_marks_and_no_others(walk, actor):
    done = walk(actor)
    assert done.leaks == []
    assert any(f"-{actor.active}-" in mark for mark in done.own)
    assert done.answers > 50


@pytest.mark.parametrize("actor", OUTSIDERS, ids=str)
def test_a_session_opens_no_organization_one_is_not_in(walk, actor):
    done = walk(actor)
    assert done.leaks == []
    assert not any("-title-" in mark for mark in done.own)
    assert done.answers > 50
