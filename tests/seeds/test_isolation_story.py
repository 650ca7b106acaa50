import json
from uuid import UUID

import pytest
from django.apps import apps
from django.db import models

from accounts.models import User
from config.seeds.ids import FixedIds
from organizations.models import Membership, Organization
from organizations.tenancy import identity, tenant
from organizations.tenancy.policies import organization_key
from tasks.models import Task
from tests.seeds.conftest import seed

LARGE = 60
STORY = {"story": "isolation", "json": True, "tasks": LARGE}
# Text that people do not write: words of the system, ids, and what is too short.
VOCABULARY = {
    # Three letters hold no mark.
    "billing.subscription": {"currency"},
    "billing.invoice": {"currency"},
    "organizations.organization": {"task_prefix", "plan", "logo"},
    "domains.organizationdomain": {"token"},
    "gallery.image": {"file", "content_type"},
    "attachments.attachment": {"content_type", "path"},
    "audit.auditentry": {"action", "target_type", "target_id"},
    "notifications.notification": {"kind", "subject_type", "path"},
    "notifications.preference": {"kind"},
    "notifications.mute": {"subject_type"},
    "webhooks.delivery": {"event_type"},
    # Where it will be, and what it will hold.
    "archives.export": {"file", "sha256"},
    "archives.arrival": {"file", "sha256", "stage", "refusal"},
    # Only an import has a name.
    "changesets.changeset": {"label"},
}


@pytest.fixture(scope="module")
def told(told_once):
    with told_once(**STORY) as words:
        yield words


@pytest.fixture
def story(told, db):
    return json.loads(told.splitlines()[-1])


def ids(story):
    return {each["key"]: UUID(each["id"]) for each in story["organizations"]}


def test_the_last_line_names_organizations_actors_and_races(story):
    assert set(story) == {"organizations", "actors", "races"}
    assert [each["name"] for each in story["organizations"]] == [
        f"CNRY-{letter}-name-1" for letter in "ABCD"
    ]
    for actor in story["actors"]:
        assert set(actor) == {"name", "role", "org", "login", "password"}


def test_every_role_is_there_and_can_sign_in(story):
    for organization in story["organizations"]:
        roles = {a["role"] for a in story["actors"] if a["org"] == organization["name"]}
        assert {"owner", "admin", "member", "viewer"} <= roles
    with identity():
        people = {user.email: user for user in User.objects.all()}
    for actor in story["actors"]:
        assert people[actor["login"]].check_password(actor["password"])


def test_the_unusual_people_are_there(story):
    by_role = {}
    for actor in story["actors"]:
        by_role.setdefault(actor["role"], []).append(actor)
    assert len(by_role["shared"]) == 2
    assert len({actor["login"] for actor in by_role["shared"]}) == 1
    assert by_role["operator"][0]["org"] is None
    a = ids(story)["A"]
    with tenant(a):
        suspended = Membership.objects.get(user__email=by_role["suspended"][0]["login"])
        assert suspended.is_suspended
        removed = by_role["removed"][0]["login"]
        assert not Membership.objects.filter(user__email=removed).exists()


@pytest.mark.parametrize(
    ("letter", "tasks"), [("A", 40), ("B", 40), ("C", LARGE), ("D", 0)]
)
def test_organizations_are_full_large_and_empty(story, letter, tasks):
    with tenant(ids(story)[letter]):
        assert Task.with_trash.count() == tasks


def test_telling_it_again_only_says_it_again(told, db):
    assert seed(**STORY) == told


def test_ids_are_the_same_every_time(story):
    first = str(FixedIds("A")())
    assert ids(story)["A"] == UUID(first)
    assert UUID(first).version == 7
    for race in story["races"]:
        assert UUID(race["organization"]) in ids(story).values()


def text_columns(model):
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and not field.generated
        and field.name not in VOCABULARY.get(model._meta.label_lower, ())
    ]


def is_marked(text, letter):
    """Whether a text carries the organization's mark, or the shared person's."""
    marks = [f"cnry-{letter}-", *(["cnry-ab-"] if letter in "AB" else [])]
    return any(mark.lower() in text.lower() for mark in marks)


def tenant_models():
    return [
        model
        for model in apps.get_models()
        if model is Organization or organization_key(model)
        if not model.__module__.startswith("tests.")
    ]


# cap 46
@pytest.mark.parametrize("letter", ["A", "B", "C"])
def test_every_text_of_an_organization_is_marked(story, letter):
    marked = 0
    with tenant(ids(story)[letter]):
        for model in tenant_models():
            manager = getattr(model, "with_trash", model._default_manager)
            for field in text_columns(model):
                written = manager.exclude(**{field.name: None})
                for text in written.values_list(field.name, flat=True):
                    assert is_marked(text, letter), (model, field.name, text)
                    marked += 1
    assert marked > 100


def test_the_mark_is_of_the_owner_and_of_nobody_else(story):
    with tenant(ids(story)["A"]):
        names = list(User.objects.values_list("first_name", flat=True))
    assert names
    assert all(name.startswith(("CNRY-A-", "CNRY-AB-")) for name in names)
