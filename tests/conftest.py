"""The cast of people, and what every test finds in place."""

import gc
import json
import math
import os
from collections.abc import Callable
from contextvars import Context
from types import SimpleNamespace
from typing import Any

import hypothesis
import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck

from accounts.banners import showing
from accounts.models import User
from accounts.sessions import ORGANIZATION_KEY, SessionStore
from organizations import flows
from organizations.flags import known
from organizations.models import Membership, Organization, Role
from organizations.tenancy import identity, no_context, tenant
from tests.queue import jobs
from tests.recording import Recording

PASSWORD = "correct horse battery"

# One database serves all examples of a test: each stands for itself. The same ones
# every time, so that nobody's change fails over luck; `make test-thorough` looks on.
hypothesis.settings.register_profile(
    "same",
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
hypothesis.settings.register_profile(
    "thorough",
    hypothesis.settings.get_profile("same"),
    max_examples=300,
    derandomize=False,
    database=None,
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(autouse=True)
def _clean_cache(request: pytest.FixtureRequest, django_db_blocker: Any) -> Any:
    """Rate limits live in the cache's table, which no flush of models empties."""
    yield
    marker = request.node.get_closest_marker("django_db")
    is_marked = marker is not None and marker.kwargs.get("transaction")
    if is_marked or "transactional_db" in request.fixturenames:
        with django_db_blocker.unblock():
            forget()


@pytest.fixture(autouse=True)
def _remembered_by_nobody() -> None:
    """What a process remembers of flags and banners was another test's.

    Most tests have no banner, and none asks whether there is one.
    """
    known.forget()
    showing.remember([], until=math.inf)


def forget() -> None:
    """Empty what a flush of models leaves: rate limits, and the queue."""
    with no_context(), connection.cursor() as cursor:
        cache.clear()
        cursor.execute("DELETE FROM procrastinate_jobs")


def make_user(name: str, **values: Any) -> User:
    """Make a person with a verified address and the cast's password."""
    from allauth.account.models import EmailAddress

    values = {
        "first_name": name.title(),
        "last_name": "Example",
        "email_verified": True,
        "onboarding_completed": True,
    } | values
    with identity():
        user = User.objects.create_user(f"{name}@example.com", PASSWORD, **values)
        EmailAddress.objects.create(
            user=user, email=user.email, verified=user.email_verified, primary=True
        )
    return user


def join(organization: Organization, user: User, role: str) -> Membership:
    """Make a person a member of an organization."""
    with no_context(), tenant(organization):
        return flows.add_member(
            organization=organization, user=user, role=Role(role), by=None
        )


@pytest.fixture(scope="session")
def recorded_cast(django_db_setup: None, django_db_blocker: Any) -> Recording:
    """Tell the cast's story once in a process, keeping only how it was written."""
    with django_db_blocker.unblock(), transaction.atomic():
        recording = Recording(gather)
        transaction.set_rollback(True)
    return recording


def gather() -> SimpleNamespace:
    people = SimpleNamespace(
        alice=make_user("alice"),
        adam=make_user("adam"),
        bob=make_user("bob"),
        vera=make_user("vera"),
        charlie=make_user("charlie"),
        nora=make_user("nora"),
        olga=make_user("olga", is_staff=True, is_superuser=True),
    )
    people.acme = flows.create_organization(
        user=people.alice, name="Acme", slug="acme", task_prefix="ACME"
    )
    people.globex = flows.create_organization(
        user=people.charlie, name="Globex", slug="globex", task_prefix="GLO"
    )
    join(people.acme, people.adam, "admin")
    join(people.acme, people.bob, "member")
    join(people.acme, people.vera, "viewer")
    return people


@pytest.fixture
def cast(recorded_cast: Recording, db: None) -> SimpleNamespace:
    """Acme with one person of each role, Globex with its owner, and an operator."""
    return recorded_cast.replay()


@pytest.fixture
def acme(cast: SimpleNamespace) -> Organization:
    return cast.acme


@pytest.fixture
def globex(cast: SimpleNamespace) -> Organization:
    return cast.globex


def signed_in_client(user: User, organization_id: Any = None) -> Client:
    """Return a client with a session of a person, working in an organization."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    if organization_id is not None:
        session[ORGANIZATION_KEY] = str(organization_id)
    with identity():
        session.save(must_create=True)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


@pytest.fixture
def sign_in() -> Callable[..., Client]:
    """Return a client signed in as a person, working in an organization.

    It writes the one row that signing in would write last, being done two thousand
    times a run; tests/accounts has the sign-in itself.
    """

    def enter(user: User, organization: Organization | None = None) -> Client:
        return signed_in_client(user, organization and organization.pk)

    return enter


def actor(name: str, organization: str | None) -> Any:
    @pytest.fixture(name=f"as_{name}")
    def as_person(cast: SimpleNamespace, sign_in: Callable[..., Client]) -> Client:
        where = getattr(cast, organization) if organization else None
        return sign_in(getattr(cast, name), where)

    return as_person


as_alice = actor("alice", "acme")
as_adam = actor("adam", "acme")
as_bob = actor("bob", "acme")
as_vera = actor("vera", "acme")
as_charlie = actor("charlie", "globex")
as_nora = actor("nora", None)
as_olga = actor("olga", None)


@pytest.fixture
def run_jobs(db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Return a call that works the queue off and tells how each job ended.

    It is procrastinate's own worker, brought into this thread so that it shares the
    test's transaction; it starts with an empty context, so a job sees only what it
    carries. Jobs run by the clock are left out, and of those that tell what was
    recorded nothing is told; `waiting` does not wait for the moment of those that wait
    for another try, and in `places` those that wait for others do so side by side.
    """
    from procrastinate import utils
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    class Connector(DjangoConnector):
        """Django leaves JSON as text; a worker's own connection reads it."""

        def _dictfetch(self, cursor: Any) -> Any:
            for row in super()._dictfetch(cursor):
                if row.get("args"):
                    row["args"] = json.loads(row["args"])
                yield row

    async def in_this_thread(function: Any, *args: Any) -> Any:
        return await sync_to_async(function)(*args)

    monkeypatch.setattr(utils, "sync_to_async", in_this_thread)
    monkeypatch.setattr(app.periodic_registry, "periodic_tasks", {})

    def work(places: int) -> None:
        with app.replace_connector(Connector()) as running:
            async_to_sync(running.run_worker_async)(
                concurrency=places,
                wait=False,
                listen_notify=False,
                install_signal_handlers=False,
                # Not the one that closes connections: the test's must stay open.
                task_middleware=[],
            )

    def run(*, waiting: bool = False, places: int = 1) -> list[str]:
        if waiting:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
        rows = jobs().filter(status="todo").order_by("id")
        queued = list(rows.values_list("id", flat=True))
        Context().run(work, places)
        ended = jobs().filter(id__in=queued).order_by("id")
        return list(ended.values_list("status", flat=True))

    return run


def pytest_collection_finish() -> None:
    """Spare the collector what stays: modules, tests and models."""
    gc.collect()
    gc.freeze()
