"""After thirty days nothing is left of a deleted organization."""

from datetime import timedelta
from threading import Thread

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from organizations import closing, flows, jobs
from organizations.audit.models import AuditEntry, PlatformEntry
from organizations.models import (
    DAYS_RESTORABLE,
    CustomRole,
    LastOrganization,
    Membership,
    Organization,
    files_of,
)
from organizations.purging import purge_deleted, purge_next
from organizations.tenancy import as_user, identity, no_context, operator, tenant
from organizations.tenancy.policies import managed_models, organization_key
from tasks.flows import create_task
from tests.conftest import gather
from tests.tenancy.attacks import sql
from tests.tenancy.rows import a_row, takes_rows

ORGANIZATIONS = "organizations_organization"
EVERY_KEY = """
SELECT conrelid::regclass::text, confdeltype::text FROM pg_constraint
WHERE contype = 'f' AND confrelid = 'organizations_organization'::regclass"""


def delete(organization, by, days):
    with no_context(), tenant(organization, by):
        closing.delete_organization(organization=organization, by=by)
        moment = timezone.now() - timedelta(days=days)
        Organization.objects.filter(pk=organization.pk).update(deleted_at=moment)


def purge():
    with no_context(), identity():
        purge_deleted()


def is_there(organization):
    with no_context(), tenant(organization):
        return Organization.objects.filter(pk=organization.pk).exists()


# C26
@pytest.mark.parametrize(
    ("days", "stays"), [(DAYS_RESTORABLE - 1, True), (DAYS_RESTORABLE + 1, False)]
)
def test_only_what_cannot_come_back_any_more_goes(cast, days, stays):
    delete(cast.acme, cast.alice, days)
    purge()
    assert is_there(cast.acme) is stays
    assert is_there(cast.globex)


def test_an_open_organization_is_never_purged(cast):
    purge()
    assert is_there(cast.acme)
    assert is_there(cast.globex)


# cap 29, 42
def test_everything_of_it_goes_along_and_nothing_of_others(cast):
    tables = [
        model
        for model in managed_models()
        if organization_key(model) and takes_rows(model)
    ]
    for organization, owner in ((cast.acme, cast.alice), (cast.globex, cast.charlie)):
        with no_context(), tenant(organization, owner):
            create_task(by=owner, title="Count the beds", assignees=[owner])
            role = a_row(CustomRole, owner)
            others = Membership.objects.exclude(role="owner")
            others.update(custom_role=role, role=role.base)
            for model in tables:
                a_row(model, owner)
    delete(cast.acme, cast.alice, DAYS_RESTORABLE + 1)
    purge()
    for model in tables:
        with no_context(), tenant(cast.acme):
            assert not model._base_manager.exists(), model
        with no_context(), tenant(cast.globex):
            assert model._base_manager.exists(), model


# cap 71
def test_its_history_goes_although_nobody_can_delete_it(cast):
    delete(cast.acme, cast.alice, DAYS_RESTORABLE + 1)
    purge()
    with no_context(), tenant(cast.acme):
        assert not AuditEntry.objects.exists()


@pytest.mark.django_db(transaction=True, databases=["default", "operator"])
def test_what_ended_is_in_the_platforms_history():
    people = gather()
    delete(people.acme, people.alice, DAYS_RESTORABLE + 1)
    purge()
    with no_context(), operator(people.olga, "test"):
        entry = PlatformEntry.objects.get(action="organization.purged")
    assert (entry.target_label, entry.actor_type) == ("Acme", "system")
    assert entry.before["slug"] == "acme"
    assert entry.before["id"] == str(people.acme.pk)


def test_people_stay_and_forget_where_they_were(cast):
    flows.remember_organization(user=cast.alice, organization=cast.acme)
    delete(cast.acme, cast.alice, DAYS_RESTORABLE + 1)
    purge()
    with no_context(), as_user(cast.alice):
        assert not LastOrganization.objects.exists()
        assert not Membership.own.exists()
        assert type(cast.alice).objects.get() == cast.alice


def test_its_files_go_too(cast):
    for organization in (cast.acme, cast.globex):
        name = f"{files_of(organization.pk)}/tasks/7/plan.pdf"
        default_storage.save(name, ContentFile(b"plan"))
    with no_context(), tenant(cast.acme):
        cast.acme.logo.save("logo.png", ContentFile(b"logo"))
    delete(cast.acme, cast.alice, DAYS_RESTORABLE + 1)
    purge()
    assert default_storage.exists(f"{files_of(cast.globex.pk)}/tasks/7/plan.pdf")
    assert not default_storage.exists(f"{files_of(cast.acme.pk)}/tasks/7/plan.pdf")
    assert not default_storage.exists(cast.acme.logo.name)


def test_files_that_cannot_be_deleted_keep_the_rows(cast, monkeypatch):
    def refuse(folder):
        raise OSError("the storage is away")

    monkeypatch.setattr("organizations.purging.remove_below", refuse)
    delete(cast.acme, cast.alice, DAYS_RESTORABLE + 1)
    with no_context(), identity(), pytest.raises(OSError, match="away"):
        purge_next()
    assert is_there(cast.acme)


def test_several_go_in_one_run(cast):
    for organization, owner in ((cast.acme, cast.alice), (cast.globex, cast.charlie)):
        delete(organization, owner, DAYS_RESTORABLE + 1)
    purge()
    assert not is_there(cast.acme)
    assert not is_there(cast.globex)


def test_the_clock_calls_it_every_day():
    from procrastinate.contrib.django import app

    periodic = app.periodic_registry.periodic_tasks
    assert any(name.endswith("purge_deleted") for name, _id in periodic)
    assert jobs.purge_deleted is purge_deleted


# cap 37
def test_no_role_deletes_an_organization_itself(cast):
    delete(cast.acme, cast.alice, DAYS_RESTORABLE + 1)
    for context in (identity(), tenant(cast.acme, cast.alice), as_user(cast.alice)):
        with no_context(), context, pytest.raises(DatabaseError), transaction.atomic():
            sql(f"DELETE FROM {ORGANIZATIONS}")
    assert is_there(cast.acme)


def test_the_function_deletes_nothing_early_whoever_calls_it(cast):
    delete(cast.acme, cast.alice, DAYS_RESTORABLE - 1)
    for context in (identity(), tenant(cast.globex, cast.charlie), no_context()):
        with no_context(), context:
            assert sql("SELECT app.purge_organization()") == [(None,)]
    assert is_there(cast.acme)


def test_every_key_to_an_organization_goes_along(db):
    rules = sql(EVERY_KEY)
    # A note about another organization stays, and only forgets that they were alike.
    assert [table for table, rule in rules if rule != "c"] == ["notes_staffnote"]
    assert {rule for _table, rule in rules} == {"c", "n"}


@pytest.mark.django_db(transaction=True)
def test_what_is_brought_back_at_the_same_moment_stays():
    """The purge waits for whoever holds the row, and then looks again."""
    people, done = gather(), []
    delete(people.acme, people.alice, DAYS_RESTORABLE + 1)

    def go():
        try:
            with identity():
                done.append(purge_next())
        finally:
            connection.close()

    purging = Thread(target=go)
    with tenant(people.acme, people.alice), transaction.atomic():
        Organization.objects.filter(pk=people.acme.pk).update(deleted_at=None)
        purging.start()
        purging.join(timeout=0.4)
        assert purging.is_alive()
    purging.join()
    assert done == [False]
    assert is_there(people.acme)


@pytest.mark.django_db(transaction=True)
def test_what_is_being_purged_cannot_be_brought_back():
    people, done = gather(), []
    delete(people.acme, people.alice, DAYS_RESTORABLE + 1)

    def go():
        try:
            done.append(closing.take_back(organization=people.acme, by=people.alice))
        finally:
            connection.close()

    coming = Thread(target=go)
    with identity(), transaction.atomic():
        assert purge_next()
        coming.start()
        coming.join(timeout=5)
    coming.join()
    assert done == [False]
    assert not is_there(people.acme)
