"""An organization goes and comes back: every row, every file, its log; others stay."""

import json

from django.core.files.storage import default_storage
from hypothesis import given
from hypothesis import strategies as st

from organizations.archives.travelling import tables
from organizations.audit.checking import verify
from organizations.audit.models import AuditEntry
from organizations.events.models import ReaderPlace
from organizations.limits.counting import use_of
from organizations.limits.models import Key
from organizations.models import Membership, Organization, files_of
from organizations.notifications.models import Notification
from organizations.tenancy import no_context, tenant
from organizations.tenancy.models import uuid7
from organizations.webhooks.models import Delivery
from tasks.comments.flows import write_comment
from tasks.flows import create_task
from tasks.labels.models import Label, TaskLabel
from tasks.models import Task
from tests.archives.conftest import end, exported, hashed, journey, members_of, take_in

WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40
)


def inside(organization, found):
    with no_context(), tenant(organization):
        return found()


def test_every_row_and_file_comes_back(both):
    before, others = hashed(both.acme), hashed(both.globex)
    data = exported(both.acme)
    assert all(one["rows"] for one in before["tables"].values())
    end(both.acme, both.alice)
    assert not any(one["rows"] for one in hashed(both.acme)["tables"].values())
    take_in(data)
    after = hashed(both.acme)
    assert after["tables"] == before["tables"]
    assert after["sha256"] == before["sha256"]
    assert hashed(both.globex) == others


def test_what_stays_is_not_there_afterwards(both):
    data = exported(both.acme)
    end(both.acme, both.alice)
    take_in(data)
    staying = hashed(both.acme)["staying"]
    for name in ("api_apikey", "webhooks_endpoint", "billing_subscription"):
        assert staying[name]["rows"] == 0
    found = inside(both.acme, lambda: Organization.objects.get(pk=both.acme.pk))
    assert (found.plan, found.deleted_at) == ("free", None)
    assert found.limits


def test_its_log_is_the_same_chain(both):
    kept = inside(both.acme, lambda: verify(both.acme.pk))
    data = exported(both.acme)
    end(both.acme, both.alice)
    take_in(data)
    again = inside(both.acme, lambda: verify(both.acme.pk, (kept.entries, kept.head)))
    assert again == kept
    with no_context(), tenant(both.acme, both.alice):
        create_task(by=both.alice, title="The log goes on", assignees=[])
    later = inside(both.acme, lambda: verify(both.acme.pk, (kept.entries, kept.head)))
    assert later.problem is None
    assert later.entries == kept.entries + 1


def test_nobody_is_told_of_it_again(both, run_jobs):
    run_jobs()
    told = inside(both.acme, Notification.objects.count)
    data = exported(both.acme)
    end(both.acme, both.alice)
    take_in(data)
    assert set(run_jobs()) <= {"succeeded"}
    assert inside(both.acme, Delivery.objects.count) == 0
    assert inside(both.acme, Notification.objects.count) == told
    last = inside(both.acme, lambda: AuditEntry.objects.latest("sequence").sequence)
    with no_context(), tenant(both.acme):
        assert {one.sequence for one in ReaderPlace.objects.all()} == {last}


def test_what_is_counted_is_counted_once(both):
    with no_context(), tenant(both.acme):
        before = use_of(Key.TASKS).used, use_of(Key.STORAGE).used
        there = Task.objects.count()
    data = exported(both.acme)
    end(both.acme, both.alice)
    take_in(data)
    with no_context(), tenant(both.acme):
        assert (use_of(Key.TASKS).used, use_of(Key.STORAGE).used) == (there, before[1])
        assert use_of(Key.API_KEYS).used == 0


def test_people_enter_again_as_before(both, as_bob):
    data = exported(both.acme)
    end(both.acme, both.alice)
    assert as_bob.get("/tasks/").status_code == 302
    take_in(data)
    answer = as_bob.get("/tasks/", follow=True)
    assert f"Only in {both.acme}" in answer.content.decode()


def test_as_new_it_has_equal_rows_under_another_id(both):
    before = hashed(both.acme)
    going = take_in(exported(both.acme), new=True, name="Acme two", slug="acme-two")
    new = Organization(pk=going.target, slug="acme-two")
    after = hashed(new)
    same = set(before["tables"]) - {
        "organizations_organization",
        "audit_auditentry",
        "gallery_image",
        "imports_import",
        "attachments_attachment",
    }
    for name in same:
        assert after["tables"][name] == before["tables"][name], name
    rows = {name: one["rows"] for name, one in before["tables"].items()}
    assert {name: one["rows"] for name, one in after["tables"].items()} == rows
    assert hashed(both.acme) == before
    verdict = inside(new, lambda: verify(new.pk))
    assert verdict.problem is None
    assert verdict.entries == rows["audit_auditentry"]
    found = inside(new, lambda: Organization.objects.get(pk=new.pk))
    assert (found.name, found.slug) == ("Acme two", "acme-two")


def test_as_new_its_files_have_their_own_places(both):
    with no_context(), tenant(both.acme, both.alice):
        name = f"{files_of(both.acme.pk)}/gallery/one.webp"
        Organization.objects.filter(pk=both.acme.pk).update(logo=name)
    going = take_in(exported(both.acme), new=True, name="Two", slug="two")
    with no_context(), tenant(going.target):
        logo = Organization.objects.get(pk=going.target).logo.name
    assert logo == f"{files_of(going.target)}/gallery/one.webp"
    with default_storage.open(logo) as file:
        assert file.read() == b"gallery/one.webp of Acme"
    end(Organization(pk=going.target), both.alice)
    assert default_storage.exists(name)


def test_no_archive_has_a_word_of_another_organization(both):
    foreign = (str(both.globex.pk), "Globex", "charlie@example.com")
    for name, text in members_of(exported(both.acme)).items():
        for word in foreign:
            assert word.encode() not in text, (name, word)


def test_an_archive_lists_what_it_has_and_what_it_has_not(both):
    members = members_of(exported(both.acme))
    manifest = json.loads(members["manifest.json"])
    assert set(manifest["tables"]) == {one.name for one in tables()} | {
        "organizations_organization"
    }
    assert set(manifest["members"]) == set(members) - {"manifest.json", "SIGNATURE"}
    left_out = manifest["left_out"]
    assert "api_apikey" in left_out["tables"]
    assert "token_hash" in left_out["columns"]["invitations_invitation"]
    assert "sessions" in left_out["else"]


def test_only_members_addresses_are_in_it(both):
    with no_context(), tenant(both.acme, both.alice):
        create_task(by=both.bob, title="Bob was here", assignees=[])
        Membership.objects.filter(user=both.bob).delete()
    lines = members_of(exported(both.acme))["people.jsonl"].splitlines()
    people = {one["id"]: one for one in map(json.loads, lines)}
    assert people[str(both.alice.pk)]["email"] == "alice@example.com"
    assert people[str(both.bob.pk)]["email"] is None
    assert people[str(both.bob.pk)]["first_name"] is None


def test_tables_for_people_hold_no_formula(cast):
    with no_context(), tenant(cast.acme, cast.alice):
        create_task(by=cast.alice, title="=1+1", assignees=[])
    members = members_of(exported(cast.acme))
    assert b",'=1+1," in members["csv/tasks_task.csv"]
    assert b'"title": "=1+1"' in members["rows/tasks_task.jsonl"]


@given(st.lists(st.tuples(WORDS, WORDS, st.booleans()), min_size=1, max_size=6))
def test_whatever_was_written_comes_back(cast, written):
    with no_context(), tenant(cast.acme, cast.alice):
        for number, (title, text, with_label) in enumerate(written):
            task = create_task(
                by=cast.alice,
                title=title.strip() or "x",
                description=text,
                assignees=[],
            )
            if text.strip():
                write_comment(task=task, by=cast.bob, body=text, sent_as=uuid7())
            if with_label:
                name = f"{Label.objects.count()} {number}"
                label = Label.objects.create(name=name, colour="red")
                TaskLabel.objects.create(task=task, label=label)
    before = hashed(cast.acme)
    data = exported(cast.acme)
    end(cast.acme, cast.alice)
    take_in(data)
    assert hashed(cast.acme)["tables"] == before["tables"]
    again = journey(data, over=True)
    assert again.archive.manifest["tables"]["tasks_task"]["rows"] >= len(written)
