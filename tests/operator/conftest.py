"""The console, and rows of every kind in it."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from billing.flows import start_subscription
from billing.models import Plan
from organizations.tenancy import no_context, operator, tenant
from tasks.models import Task, TaskAssignee

CONSOLE = pytest.mark.django_db(transaction=True, databases=["default", "operator"])


def address(model, page, *args):
    options = model._meta
    name = f"admin:{options.app_label}_{options.model_name}_{page}"
    return reverse(name, args=args)


@pytest.fixture
def in_console(cast):
    with no_context(), operator(cast.olga, reason="test"):
        yield cast.olga


@pytest.fixture
def rows(cast):
    """One task and one subscription of Acme."""
    with no_context(), tenant(cast.acme, cast.alice):
        task = Task.objects.create(
            number=1, title="Oil the gate", created_by=cast.alice
        )
        TaskAssignee.objects.create(task=task, user=cast.bob)
        subscription = start_subscription(
            organization=cast.acme, plan=Plan.objects.get(code="pro"), by=cast.alice
        )
    return SimpleNamespace(task=task, subscription=subscription)
