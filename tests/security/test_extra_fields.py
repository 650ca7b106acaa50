"""A form takes the fields it shows; what else is sent with it changes nothing."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from organizations.models import Membership, Organization
from organizations.tenancy import as_user, identity, no_context, tenant
from tasks.flows import create_task
from tasks.models import Task
from tests.conftest import PASSWORD


@pytest.fixture
def extras(cast):
    """What somebody would love to smuggle in: himself, elsewhere, with more rights."""
    return {
        "id": str(cast.globex.pk),
        "pk": str(cast.globex.pk),
        "organization_id": str(cast.globex.pk),
        "user": str(cast.charlie.pk),
        "user_id": str(cast.charlie.pk),
        "created_by": str(cast.charlie.pk),
        "created_by_id": str(cast.charlie.pk),
        "role": "owner",
        "number": "9999",
        "deleted_at": "2020-01-01",
        "completed_at": "2020-01-01",
        "current_plan": "enterprise",
        "plan": "enterprise",
        "plan_name": "enterprise",
        "limit_overrides": '{"members": 1000}',
        "suspended_at": "",
        "is_staff": "on",
        "is_superuser": "on",
        "is_active": "on",
        "banned": "",
        "email_verified": "on",
        "email_confirmed": "on",
    }


@pytest.fixture
def task(cast):
    with tenant(cast.acme, cast.alice):
        return create_task(by=cast.alice, title="Count the beds")


def row(organization: Any, model: Any, pk: Any) -> dict[str, Any]:
    """Return every column of a row as the organization sees it."""
    with no_context(), tenant(organization):
        return columns(model.objects.get(pk=pk))


def columns(found: Any) -> dict[str, Any]:
    return {
        field.attname: getattr(found, field.attname) for field in found._meta.fields
    }


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {name for name in before if before[name] != after[name]} - {"updated_at"}


def test_new_task_belongs_to_who_makes_it(cast, as_bob, extras):
    as_bob.post("/tasks/new/", {"title": "Water the plants"} | extras)
    with tenant(cast.acme):
        task = Task.objects.get(title="Water the plants")
    assert task.organization_id == cast.acme.pk
    assert task.created_by_id == cast.bob.pk
    assert str(task.pk) != extras["id"]
    assert task.number == 1
    assert task.deleted_at is task.completed_at is None
    with tenant(cast.globex):
        assert not Task.objects.exists()


def test_quick_task_belongs_to_who_makes_it(cast, as_bob, extras):
    as_bob.post(
        "/tasks/new/", {"title": "Quick"} | extras, headers={"hx-request": "true"}
    )
    with tenant(cast.acme):
        assert Task.objects.get(title="Quick").created_by_id == cast.bob.pk
    with tenant(cast.globex):
        assert not Task.objects.exists()


def test_edited_task_changes_in_what_its_form_shows(cast, as_bob, task, extras):
    before = row(cast.acme, Task, task.pk)
    form = {"title": "Count again", "status": "todo", "priority": "3"}
    as_bob.post(f"/tasks/{task.pk}/edit/", extras | form)
    after = row(cast.acme, Task, task.pk)
    assert changed(before, after) <= {"title", "search", "version"}
    assert after["title"] == "Count again"


def test_moved_task_changes_in_its_status_only(cast, as_bob, task, extras):
    before = row(cast.acme, Task, task.pk)
    as_bob.post(f"/tasks/{task.pk}/status/", extras | {"status": "in_review"})
    after = row(cast.acme, Task, task.pk)
    # It stands on top of its new column.
    assert changed(before, after) <= {"status", "rank"}
    assert after["status"] == "in_review"


def test_new_organization_belongs_to_who_makes_it(cast, as_nora, extras):
    as_nora.post("/organizations/new/", {"name": "Hooli"} | extras)
    with no_context(), tenant(cast.globex):
        assert Membership.objects.count() == 1
    made = own_organization(cast.nora)
    assert made.name == "Hooli"
    assert str(made.pk) != extras["id"]
    assert getattr(made, "current_plan", "free") == "free"


def own_organization(user: User) -> Organization:
    """Return the one organization a person belongs to."""
    with no_context(), as_user(user):
        (membership,) = Membership.own.filter(user=user).select_related("organization")
        assert membership.role == "owner"
        return membership.organization


def test_settings_change_in_what_their_form_shows(cast, as_adam, extras):
    before = row(cast.acme, Organization, cast.acme.pk)
    form = {"name": "Acme Two", "slug": "acme", "task_prefix": "ACME", "theme": "dark"}
    response = as_adam.post("/organizations/settings/", extras | form)
    assert response.status_code == 302
    after = row(cast.acme, Organization, cast.acme.pk)
    assert changed(before, after) == {"name"}


@pytest.mark.parametrize(
    ("card", "column", "form"),
    [
        ("preferences", "settings", {"theme": "dark", "language": "en"}),
        ("joining", "joining_role", {"joining_role": "viewer"}),
        ("metadata", "metadata", {"metadata": '{"crm": 7}'}),
    ],
)
def test_card_of_settings_changes_its_own_column(
    cast, as_adam, extras, card, column, form
):
    before = row(cast.acme, Organization, cast.acme.pk)
    more = {"name": "Mine", "slug": "mine", "settings": "{}"}
    response = as_adam.post(f"/organizations/settings/{card}/", extras | more | form)
    assert response.status_code == 302
    after = row(cast.acme, Organization, cast.acme.pk)
    assert changed(before, after) == {column}


def test_sign_up_makes_an_ordinary_person(cast, extras):
    form = {"email": "new@example.com", "password1": "a fine long passphrase"}
    Client().post("/accounts/signup/", extras | form)
    with identity():
        user = User.objects.get(email="new@example.com")
    assert not user.is_staff
    assert not user.is_superuser
    assert not user.email_verified
    assert str(user.pk) != extras["id"]


def test_profile_changes_in_what_its_form_shows(cast, as_bob, extras):
    with identity():
        before = columns(User.objects.get(pk=cast.bob.pk))
    form = {"first_name": "Rob", "last_name": "Example", "language": "en"}
    more = {"timezone": "UTC", "theme": "dark"}
    response = as_bob.post("/accounts/profile/", extras | form | more)
    assert response.status_code == 302
    with identity():
        after = columns(User.objects.get(pk=cast.bob.pk))
    assert changed(before, after) <= {"first_name", "name", "theme"}


def test_signing_in_as_another_by_extra_fields_fails(cast, extras):
    client = Client()
    form = {"login": "bob@example.com", "password": PASSWORD}
    client.post("/accounts/login/", extras | form)
    with identity():
        assert client.session["_auth_user_id"] == str(cast.bob.pk)


def test_switching_enters_no_foreign_organization(cast, as_bob, extras):
    foreign = {"organization": extras["organization_id"]}
    response = as_bob.post("/organizations/switch/", extras | foreign)
    assert response.status_code == 404
    assert as_bob.get("/organizations/").wsgi_request.organization == cast.acme


@pytest.mark.parametrize("given", ["query", "header", "cookie"])
def test_organization_comes_from_the_session_alone(cast, as_bob, extras, given):
    where = {
        "query": {"query_params": extras},
        "header": {"headers": {"organization-id": extras["organization_id"]}},
        "cookie": {"HTTP_COOKIE": f"organization={extras['organization_id']}"},
    }
    response = as_bob.get("/organizations/", **where[given])
    entered = response.wsgi_request.organization
    assert entered is None or entered == cast.acme
