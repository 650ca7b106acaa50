"""Two furnished organizations, and the means to take one layer of the walls away."""

from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.core.exceptions import FullResultSet
from django.db import connections
from django.db.models import QuerySet

from organizations import flows
from organizations.tenancy import current, expressions, fields, managers, tenant
from organizations.tenancy.fields import OrganizationKey
from organizations.tenancy.models import TenantRow
from organizations.tenancy.policies import walls
from tests.conftest import make_user
from tests.lab.models import Item, ItemLabel, Label, Project


def furnish(name: str) -> SimpleNamespace:
    """Make a person, their organization, and a row of each kind in it."""
    user = make_user(name)
    organization = flows.create_organization(user=user, name=name, slug=name)
    with tenant(organization, user):
        project = Project.objects.create(name="P")
        label = Label.objects.create(name="L")
        item = Item.objects.create(title=f"item of {name}", project=project)
        link = ItemLabel.objects.create(item=item, label=label)
        loose = Label.objects.create(name="loose")
    return SimpleNamespace(
        organization=organization,
        id=organization.pk,
        user=user,
        project=project,
        label=label,
        item=item,
        link=link,
        loose=loose,
    )


@pytest.fixture
def ours(db: None) -> SimpleNamespace:
    return furnish("ours")


@pytest.fixture
def theirs(db: None) -> SimpleNamespace:
    return furnish("theirs")


def own_connection(alias: str = "owner") -> psycopg.Connection:
    """Open a connection of its own to the test database, in autocommit."""
    params = connections[alias].get_connection_params()
    wanted = ("host", "port", "user", "password", "dbname")
    params = {key: params[key] for key in wanted if key in params}
    return psycopg.connect(**params, autocommit=True)


@pytest.fixture(scope="module")
def row_security_off(django_db_setup: None, django_db_blocker: Any) -> Any:
    """Take the policies away for a module: only the ORM and the keys are left."""
    with django_db_blocker.unblock(), own_connection() as owner:
        for table in walls():
            owner.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')
        yield
        for table in walls():
            owner.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')


@pytest.fixture
def orm_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the ORM's layer away: only the policies and the keys are left."""

    def everything(*args: Any) -> Any:
        raise FullResultSet

    def anywhere() -> Any:
        context = current()
        return context.organization_id if context else None

    def any_organization(self: OrganizationKey, instance: Any, add: bool) -> Any:
        if getattr(instance, self.attname) is None:
            setattr(instance, self.attname, anywhere())
        return getattr(instance, self.attname)

    monkeypatch.setattr(expressions.InTenant, "as_sql", everything)
    for module in (expressions, fields, managers):
        monkeypatch.setattr(module, "required_organization", anywhere)
    monkeypatch.setattr(OrganizationKey, "pre_save", any_organization)
    monkeypatch.setattr(TenantRow, "refuse_foreign_objects", lambda self: None)
    monkeypatch.setattr(managers.TenantQuerySet, "update", QuerySet.update)
