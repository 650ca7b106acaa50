import pytest
from django.core.management import CommandError

from accounts.banners.models import Banner
from billing.models import Subscription
from config.seeds import DEMO_SIGN_INS
from config.seeds.switches import KEY
from organizations.audit.models import AuditEntry
from organizations.flags.models import FeatureFlag
from organizations.gallery.models import Image
from organizations.limits.counting import use_of
from organizations.limits.models import Key
from organizations.models import Membership, Organization
from organizations.permissions import effective
from organizations.teams.models import Team
from organizations.tenancy import as_user, no_context, tenant
from tasks.comments.models import Comment, Mention
from tasks.models import Task
from tests.seeds.conftest import people, seed


@pytest.fixture(scope="module")
def demo(told_once):
    """The demo once for all; each test's own changes are undone."""
    with told_once() as words:
        yield words


@pytest.fixture
def told(demo, db):
    return demo


def organizations_of(user):
    with no_context(), as_user(user):
        mine = Membership.own.filter(user=user).select_related("organization")
        return {each.organization.name: each.organization for each in mine}


# cap 85
def test_the_demo_has_its_people_and_organizations(told):
    everybody = people()
    assert {"alice@example.com", "bob@example.com", "admin@example.com"} <= set(
        everybody
    )
    assert set(organizations_of(everybody["alice@example.com"])) == {
        "Acme Corp",
        "Tech Startup Inc",
    }
    assert everybody["admin@example.com"].is_superuser
    assert not organizations_of(everybody["admin@example.com"])


def test_the_demo_has_a_flag_that_is_rolled_out(told):
    flag = FeatureFlag.objects.get(key=KEY)
    assert (flag.rollout_percent, flag.default_enabled) == (25, False)
    assert not Banner.objects.exists()


def test_the_demo_has_work_and_a_subscription(told):
    alice = people()["alice@example.com"]
    acme = organizations_of(alice)["Acme Corp"]
    with tenant(acme, alice):
        assert Task.objects.count() > 30
        assert set(Task.objects.values_list("status", flat=True)) == {
            "backlog",
            "todo",
            "in_progress",
            "in_review",
            "done",
        }
        assert Task.objects.filter(assignees=alice).exists()
        assert Subscription.objects.get().plan_id == "pro"
        assert Organization.objects.get(pk=acme.pk).plan == "pro"
        assert Membership.objects.count() == 8


def test_the_demo_has_pictures_that_say_what_is_on_them(told):
    alice = people()["alice@example.com"]
    with tenant(organizations_of(alice)["Acme Corp"], alice):
        pictures = list(Image.objects.all())
        assert len(pictures) >= 5
        assert all(each.alt and each.size for each in pictures)
        assert use_of(Key.STORAGE).used == sum(each.size for each in pictures)
        recorded = AuditEntry.objects.filter(action="image.uploaded").count()
        assert recorded == len(pictures)


def test_the_demo_was_told_through_flows(told):
    alice = people()["alice@example.com"]
    with tenant(organizations_of(alice)["Acme Corp"], alice):
        recorded = AuditEntry.objects.filter(action="task.created").count()
        assert recorded == Task.with_trash.count()
        assert AuditEntry.objects.filter(action="subscription.comped").exists()


@pytest.mark.parametrize(("role", "email", "password"), DEMO_SIGN_INS)
def test_the_printed_people_can_sign_in(told, client, role, email, password):
    assert f"{email}" in told
    assert password in told
    assert people()[email].check_password(password)


def test_colleagues_cannot_sign_in(told):
    assert not people()["priya@example.com"].has_usable_password()


def test_if_empty_leaves_people_alone(told):
    before = set(people())
    assert seed("--if-empty") == ""
    assert set(people()) == before


def test_twice_is_refused_in_one_sentence(told):
    with pytest.raises(CommandError, match="already"):
        seed()


# C1
def test_the_demo_has_a_role_of_its_own(told):
    alice = people()["alice@example.com"]
    with tenant(organizations_of(alice)["Acme Corp"], alice):
        (held,) = Membership.objects.exclude(custom_role=None)
        assert (held.role, held.role_name) == ("viewer", "Auditor")
        assert "audit.view" in effective(held)
        assert "tasks.edit" not in effective(held)


# cap 26, 27
def test_the_demo_has_two_teams(told):
    alice = people()["alice@example.com"]
    with tenant(organizations_of(alice)["Acme Corp"], alice):
        found = {team.name: team.memberships.count() for team in Team.objects.all()}
    assert found == {"Product and shop": 4, "Warehouse": 4}


def test_people_of_the_demo_talk_and_name_each_other(told):
    alice = people()["alice@example.com"]
    with tenant(organizations_of(alice)["Acme Corp"], alice):
        task = Task.objects.get(title__startswith="Recall notice")
        assert task.comment_count == Comment.objects.filter(task=task).count() == 3
        assert Mention.objects.filter(comment__task=task, user=alice).exists()
