"""A copy of everything about oneself: asked for, made, fetched, gone after a week."""

import hashlib
from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts import flows as people
from accounts.models import ExternalIdentity
from organizations import flows
from organizations.audit.recording import recorded as told
from organizations.domains.models import JoinRequest, OrganizationDomain
from organizations.invitations.models import Invitation
from organizations.models import Membership
from organizations.personal.jobs import expire_exports, prepare_export
from organizations.personal.models import State
from organizations.personal.parts import collecting
from organizations.teams.flows import add_to_team, create_team
from organizations.tenancy import identity, no_context, tenant
from tests.accounts.conftest import recorded
from tests.accounts.factors import Passkey, set_up_app
from tests.conftest import join
from tests.personal.conftest import ASK, DOWNLOAD, PAGE, change, export_of, part
from tests.pictures.conftest import upload

EXPECTED = {
    "README.txt",
    "manifest.json",
    "account.json",
    "addresses.json",
    "devices.json",
    "second-steps.json",
    "accounts-elsewhere.json",
    "brought-from.json",
    "invitations.json",
    "join-requests.json",
    "welcome-steps.json",
    "account-history.json",
    "announcements.json",
    "organizations/acme/membership.json",
    "organizations/acme/history.json",
    "organizations/acme/pictures.json",
    "organizations/acme/attachments.json",
    "organizations/acme/comments.json",
    "organizations/acme/imports.json",
    "organizations/acme/muted.json",
    "organizations/acme/notification-preferences.json",
    "organizations/acme/notifications.json",
    "organizations/acme/tasks.json",
    "organizations/acme/teams.json",
    "organizations/acme/watched-tasks.json",
}


def test_a_copy_is_asked_for_made_and_mailed(bob, cast, work, run_jobs):
    assert bob.post(ASK)["Location"] == PAGE
    assert export_of(cast.bob).state == State.ASKED
    assert "Being prepared" in bob.get(PAGE).text
    assert set(run_jobs()) == {"succeeded"}
    assert export_of(cast.bob).state == State.READY
    page = bob.get(PAGE).text
    assert DOWNLOAD in page
    ready = "The copy of your data is ready"
    [message] = [sent for sent in mail.outbox if sent.subject == ready]
    assert message.to == ["bob@example.com"]
    assert "/accounts/data/" in message.body


def test_it_holds_everything_and_nothing_of_others(bob, cast, work, copy_of):
    copy = copy_of(bob)
    assert set(copy.namelist()) == EXPECTED
    tasks = part(copy, "organizations/acme/tasks.json")
    assert [(one["title"], one["made_by_you"]) for one in tasks] == [
        ("Oil the gate – geölt", True),
        ("Paint the gate", False),
    ]
    assert [one["assigned_to_you"] for one in tasks] == [False, True]
    whole = b"".join(copy.read(name) for name in copy.namelist())
    for foreign in (b"Not his at all", b"Globex", b"alice@example.com", b"charlie"):
        assert foreign not in whole


def test_it_tells_the_account_without_what_would_let_one_in(bob, cast, copy_of):
    copy = copy_of(bob)
    [account] = part(copy, "account.json")
    assert (account["email"], account["first_name"]) == ("bob@example.com", "Bob")
    [address] = part(copy, "addresses.json")
    assert address == {"email": "bob@example.com", "verified": True, "primary": True}
    [member] = part(copy, "organizations/acme/membership.json")
    assert (member["role"], member["organization"]["slug"]) == ("member", "acme")
    whole = b"".join(copy.read(name) for name in copy.namelist())
    for secret in (cast.bob.password.encode(), b"session_key", b"ban_reason"):
        assert secret not in whole


def test_it_tells_how_one_signs_in_but_not_with_what(bob, cast, copy_of):
    secret = set_up_app(bob)
    Passkey(cast.bob).added(bob, name="Laptop")
    with no_context(), identity():
        SocialAccount.objects.create(
            user=cast.bob, provider="github", uid="17", extra_data={"login": "bob"}
        )
        ExternalIdentity.objects.create(user=cast.bob, provider="crm", external_id="9")
    copy = copy_of(bob)
    steps = part(copy, "second-steps.json")
    assert {(one["type"], one["name"]) for one in steps} == {
        ("totp", None),
        ("recovery_codes", None),
        ("webauthn", "Laptop"),
    }
    [github] = part(copy, "accounts-elsewhere.json")
    assert (github["uid"], github["extra_data"]) == ("17", {"login": "bob"})
    assert part(copy, "brought-from.json")[0]["external_id"] == "9"
    whole = b"".join(copy.read(name) for name in copy.namelist())
    for word in (secret.encode(), b"credential", b"seed"):
        assert word not in whole


def test_it_tells_teams_invitations_and_requests(bob, cast, copy_of):
    with no_context(), tenant(cast.acme, cast.alice):
        teams = [create_team(name=name, by=None) for name in ("Workshop", "Yard")]
        member = cast.acme.memberships.get(user=cast.bob)
        add_to_team(team=teams[0], member=member, by=None)
    with no_context(), tenant(cast.globex, cast.charlie):
        later = timezone.now() + timedelta(days=1)
        Invitation.objects.create(email="bob@example.com", expires_at=later)
        domain = OrganizationDomain.objects.create(domain="example.com")
        JoinRequest.objects.create(
            domain=domain, user=cast.bob, name="B", email="b@c.d"
        )
    copy = copy_of(bob)
    [team] = part(copy, "organizations/acme/teams.json")
    assert team["team"] == "Workshop"
    [invitation] = part(copy, "invitations.json")
    assert invitation == {"organization": "Globex", "role": "member"}
    [asked] = part(copy, "join-requests.json")
    assert asked["organization_id"] == str(cast.globex.pk)
    assert asked["approved_at"] is None


def test_its_history_is_of_ones_own_acts(bob, cast, work, copy_of):
    copy = copy_of(bob)
    acts = part(copy, "organizations/acme/history.json")
    assert [one["action"] for one in acts] == ["task.created"]
    account = part(copy, "account-history.json")
    assert "user.export_asked" in {one["action"] for one in account}


def test_the_list_of_files_has_their_sums(bob, copy_of, work):
    copy = copy_of(bob)
    files = part(copy, "manifest.json")["files"]
    assert {one["name"] for one in files} == EXPECTED - {"manifest.json"}
    for one in files:
        data = copy.read(one["name"])
        assert one["bytes"] == len(data)
        assert one["sha256"] == hashlib.sha256(data).hexdigest()


def test_a_picture_comes_along(bob, cast, copy_of):
    from tests.pictures.conftest import picture

    bob.post("/accounts/profile/picture/", upload(picture()))
    assert copy_of(bob).read("picture.webp")[:4] == b"RIFF"


def test_each_organization_comes_in_its_own_folder(bob, cast, work, copy_of):
    join(cast.globex, cast.bob, "viewer")
    with no_context(), tenant(cast.acme):
        member = Membership.objects.get(user=cast.bob)
        flows.suspend_member(membership=member, by=None)
    copy = copy_of(bob)
    [acme] = part(copy, "organizations/acme/membership.json")
    assert acme["suspended_at"]
    assert len(part(copy, "organizations/acme/tasks.json")) == 2
    assert part(copy, "organizations/globex/tasks.json") == []


def test_the_walls_decide_what_a_part_may_read(bob, cast, work, copy_of):
    from tasks.models import Task

    def greedy(*, person, **kwargs):
        return "greedy", [{"title": one.title} for one in Task.with_trash.all()]

    collecting.connect(greedy)
    try:
        titles = part(copy_of(bob), "organizations/acme/greedy.json")
    finally:
        collecting.disconnect(greedy)
    assert {"title": "Globex alone"} not in titles
    assert len(titles) == 3


def test_somebody_without_organization_gets_theirs(as_nora, cast, copy_of):
    from tests.personal.conftest import prove

    copy = copy_of(prove(as_nora))
    assert not [name for name in copy.namelist() if name.startswith("organizations")]


def test_asking_takes_the_password_again(as_bob, cast):
    answer = as_bob.post(ASK)
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert export_of(cast.bob) is None


def test_asking_goes_on_after_the_password(as_bob, cast):
    from tests.conftest import PASSWORD

    where = as_bob.post(ASK)["Location"]
    as_bob.post(where, {"password": PASSWORD})
    assert export_of(cast.bob).state == State.ASKED


def test_there_is_one_at_a_time(bob, cast, run_jobs):
    bob.post(ASK)
    assert "being prepared already" in bob.post(ASK, follow=True).text
    assert len(recorded(cast.bob, "user.export_asked")) == 1
    assert len(run_jobs()) == 1


def test_a_new_copy_takes_the_place_of_the_last(bob, cast, run_jobs):
    bob.post(ASK)
    run_jobs()
    first = export_of(cast.bob).file
    bob.post(ASK)
    assert bob.get(DOWNLOAD)["Location"] == PAGE
    assert set(run_jobs()) == {"succeeded"}
    second = export_of(cast.bob).file
    assert first != second
    assert not default_storage.exists(first)
    assert default_storage.exists(second)


def test_a_copy_goes_to_its_person_alone(bob, as_alice, client, run_jobs):
    bob.post(ASK)
    run_jobs()
    assert as_alice.get(DOWNLOAD)["Location"] == PAGE
    assert client.get(DOWNLOAD)["Location"].startswith("/accounts/login/")
    answer = bob.get(DOWNLOAD)
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith('attachment; filename="insula-')
    assert answer["Cache-Control"] == "private, no-store"


def test_it_is_written_down_who_asked_and_who_fetched(bob, cast, copy_of):
    copy_of(bob)
    for action in ("asked", "ready", "fetched"):
        assert len(recorded(cast.bob, f"user.export_{action}")) == 1


def test_after_a_week_it_is_gone(bob, cast, run_jobs):
    bob.post(ASK)
    run_jobs()
    export = export_of(cast.bob)
    left = export.expires_at - timezone.now()
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)
    change(cast.bob, expires_at=timezone.now() - timedelta(seconds=1))
    assert bob.get(DOWNLOAD)["Location"] == PAGE
    assert "has expired" in bob.get(PAGE).text
    with no_context(), identity():
        expire_exports(timestamp=0)
    assert not default_storage.exists(export.file)
    assert export_of(cast.bob).file == ""
    assert bob.post(ASK)["Location"] == PAGE
    assert set(run_jobs()) == {"succeeded"}


def test_a_copy_that_lives_is_not_deleted(bob, cast, run_jobs):
    bob.post(ASK)
    run_jobs()
    with no_context(), identity():
        expire_exports(timestamp=0)
    assert bob.get(DOWNLOAD).status_code == 200


@pytest.fixture
def broken():
    def fail(**kwargs):
        raise RuntimeError("the disk is full")

    collecting.connect(fail)
    yield
    collecting.disconnect(fail)


def test_a_copy_that_fails_says_so_and_can_be_asked_for_again(
    bob, cast, run_jobs, broken
):
    bob.post(ASK)
    assert run_jobs() == ["succeeded"]
    assert export_of(cast.bob).state == State.FAILED
    assert "could not be made" in bob.get(PAGE).text
    assert bob.get(DOWNLOAD)["Location"] == PAGE
    assert len(recorded(cast.bob, "user.export_failed")) == 1
    bob.post(ASK)
    assert export_of(cast.bob).state == State.ASKED


def test_nothing_is_made_twice_or_for_somebody_gone(bob, cast, run_jobs):
    with no_context(), identity():
        prepare_export(
            carried={"organization": "", "user": str(cast.bob.pk)},
            user_id=str(cast.bob.pk),
        )
    assert export_of(cast.bob) is None
    assert mail.outbox == []


def test_a_lost_file_is_missing(bob, cast, run_jobs):
    bob.post(ASK)
    run_jobs()
    default_storage.delete(export_of(cast.bob).file)
    assert bob.get(DOWNLOAD)["Location"] == PAGE


def test_what_cannot_be_recorded_is_not_asked_for(bob, cast):
    def refuse(**kwargs):
        raise RuntimeError("no")

    told.connect(refuse)
    bob.raise_request_exception = False
    try:
        assert bob.post(ASK).status_code == 500
    finally:
        told.disconnect(refuse)
    assert export_of(cast.bob) is None


def test_odd_names_are_copied_as_they_are(bob, cast, copy_of):
    with identity():
        people.change_profile(user=cast.bob, values={"first_name": "Bo‮b <b>"})
    [account] = part(copy_of(bob), "account.json")
    assert account["first_name"] == "Bo‮b <b>"


def test_the_page_is_one_of_the_account(as_bob):
    page = as_bob.get(PAGE).text
    assert "No copy yet" in page
    assert 'href="/accounts/data/" aria-current="page"' in page
