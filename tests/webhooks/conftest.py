"""Names of our own, Acme's receiver, and what was made of it."""

from contextlib import contextmanager

import pytest

from organizations.audit.models import AuditEntry
from organizations.tenancy import no_context, tenant
from organizations.webhooks import flows
from organizations.webhooks.models import Attempt, Delivery, Endpoint
from tasks.flows import create_task
from tests.webhooks.receivers import receiving

WEBHOOKS = "/developers/webhooks/"
# What each name resolves to.
NAMES: dict[str, list[str]] = {}


async def answer(host):
    """Stand in for the domain name system."""
    return NAMES.get(host, [])


@pytest.fixture(autouse=True)
def _our_network(settings):
    settings.WEBHOOK_RESOLVER = "tests.webhooks.conftest.answer"
    settings.WEBHOOK_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    NAMES["hooks.example.com"] = ["93.184.215.14"]
    yield
    NAMES.clear()


@pytest.fixture
def receiver():
    with receiving() as found:
        yield found


@pytest.fixture
def inside(cast):
    """Return what enters Acme as its owner, or another organization."""

    @contextmanager
    def enter(organization=None, user=None):
        with no_context(), tenant(organization or cast.acme, user or cast.alice):
            yield

    return enter


@pytest.fixture
def endpoint_at(cast, inside):
    """Return what makes an endpoint of Acme's; its secret is in `secrets`."""

    def make(url, organization=None, by=None, **values):
        by = by or cast.alice
        with inside(organization, by):
            made, secret = flows.create_endpoint(url=url, by=by, **values)
        make.secrets[made.pk] = secret
        return made

    make.secrets = {}
    return make


@pytest.fixture
def endpoint(endpoint_at, receiver):
    """Acme's endpoint, told of tasks only."""
    return endpoint_at(receiver.url, events=["task.created"])


@pytest.fixture
def happen(cast, inside):
    """Return what makes something happen in Acme: a task of a title."""

    def make(*titles):
        with inside():
            return [create_task(by=cast.alice, title=title) for title in titles]

    return make


@pytest.fixture
def the(inside):
    """Return what reads Acme's rows anew."""

    class Rows:
        def endpoint(self, pk):
            with inside():
                return Endpoint.with_trash.get(pk=pk)

        @property
        def deliveries(self):
            with inside():
                return list(Delivery.objects.order_by("pk"))

        @property
        def delivery(self):
            [one] = self.deliveries
            return one

        @property
        def attempts(self):
            with inside():
                return list(Attempt.objects.order_by("started_at", "pk"))

        def entries(self, action):
            with inside():
                return list(
                    AuditEntry.objects.filter(action=action).order_by("sequence")
                )

    return Rows()
