import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from organizations.audit.models import AuditEntry, PlatformEntry
from organizations.audit.recording import recorded
from organizations.models import Membership, Organization
from organizations.tenancy import no_context, tenant
from tasks.models import Task
from tests.operator.conftest import CONSOLE, act, address

pytestmark = CONSOLE

PERSON = {
    "first_name": "Robert",
    "last_name": "Example",
    "language": "en",
    "timezone": "UTC",
    "theme": "system",
    "is_active": "on",
    "emailaddress_set-TOTAL_FORMS": 0,
    "emailaddress_set-INITIAL_FORMS": 0,
    "memberships-TOTAL_FORMS": 0,
    "memberships-INITIAL_FORMS": 0,
}


def entries(look, model, **about):
    return look(lambda: list(model.objects.filter(**about)))


def fresh(look, row):
    manager = getattr(type(row), "with_trash", type(row)._default_manager)
    return look(lambda: manager.filter(pk=row.pk).first())


# cap 72
def test_a_changed_person_is_recorded(as_olga, cast, look):
    answer = as_olga.post(address(User, "change", cast.bob.pk), PERSON)
    assert answer.status_code == 302
    assert fresh(look, cast.bob).first_name == "Robert"
    [entry] = entries(look, PlatformEntry, action="user.changed")
    assert entry.before == {"first_name": "Bob"}
    assert entry.after == {"first_name": "Robert"}
    assert (entry.actor_id, entry.actor_type) == (cast.olga.pk, "operator")
    assert (entry.target_id, bool(entry.request_id)) == (str(cast.bob.pk), True)


def test_saving_without_a_change_records_nothing(as_olga, cast, look):
    same = PERSON | {"first_name": "Bob"}
    assert as_olga.post(address(User, "change", cast.bob.pk), same).status_code == 302
    assert not entries(look, PlatformEntry, action="user.changed")


def test_a_change_that_cannot_be_recorded_is_not_made(as_olga, cast, look):
    def refuse(**kwargs):
        raise RuntimeError("no history, no change")

    recorded.connect(refuse)
    as_olga.raise_request_exception = False
    try:
        answer = as_olga.post(address(User, "change", cast.bob.pk), PERSON)
    finally:
        recorded.disconnect(refuse)
    assert answer.status_code == 500
    assert fresh(look, cast.bob).first_name == "Bob"


def test_people_are_not_made_here(as_olga):
    assert as_olga.get(address(User, "add")).status_code == 403


def test_no_page_shows_a_password(as_olga, cast, look):
    secret = fresh(look, cast.bob).password
    for page in ("change", "history"):
        shown = as_olga.get(address(User, page, cast.bob.pk)).content.decode()
        assert secret not in shown
        assert secret.rsplit("$", 1)[-1] not in shown
    assert 'name="password"' not in shown


# cap 8
def test_a_ban_ends_sessions_and_says_why(as_olga, as_bob, cast, look):
    assert as_bob.get("/tasks/").status_code == 200
    act(as_olga, User, "ban", cast.bob, reason="Sends spam")
    bob = fresh(look, cast.bob)
    assert (bob.is_banned, bob.ban_reason) == (True, "Sends spam")
    assert as_bob.get("/tasks/").status_code == 302
    [entry] = entries(look, PlatformEntry, action="user.banned")
    assert entry.after == {"reason": "Sends spam"}


def test_a_ban_is_lifted(as_olga, cast, look):
    act(as_olga, User, "ban", cast.bob, reason="Sends spam")
    act(as_olga, User, "unban", cast.bob, reason="It was his brother")
    assert not fresh(look, cast.bob).is_banned
    [entry] = entries(look, PlatformEntry, action="user.unbanned")
    assert entry.before == {"reason": "Sends spam"}
    assert entry.after == {"reason": "It was his brother"}


@pytest.mark.parametrize(
    ("model", "action", "name"),
    [
        (User, "ban", "bob"),
        (Organization, "suspend", "acme"),
    ],
)
def test_without_a_reason_nothing_happens(as_olga, cast, look, model, action, name):
    row = getattr(cast, name)
    answer = act(as_olga, model, action, row, reason="  ")
    assert "Say why" in answer.content.decode()
    assert not entries(look, PlatformEntry, action__endswith="banned")
    assert not entries(look, AuditEntry, action__endswith="suspended")


def test_staff_do_not_ban_themselves(as_olga, cast, look):
    act(as_olga, User, "ban", cast.olga, reason="Tired")
    assert not fresh(look, cast.olga).banned


def test_a_suspended_organization_lets_nobody_in(as_olga, as_alice, cast, look):
    act(as_olga, Organization, "suspend", cast.acme, reason="Unpaid for a year")
    assert as_alice.get("/tasks/").status_code == 302
    [entry] = entries(look, AuditEntry, action="organization.suspended")
    assert entry.organization_id == cast.acme.pk
    assert entry.after == {"reason": "Unpaid for a year"}
    act(as_olga, Organization, "restore", cast.acme, reason="Paid")
    assert as_alice.get("/tasks/").status_code == 200
    assert entries(look, AuditEntry, action="organization.restored")


def test_doing_it_twice_records_it_once(as_olga, cast, look):
    for _time in range(2):
        act(as_olga, Organization, "suspend", cast.acme, reason="Unpaid")
    assert len(entries(look, AuditEntry, action="organization.suspended")) == 1


# cap 71
def test_the_organization_sees_what_the_operator_did(as_olga, cast, look):
    values = {
        "name": "Acme & Co",
        "slug": "acme",
        "task_prefix": "ACME",
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
    }
    as_olga.post(address(Organization, "change", cast.acme.pk), values)
    assert fresh(look, cast.acme).name == "Acme & Co"
    with tenant(cast.acme, cast.alice):
        entry = AuditEntry.objects.get(action="organization.changed")
    assert entry.actor_type == "operator"
    assert entry.after == {"name": "Acme & Co"}


@pytest.mark.parametrize("name", ["acme", "bob"])
def test_what_has_a_history_stays(as_olga, cast, look, name):
    row = getattr(cast, name)
    for method in (as_olga.get, as_olga.post):
        answer = method(
            address(type(row), "delete", row.pk), {"post": "yes"}, follow=True
        )
        assert "stays" in answer.content.decode()
    assert fresh(look, row) is not None
    assert not entries(look, PlatformEntry, action__endswith="deleted")


def test_a_person_named_nowhere_can_be_deleted(as_olga, cast, look):
    page = address(User, "delete", cast.nora.pk)
    assert "This cannot be undone" in as_olga.get(page).content.decode()
    assert as_olga.post(page, {"post": "yes"}).status_code == 302
    assert fresh(look, cast.nora) is None
    [entry] = entries(look, PlatformEntry, action="user.deleted")
    assert entry.target_id == str(cast.nora.pk)


def test_a_task_is_put_in_the_trash_and_taken_out(as_olga, rows, look):
    act(as_olga, Task, "trash", rows.task, reason="Holds a card number")
    assert fresh(look, rows.task).deleted_at is not None
    [entry] = entries(look, AuditEntry, action="task.removed")
    assert entry.after == {"reason": "Holds a card number"}
    act(as_olga, Task, "untrash", rows.task, reason="It was a test card")
    assert fresh(look, rows.task).deleted_at is None
    assert len(entries(look, AuditEntry, action="task.restored")) == 1


def test_a_task_that_does_not_fit_stays_in_the_trash(as_olga, cast, rows, look):
    act(as_olga, Task, "trash", rows.task, reason="Holds a card number")
    with no_context(), tenant(cast.acme):
        Organization.objects.filter(pk=cast.acme.pk).update(limits={"tasks": 0})
    page = act(as_olga, Task, "untrash", rows.task, reason="It was a test card")
    assert "0 changed." in page.text
    assert fresh(look, rows.task).deleted_at is not None
    assert entries(look, AuditEntry, action="task.restored") == []


def test_a_mended_task_is_recorded(as_olga, cast, rows, look):
    values = {
        "title": "Oil the green gate",
        "description": "",
        "priority": 5,
        "due_date": "2027-01-31",
        "taskassignee_set-TOTAL_FORMS": 0,
        "taskassignee_set-INITIAL_FORMS": 0,
    }
    page = address(Task, "change", rows.task.pk)
    prefix = as_olga.get(page).context["inline_admin_formsets"][0].formset.prefix
    values |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    assert as_olga.post(page, values).status_code == 302
    assert fresh(look, rows.task).title == "Oil the green gate"
    [entry] = entries(look, AuditEntry, action="task.edited")
    assert entry.before["title"] == "Oil the gate"
    assert entry.after["due_date"] == "2027-01-31"
    assert entry.organization_id == cast.acme.pk


def test_a_group_of_rights_is_recorded(as_olga, look):
    answer = as_olga.post(address(Group, "add"), {"name": "Help desk"})
    assert answer.status_code == 302
    [entry] = entries(look, PlatformEntry, action="group.created")
    assert entry.after["name"] == "Help desk"


def test_history_tells_who_did_what(as_olga, cast):
    as_olga.post(address(User, "change", cast.bob.pk), PERSON)
    page = as_olga.get(address(User, "history", cast.bob.pk)).content.decode()
    assert "user.changed" in page
    assert "Olga Example" in page


def test_an_action_without_rows_changes_nothing(as_olga, look):
    answer = act(as_olga, User, "ban", reason="Nobody")
    assert answer.status_code == 200
    assert not entries(look, PlatformEntry, action="user.banned")


@pytest.mark.parametrize("name", ["acme", "globex"])
def test_memberships_are_listed_with_the_organization(as_olga, cast, look, name):
    row = getattr(cast, name)
    page = as_olga.get(address(Organization, "change", row.pk)).content.decode()
    members = look(lambda: list(Membership.objects.filter(organization=row)))
    for member in members:
        assert address(Membership, "change", member.pk) in page
