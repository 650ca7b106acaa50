"""The cast of people, and what every test finds in place."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.sessions import ORGANIZATION_KEY
from organizations import flows
from organizations.models import Membership, Organization, Role
from organizations.tenancy import identity, no_context, tenant

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _clean_cache(request: pytest.FixtureRequest, django_db_blocker: Any) -> Any:
    """Rate limits live in the cache's table, which no flush of models empties."""
    yield
    if "transactional_db" in request.fixturenames:
        with django_db_blocker.unblock(), no_context():
            cache.clear()


def make_user(name: str, **values: Any) -> User:
    """Make a person with a verified address and the cast's password."""
    from allauth.account.models import EmailAddress

    values = {"first_name": name.title(), "last_name": "Example"} | values
    with identity():
        user = User.objects.create_user(
            f"{name}@example.com", PASSWORD, email_verified=True, **values
        )
        EmailAddress.objects.create(
            user=user, email=user.email, verified=True, primary=True
        )
    return user


def join(organization: Organization, user: User, role: str) -> Membership:
    """Make a person a member of an organization."""
    with no_context(), tenant(organization):
        return flows.add_member(
            organization=organization, user=user, role=Role(role), by=None
        )


@pytest.fixture
def cast(db: None) -> SimpleNamespace:
    """Acme with one person of each role, Globex with its owner, and an operator."""
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
def acme(cast: SimpleNamespace) -> Organization:
    return cast.acme


@pytest.fixture
def globex(cast: SimpleNamespace) -> Organization:
    return cast.globex


@pytest.fixture
def sign_in() -> Callable[..., Client]:
    """Return a client signed in as a person, working in an organization."""

    def enter(user: User, organization: Organization | None = None) -> Client:
        client = Client()
        with identity():
            client.force_login(user)
            session = client.session
            if organization is not None:
                session[ORGANIZATION_KEY] = str(organization.pk)
            session.save()
        return client

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
