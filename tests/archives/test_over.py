"""An archive over the organization it was written of: exactly its rows, one log."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from organizations.archives import arriving
from organizations.audit.checking import verify
from organizations.audit.models import AuditEntry
from organizations.flows import SlugTaken, edit_organization
from organizations.limits.refusals import LimitReached
from organizations.models import Membership, Organization, Role, files_of
from organizations.teams.models import Team
from organizations.tenancy import no_context, tenant
from tasks.flows import create_task
from tasks.labels.models import Label
from tasks.models import Task
from tests.archives.conftest import end, exported, hashed, journey, take_in

LOG = "audit_auditentry"
OWN = "organizations_organization"


def without_log(found):
    return {name: one for name, one in found["tables"].items() if name != LOG}


def found_in(differences):
    return {
        one.table.name: (one.added, one.changed, one.removed)
        for one in differences
        if one
    }


def disturb(people):
    """Change, add and remove things that hang together."""
    with no_context(), tenant(people.acme, people.alice):
        task = Task.objects.first()
        task.title = "Not as it was"
        task.save(update_fields=["title"])
        create_task(by=people.bob, title="Came later", assignees=[people.bob])
        Team.with_trash.first().delete()
        Label.objects.all().delete()


def test_a_dry_run_tells_what_would_change_and_changes_nothing(both):
    data = exported(both.acme)
    disturb(both)
    before = hashed(both.acme)
    going = journey(data, over=True)
    found = found_in(arriving.look(going))
    assert hashed(both.acme) == before
    assert found["tasks_task"] == (0, 1, 1)
    assert found["labels_label"] == (1, 0, 0)
    assert found["labels_tasklabel"] == (1, 0, 0)
    (tasks,) = [one for one in going.differences if one.table.name == "tasks_task"]
    assert len(tasks.examples) == 2
    assert {line.split()[0] for line in tasks.examples} == {"change", "remove"}


def test_over_the_old_one_its_rows_are_the_archives(both):
    before, others = hashed(both.acme), hashed(both.globex)
    data = exported(both.acme)
    disturb(both)
    going = take_in(data, over=True)
    assert without_log(hashed(both.acme)) == without_log(before)
    assert hashed(both.globex) == others
    assert not going.has_same_rows
    assert not found_in(arriving.look(journey(data, over=True)))


def test_the_same_twice_changes_nothing(both):
    data = exported(both.acme)
    before = without_log(hashed(both.acme))
    assert take_in(data, over=True).has_same_rows
    assert take_in(data, over=True).has_same_rows
    assert without_log(hashed(both.acme)) == before


def test_the_log_goes_on_and_says_what_was_done(both):
    data = exported(both.acme)
    disturb(both)
    with no_context(), tenant(both.acme):
        kept = verify(both.acme.pk)
    take_in(data, over=True)
    with no_context(), tenant(both.acme):
        after = verify(both.acme.pk, (kept.entries, kept.head))
        last = AuditEntry.objects.latest("sequence")
    assert (after.problem, after.entries) == (None, kept.entries + 1)
    assert (last.action, last.target_id) == ("organization.imported", str(both.acme.pk))
    assert last.after["over"] is True
    assert last.after["changed"]["tasks_task"] == 2


def test_owners_may_have_changed_meanwhile(both):
    data = exported(both.acme)
    with no_context(), tenant(both.acme):
        Membership.objects.filter(user=both.bob).update(role=Role.OWNER)
        Membership.objects.filter(user=both.alice).update(role=Role.MEMBER)
    take_in(data, over=True)
    with no_context(), tenant(both.acme):
        owners = Membership.objects.filter(role=Role.OWNER)
        assert list(owners.values_list("user", flat=True)) == [both.alice.pk]


def test_files_are_the_archives_again(both):
    folder = files_of(both.acme.pk)
    data = exported(both.acme)
    default_storage.delete(f"{folder}/gallery/one.webp")
    default_storage.save(f"{folder}/tasks/later.pdf", ContentFile(b"later"))
    default_storage.delete(f"{folder}/imports/two.csv")
    default_storage.save(f"{folder}/imports/two.csv", ContentFile(b"other"))
    default_storage.save(f"{folder}/archives/mine.zip", ContentFile(b"an archive"))
    before = {"gallery/one.webp", "imports/two.csv"}
    take_in(data, over=True)
    for name in before:
        with default_storage.open(f"{folder}/{name}") as file:
            assert file.read() == f"{name} of Acme".encode()
    assert not default_storage.exists(f"{folder}/tasks/later.pdf")
    assert default_storage.exists(f"{folder}/archives/mine.zip")


def test_name_and_address_are_the_archives_again(both):
    data = exported(both.acme)
    with no_context(), tenant(both.acme, both.alice):
        edit_organization(
            organization=Organization.objects.get(pk=both.acme.pk),
            by=both.alice,
            name="Renamed",
            slug="renamed",
        )
    take_in(data, over=True)
    with no_context(), tenant(both.acme):
        found = Organization.objects.get(pk=both.acme.pk)
    assert (found.name, found.slug, found.deleted_at) == ("Acme", "acme", None)


def test_an_address_that_is_anothers_by_now_changes_nothing(both):
    data = exported(both.acme)
    end(both.acme, both.alice)
    with no_context(), tenant(both.globex):
        Organization.objects.filter(pk=both.globex.pk).update(slug="acme")
    with pytest.raises(SlugTaken):
        take_in(data)
    assert not any(one["rows"] for one in hashed(both.acme)["tables"].values())
    going = take_in(data, slug="acme-again")
    assert going.organization_row()["slug"] == "acme-again"


def test_what_is_paid_for_does_not_travel(both):
    """Nobody gets a larger plan back by keeping an archive of better days."""
    with no_context(), tenant(both.acme):
        rows = Organization.objects.filter(pk=both.acme.pk)
        rows.update(plan="business", limits={})
        data = exported(both.acme)
        rows.update(plan="free", limits={"tasks": 3})
    take_in(data, over=True)
    with no_context(), tenant(both.acme):
        found = Organization.objects.get(pk=both.acme.pk)
    assert (found.plan, found.limits) == ("free", {"tasks": 3})


def test_more_than_the_plan_holds_changes_nothing(both):
    with no_context(), tenant(both.acme, both.alice):
        for number in range(3):
            create_task(by=both.alice, title=f"More {number}", assignees=[])
        data = exported(both.acme)
        Task.objects.filter(title__startswith="More").delete()
        Organization.objects.filter(pk=both.acme.pk).update(limits={"tasks": 2})
    before = hashed(both.acme)
    with pytest.raises(LimitReached):
        take_in(data, over=True)
    assert hashed(both.acme) == before
