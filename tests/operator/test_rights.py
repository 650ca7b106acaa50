import pytest
from django.contrib.auth.models import Group, Permission

from accounts.models import User
from config.operator.site import site
from organizations.audit.models import AuditEntry, PlatformEntry
from organizations.models import Organization
from organizations.tenancy import no_context, operator
from tests.conftest import make_user
from tests.operator.conftest import CONSOLE, SOME_ID, act, address
from tests.operator.test_changes import PERSON

pytestmark = CONSOLE

READ_ONLY = [
    "audit.auditentry",
    "audit.platformentry",
    "account.emailaddress",
    "usersessions.usersession",
    "procrastinate.procrastinatejob",
]


@pytest.fixture
def helper(cast, sign_in):
    """Sign in a member of staff with only the named rights."""

    def with_rights(*codes):
        user = make_user("hugo", is_staff=True)
        with no_context(), operator(user, reason="test"):
            rights = Permission.objects.filter(codename__in=codes)
            group = Group.objects.create(name="Help desk")
            group.permissions.set(rights)
            user.groups.add(group)
        return sign_in(user)

    return with_rights


def model_of(label):
    return next(m for m in site._registry if m._meta.label_lower == label)


def test_staff_without_rights_see_an_empty_console(helper):
    client = helper()
    page = client.get("/admin/")
    assert page.status_code == 200
    assert page.context["figures"] == []
    assert page.context["entries"] == []
    for model in site._registry:
        assert client.get(address(model, "changelist")).status_code == 403, model
        assert address(model, "changelist") not in page.content.decode()


def test_a_right_to_look_opens_one_table(helper, cast):
    client = helper("view_organization")
    assert client.get(address(Organization, "changelist")).status_code == 200
    assert client.get(address(User, "changelist")).status_code == 403
    page = address(Organization, "change", cast.acme.pk)
    assert client.get(page).status_code == 200
    assert client.post(page, {"name": "Hacked"}).status_code == 403


def test_a_right_to_look_is_no_right_to_act(helper, cast, look):
    client = helper("view_user")
    act(client, User, "ban", cast.bob, reason="Because")
    assert not look(lambda: User.objects.get(pk=cast.bob.pk)).banned


def test_only_superusers_give_staff_rights(helper, cast, look):
    client = helper("view_user", "change_user")
    values = PERSON | {"is_staff": "on", "is_superuser": "on"}
    assert client.post(address(User, "change", cast.bob.pk), values).status_code == 302
    bob = look(lambda: User.objects.get(pk=cast.bob.pk))
    assert bob.first_name == "Robert"
    assert (bob.is_staff, bob.is_superuser) == (False, False)
    assert client.get(address(Group, "changelist")).status_code == 403


def test_a_superuser_gives_staff_rights_and_it_is_recorded(as_olga, cast, look):
    values = PERSON | {"first_name": "Bob", "is_staff": "on"}
    as_olga.post(address(User, "change", cast.bob.pk), values)
    assert look(lambda: User.objects.get(pk=cast.bob.pk)).is_staff
    entry = look(lambda: PlatformEntry.objects.get(action="user.changed"))
    assert (entry.before, entry.after) == ({"is_staff": False}, {"is_staff": True})


def test_staff_cannot_touch_superusers(helper, cast, look):
    client = helper("view_user", "change_user")
    assert client.post(address(User, "change", cast.olga.pk), PERSON).status_code == 403
    act(client, User, "ban", cast.olga, reason="Coup")
    olga = look(lambda: User.objects.get(pk=cast.olga.pk))
    assert (olga.first_name, olga.banned) == ("Olga", False)


# cap 71
@pytest.mark.parametrize("label", READ_ONLY)
def test_history_and_the_like_are_read_only(as_olga, rows, label):
    model = model_of(label)
    some = 1 if model._meta.pk.get_internal_type() == "BigAutoField" else SOME_ID
    assert as_olga.get(address(model, "changelist")).status_code == 200
    assert as_olga.get(address(model, "add")).status_code == 403
    assert as_olga.post(address(model, "add"), {"action": "x"}).status_code == 403
    for page in ("change", "delete"):
        answer = as_olga.post(address(model, page, some), {"post": "yes"})
        assert answer.status_code in (302, 403), page


def test_an_entry_can_be_read_and_not_changed(as_olga, rows, look):
    entry = look(lambda: AuditEntry.objects.order_by("created_at").first())
    page = address(AuditEntry, "change", entry.pk)
    shown = as_olga.get(page)
    assert entry.action in shown.content.decode()
    assert 'name="_save"' not in shown.content.decode()
    assert as_olga.post(page, {"action": "nothing.happened"}).status_code == 403
    assert (
        as_olga.post(
            address(AuditEntry, "delete", entry.pk), {"post": "yes"}
        ).status_code
        == 403
    )
    assert look(lambda: AuditEntry.objects.get(pk=entry.pk)).action == entry.action


def test_pages_that_record_nothing_cannot_be_registered():
    from django.contrib.admin import ModelAdmin

    for page in (ModelAdmin, None):
        with pytest.raises(TypeError, match="recorded"):
            site.register(Permission, page)
