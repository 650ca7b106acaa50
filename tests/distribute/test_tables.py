"""Where each table goes comes from the models, and from nothing else."""

import sys

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey

from config.distribute import spread
from organizations.tenancy.models import TenantRow
from organizations.tenancy.policies import managed_models
from tests.tenancy.databases import extra_app

WHOLE = {"organizations_membership", "organizations_customrole"}
NEW = """
from django.db import models

from organizations.tenancy.fields import TenantForeignKey
from organizations.tenancy.models import TenantModel


class Country(models.Model):
    name = models.CharField(max_length=100)


class Genre(models.Model):
    country = models.ForeignKey(Country, models.CASCADE)


class Loose(models.Model):
    genre = models.ForeignKey(Genre, models.CASCADE)


class Mention(models.Model):
    name = models.CharField(max_length=100)


class Shelf(TenantModel):
    genre = models.ForeignKey(Genre, models.CASCADE)
    mention = models.ForeignKey(Mention, models.CASCADE, db_constraint=False)


class Book(TenantModel):
    shelf = TenantForeignKey(Shelf, models.CASCADE)
"""


@pytest.fixture
def new_room(tmp_path, monkeypatch):
    """Models that nobody has told the command of."""
    package = tmp_path / "newroom"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "models.py").write_text(NEW)
    monkeypatch.syspath_prepend(str(tmp_path))
    with extra_app("newroom") as app:
        yield app
    for name in [name for name in sys.modules if name.split(".")[0] == "newroom"]:
        del sys.modules[name]


def pointed_at(table):
    (model,) = [each for each in managed_models() if each._meta.db_table == table]
    return {
        field.related_model._meta.db_table
        for field in model._meta.local_fields
        if isinstance(field, ForeignKey)
    }


def test_each_table_is_in_one_list_once(plan):
    every = plan.distributed + plan.reference + plan.local
    assert len(every) == len(set(every))
    assert {model._meta.db_table for model in managed_models()} <= set(every)


def test_every_tenant_model_is_sharded_but_what_policies_ask(plan):
    tenants = {
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, TenantRow)
    }
    assert len(tenants) > 40
    assert set(plan.distributed) == tenants - WHOLE


def test_memberships_and_all_they_point_at_are_whole_on_every_node(plan):
    asked = settings.TENANCY["MEMBERSHIP_TABLE"]
    assert {asked, *WHOLE} <= set(plan.reference)
    assert pointed_at(asked) <= set(plan.reference)


def test_what_sharded_tables_point_at_is_sharded_or_on_every_node(plan):
    for table in plan.distributed:
        assert pointed_at(table) <= {*plan.distributed, *plan.reference}


def test_what_is_on_every_node_points_at_nothing_else(plan):
    for table in plan.reference:
        assert pointed_at(table) <= set(plan.reference)


@pytest.mark.parametrize(
    "table",
    [
        "accounts_session",
        "audit_platformentry",
        "django_migrations",
        "djstripe_event",
        "insula_cache",
        "procrastinate_jobs",
    ],
)
def test_what_no_organization_points_at_stays_with_the_coordinator(plan, table):
    assert table in plan.local


def test_a_new_model_is_in_the_plan_by_itself(plan, new_room):
    after = spread()
    assert set(after.distributed) - set(plan.distributed) == {
        "newroom_shelf",
        "newroom_book",
    }
    # What the shelf points at, and what that points at; not what merely knows of it.
    assert set(after.reference) - set(plan.reference) == {
        "newroom_genre",
        "newroom_country",
    }
    assert set(after.local) - set(plan.local) == {"newroom_loose", "newroom_mention"}


def test_the_plan_is_the_same_every_time(plan):
    assert spread() == plan
    assert plan.moved == plan.reference + plan.distributed
