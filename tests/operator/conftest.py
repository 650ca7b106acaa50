"""The console, and rows of every kind in it."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from billing.flows import start_subscription
from billing.models import Plan
from organizations.invitations.flows import invite
from organizations.tenancy import no_context, operator, tenant
from tasks.flows import create_task

CONSOLE = pytest.mark.django_db(transaction=True, databases=["default", "operator"])
SOME_ID = "018f0000-0000-7000-8000-000000000000"


def address(model, page, *args):
    options = model._meta
    name = f"admin:{options.app_label}_{options.model_name}_{page}"
    return reverse(name, args=args)


def act(client, model, action, *rows, reason=""):
    """Choose rows of a list and do an action on them."""
    chosen = {"_selected_action": [str(row.pk) for row in rows]}
    values = {"action": action, "reason": reason, "index": 0, **chosen}
    return client.post(address(model, "changelist"), values, follow=True)


@pytest.fixture
def look(cast):
    """Read something as the operator, as a test's assertion does."""

    def read(question):
        with no_context(), operator(cast.olga, reason="test"):
            return question()

    return read


@pytest.fixture
def rows(cast):
    """One task and one subscription of Acme."""
    with no_context(), tenant(cast.acme, cast.alice):
        task = create_task(by=cast.alice, title="Oil the gate", assignees=[cast.bob])
        invite(
            organization=cast.acme,
            by=cast.alice,
            entries=["noemi@example.com"],
            role="member",
        )
        subscription = start_subscription(
            organization=cast.acme, plan=Plan.objects.get(code="pro"), by=cast.alice
        )
    return SimpleNamespace(task=task, subscription=subscription)
