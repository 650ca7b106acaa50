"""What each state-changing route needs to change something, and what it records."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts import flows as flows_of_people
from organizations import flows
from organizations.closing import delete_organization
from organizations.domains.models import OrganizationDomain
from organizations.gallery.models import Image
from organizations.invitations.flows import make_link
from organizations.invitations.models import Invitation
from organizations.invitations.tokens import hash_of, new_token
from organizations.members.flows import offer_ownership
from organizations.models import CustomRole, Role
from organizations.pictures.flows import change_logo
from organizations.teams.flows import add_to_team, create_team, remove_team
from organizations.teams.models import TeamMembership
from organizations.tenancy import identity, no_context, tenant
from tasks.attachments.flows import attach, remove_attachment
from tasks.comments.flows import remove_comment, unwatch, write_comment
from tasks.flows import create_task
from tasks.models import Task
from tests.attachments.conftest import upload as text_file
from tests.domains.conftest import RECORDS
from tests.isolation.test_matrix import (
    SQUARES,
    sample_change,
    sample_image,
    sample_import,
    sample_invitation,
    sample_label,
    sample_number,
    sample_task,
    sample_wish,
)
from tests.pictures.conftest import picture, upload

Values = dict[str, Any] | Callable[[Any], dict[str, Any]]


@dataclass(frozen=True)
class Change:
    """A route's change: on what, with which values, by whom, and what it records.

    `again` is sent once that is done, and changes nothing; it is the same form unless
    doing it twice is meant to do two things. More entries than one have a reason.
    """

    actions: tuple[str, ...]
    make: Callable[[Any], Any] | None = None
    values: Values = field(default_factory=dict)
    again: Values | None = None
    who: str = "alice"
    reason: str = ""
    settings: dict[str, Any] = field(default_factory=dict)


def inside(home: str, do: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
    """Return what makes an object in an organization, with the cast and its owner."""

    def make(cast: Any) -> Any:
        owner = {"acme": cast.alice, "globex": cast.charlie}[home]
        with no_context(), tenant(getattr(cast, home), owner):
            return do(cast, owner)

    return make


def member(cast: Any, name: str) -> Any:
    return cast.acme.memberships.get(user=getattr(cast, name))


def bobs(cast: Any, owner: Any) -> Any:
    return member(cast, "bob").pk


def suspended(cast: Any, owner: Any) -> Any:
    flows.suspend_member(membership=member(cast, "bob"), by=owner)
    return bobs(cast, owner)


def offer(cast: Any, owner: Any) -> None:
    giver, receiver = member(cast, "alice"), member(cast, "bob")
    offer_ownership(to=receiver, by=giver, stays_owner=True)


def removed(cast: Any) -> Any:
    pk = sample_task(cast, "acme")
    with no_context(), tenant(cast.acme):
        Task.objects.filter(pk=pk).remove()
    return pk


def task_of_ours(cast: Any, owner: Any) -> Any:
    return create_task(by=owner, title="Talked about")


def comment(cast: Any, owner: Any) -> Any:
    task = task_of_ours(cast, owner)
    sent_as = UUID("4d3c1f7e-0000-4000-8000-000000000001")
    return write_comment(task=task, by=owner, body="Said", sent_as=sent_as)[0]


def removed_comment(cast: Any, owner: Any) -> Any:
    made = comment(cast, owner)
    remove_comment(comment=made, by=owner)
    return made.pk


def unwatched(cast: Any, owner: Any) -> Any:
    task = task_of_ours(cast, owner)
    unwatch(task=task, by=owner)
    return task.pk


def attached(cast: Any, owner: Any) -> Any:
    task = task_of_ours(cast, owner)
    return attach(task=task, by=owner, uploads=[text_file()])[0]


def removed_file(cast: Any, owner: Any) -> Any:
    made = attached(cast, owner)
    remove_attachment(attachment=made, by=owner)
    return made.pk


def two_files(cast: Any) -> dict[str, Any]:
    return {"uploads": [text_file("1.txt"), text_file("2.txt")]}


def invited(cast: Any, owner: Any, days: int = 1) -> str:
    """Invite Alice to Globex by mail."""
    token = new_token(cast.globex.pk)
    Invitation.objects.create(
        email=cast.alice.email,
        token_hash=hash_of(token),
        expires_at=timezone.now() + timedelta(days=days),
    )
    return token


def linked(cast: Any, owner: Any) -> str:
    """Make a link to Globex."""
    link = {"role": Role.MEMBER, "days": 1, "max_uses": 5, "allowed_domains": []}
    return make_link(organization=cast.globex, by=owner, **link)[1]


def domain(cast: Any, owner: Any, name: str = "acme.test", **values: Any) -> Any:
    found = OrganizationDomain.objects.create(domain=name, **values)
    RECORDS[name] = [found.record]
    return found.pk


def open_domain(cast: Any, owner: Any) -> None:
    values = {"verified_at": timezone.now(), "joining": "automatic"}
    domain(cast, owner, "example.com", **values)


def profile(**values: Any) -> dict[str, Any]:
    return {
        "first_name": "Alicia",
        "last_name": "Example",
        "timezone": "Europe/Vienna",
        "theme": "dark",
        "language": "en",
    } | values


def team(cast: Any, owner: Any) -> Any:
    return create_team(name="Workshop", by=owner).pk


def removed_team(cast: Any, owner: Any) -> Any:
    made = create_team(name="Workshop", by=owner)
    remove_team(team=made, by=owner)
    return made.pk


def bobs_team(cast: Any, owner: Any) -> Any:
    made = create_team(name="Workshop", by=owner)
    add_to_team(team=made, member=member(cast, "bob"), by=owner)
    return made.pk


def bobs_place(cast: Any) -> dict[str, Any]:
    with no_context(), tenant(cast.acme):
        return {"place": TeamMembership.objects.get().pk}


def two_pictures(cast: Any) -> dict[str, Any]:
    return {"pictures": [upload(picture(), f"{n}.png")["picture"] for n in "ab"]}


def removed_image(cast: Any) -> Any:
    pk = sample_image(cast, "acme")
    with no_context(), tenant(cast.acme):
        Image.objects.filter(pk=pk).remove()
    return pk


def role(cast: Any, owner: Any) -> Any:
    made = CustomRole.objects.create(name="Reader", abilities=["tasks.view"])
    return made.pk


def bobs_new_role(cast: Any) -> dict[str, Any]:
    with no_context(), tenant(cast.acme):
        return {"member": member(cast, "bob").pk, "role": CustomRole.objects.get().pk}


def bob_as_member(cast: Any) -> dict[str, Any]:
    with no_context(), tenant(cast.acme):
        return {"member": member(cast, "bob").pk}


def deleted(cast: Any, owner: Any) -> None:
    delete_organization(organization=cast.acme, by=owner)


def alices_invitation(cast: Any) -> dict[str, Any]:
    with no_context(), tenant(cast.globex):
        found = Invitation.objects.get()
    return {"organization_id": cast.globex.pk, "invitation": found.pk}


def new_picture(cast: Any) -> dict[str, Any]:
    return upload(picture())


def csv_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("tasks.csv", b"Title\nOrder tyres\n")


def logo(cast: Any, owner: Any) -> None:
    change_logo(organization=cast.acme, by=owner, squares=SQUARES)


def face(cast: Any) -> None:
    with no_context(), identity():
        flows_of_people.change_picture(user=cast.alice, squares=SQUARES)


def changed(cast: Any) -> Any:
    return sample_change(cast, "acme")


def in_trash(cast: Any) -> dict[str, Any]:
    with no_context(), tenant(cast.acme):
        return {"pick": Task.with_trash.get().pk}


TASK = {"title": "New title", "status": "todo", "priority": "3"}
SETTINGS = {
    "name": "Acme Works",
    "slug": "acme",
    "task_prefix": "ACME",
}

CHANGES = {
    "organizations:organization_create": Change(
        ("organization.created", "member.added"),
        values={"name": "Initech", "slug": "initech", "task_prefix": "INI"},
        reason="its first member comes with it",
    ),
    "organizations:organization_settings": Change(
        ("organization.changed",), values=SETTINGS
    ),
    "organizations:organization_settings_preferences": Change(
        ("organization.changed",), values={"theme": "dark", "language": "en"}
    ),
    "organizations:organization_settings_joining": Change(
        ("organization.changed",), values={"joining_role": "viewer"}
    ),
    "organizations:organization_settings_metadata": Change(
        ("organization.changed",), values={"metadata": '{"crm": 7}'}
    ),
    "organizations:organization_delete": Change(
        ("organization.deleted",), values={"typed": "acme"}
    ),
    "organizations:organization_restore": Change(
        ("organization.undeleted",),
        inside("acme", deleted),
        values=lambda cast: {"organization": cast.acme.pk},
    ),
    "pictures:logo_change": Change(
        ("organization.logo_changed",), values=new_picture, again={}
    ),
    "pictures:logo_remove": Change(
        ("organization.logo_changed",), inside("acme", logo)
    ),
    "accounts:picture_change": Change(
        ("user.picture_changed",), values=new_picture, again={}
    ),
    "accounts:picture_remove": Change(("user.picture_removed",), face),
    "roles:role_create": Change(
        ("role.created",),
        values={"name": "Reader", "base": "viewer", "abilities": ["tasks.view"]},
    ),
    "roles:role_edit": Change(
        ("role.changed",),
        inside("acme", role),
        values={"name": "Checker", "abilities": ["tasks.view", "members.view"]},
    ),
    "roles:role_delete": Change(("role.removed",), inside("acme", role)),
    "roles:role_assign": Change(
        ("member.role_changed",), inside("acme", role), values=bobs_new_role
    ),
    "teams:team_create": Change(("team.created",), values={"name": "Workshop"}),
    "teams:team_edit": Change(
        ("team.changed",), inside("acme", team), values={"name": "Yard"}
    ),
    "teams:team_delete": Change(("team.removed",), inside("acme", team)),
    "teams:team_restore": Change(("team.restored",), inside("acme", removed_team)),
    "teams:team_add": Change(
        ("team.member_added",), inside("acme", team), values=bob_as_member
    ),
    "teams:team_take_out": Change(
        ("team.member_removed",), inside("acme", bobs_team), values=bobs_place, again={}
    ),
    "gallery:image_upload": Change(
        ("image.uploaded", "image.uploaded"),
        values=two_pictures,
        again={},
        reason="each picture is one that can be removed by itself",
    ),
    "gallery:image_edit": Change(
        ("image.changed",),
        lambda cast: sample_image(cast, "acme"),
        values={"name": "Beach", "alt": "Sand"},
    ),
    "gallery:image_delete": Change(
        ("image.removed",), lambda cast: sample_image(cast, "acme")
    ),
    "gallery:image_restore": Change(("image.restored",), removed_image),
    "gallery:image_purge": Change(("image.purged",), removed_image),
    "invitations:accept_mine": Change(
        ("member.added",), inside("globex", invited), values=alices_invitation
    ),
    "join:accept": Change(("member.added",), inside("globex", linked)),
    "join:decline": Change(("invitation.declined",), inside("globex", invited)),
    "join:ask_again": Change(
        ("invitation.wanted",),
        inside("globex", lambda cast, owner: invited(cast, owner, days=-1)),
    ),
    "domains:domain_create": Change(("domain.added",), values={"domain": "a.test"}),
    "domains:domain_verify": Change(("domain.verified",), inside("acme", domain)),
    "domains:domain_joining": Change(
        ("domain.changed",),
        inside("acme", domain),
        values={"joining": "asking", "role": "viewer"},
    ),
    "domains:domain_remove": Change(("domain.removed",), inside("acme", domain)),
    "domains:join": Change(
        ("member.added",),
        inside("globex", open_domain),
        values=lambda cast: {"organization_id": cast.globex.pk},
    ),
    "domains:request_approve": Change(
        ("member.added",), lambda cast: sample_wish(cast, "acme")
    ),
    "domains:request_deny": Change(
        ("join_request.denied",), lambda cast: sample_wish(cast, "acme")
    ),
    "invitations:invitation_create": Change(
        ("invitation.sent",),
        values={"addresses": "new@example.com", "role": "member"},
    ),
    "invitations:link_create": Change(
        ("invitation.link_made",), values={"role": "member", "days": "7"}, again={}
    ),
    "invitations:invitation_revoke": Change(
        ("invitation.revoked",), lambda cast: sample_invitation(cast, "acme")
    ),
    "members:member_leave": Change(("member.left",), who="bob"),
    "members:ownership_accept": Change(
        ("ownership.accepted",), inside("acme", offer), who="bob"
    ),
    "members:ownership_decline": Change(
        ("ownership.declined",), inside("acme", offer), who="bob"
    ),
    "members:ownership_withdraw": Change(
        ("ownership.withdrawn",), inside("acme", offer)
    ),
    "members:ownership_offer": Change(
        ("ownership.offered",),
        inside("acme", bobs),
        values={"stays_owner": "yes"},
        again={},
    ),
    "members:member_role": Change(
        ("member.role_changed",), inside("acme", bobs), values={"role": "admin"}
    ),
    "members:member_suspend": Change(("member.suspended",), inside("acme", bobs)),
    "members:member_unsuspend": Change(
        ("member.unsuspended",), inside("acme", suspended)
    ),
    "members:member_remove": Change(("member.removed",), inside("acme", bobs)),
    "labels:label_create": Change(
        ("label.created",), values={"name": "Boxes", "colour": "red"}
    ),
    "labels:label_edit": Change(
        ("label.changed",),
        lambda cast: sample_label(cast, "acme"),
        values={"name": "Boxes", "colour": "red"},
    ),
    "labels:label_delete": Change(
        ("label.removed",), lambda cast: sample_label(cast, "acme")
    ),
    "tasks:task_create": Change(("task.created",), values=TASK, again={}),
    "tasks:task_edit": Change(
        ("task.edited",), lambda cast: sample_task(cast, "acme"), values=TASK
    ),
    "tasks:task_change": Change(
        ("task.edited",),
        lambda cast: sample_number(cast, "acme"),
        values={"priority": "5"},
    ),
    "tasks:task_status": Change(
        ("task.moved",),
        lambda cast: sample_task(cast, "acme"),
        values={"status": "done"},
    ),
    "tasks:task_delete": Change(
        ("task.removed",), lambda cast: sample_task(cast, "acme")
    ),
    "tasks:task_restore": Change(("task.restored",), removed),
    "comments:comment_create": Change(
        ("comment.written",),
        lambda cast: sample_task(cast, "acme"),
        values={"body": "Said", "sent_as": "4d3c1f7e-0000-4000-8000-000000000002"},
    ),
    "comments:comment_edit": Change(
        ("comment.edited",),
        inside("acme", lambda cast, owner: comment(cast, owner).pk),
        values={"body": "Mended"},
    ),
    "comments:comment_delete": Change(
        ("comment.removed",),
        inside("acme", lambda cast, owner: comment(cast, owner).pk),
    ),
    "comments:comment_restore": Change(
        ("comment.restored",), inside("acme", removed_comment)
    ),
    "comments:watch": Change(("task.watched",), inside("acme", unwatched)),
    "comments:unwatch": Change(
        ("task.unwatched",),
        inside("acme", lambda cast, owner: task_of_ours(cast, owner).pk),
    ),
    "attachments:file_create": Change(
        ("attachment.added", "attachment.added"),
        lambda cast: sample_task(cast, "acme"),
        values=two_files,
        again={},
        reason="two files were sent, and each is told",
    ),
    "attachments:file_delete": Change(
        ("attachment.removed",),
        inside("acme", lambda cast, owner: attached(cast, owner).pk),
    ),
    "attachments:file_restore": Change(
        ("attachment.restored",), inside("acme", removed_file)
    ),
    "changesets:bulk_edit": Change(
        ("task.edited",),
        lambda cast: sample_task(cast, "acme"),
        values={"pick": "1", "priority": "5"},
    ),
    "changesets:bulk_delete": Change(
        ("task.removed",),
        lambda cast: sample_task(cast, "acme"),
        values={"pick": "1"},
    ),
    "changesets:change_undo": Change(
        ("task.edited", "changeset.undone"),
        changed,
        reason="each task that is as it was, and how many were kept",
    ),
    "changesets:trash_restore": Change(("task.restored",), removed, values=in_trash),
    "changesets:task_several": Change(
        ("task.created",), values={"titles": "One more"}, again={}
    ),
    "imports:import_create": Change(
        ("import.uploaded",), values=lambda cast: {"file": csv_file()}, again={}
    ),
    "imports:import_map": Change(
        ("import.mapped",),
        lambda cast: sample_import(cast, "acme"),
        values={
            "column_0": "title",
            "people": "leave",
            "status": "leave",
            "days": "day",
        },
    ),
    "imports:import_start": Change(
        ("import.started",), lambda cast: sample_import(cast, "acme")
    ),
    "imports:import_cancel": Change(
        ("import.cancelled",), lambda cast: sample_import(cast, "acme")
    ),
    "accounts:terms": Change(
        ("user.terms_accepted",),
        values={"terms": "on"},
        settings={"TERMS_VERSION": "2", "TERMS_URL": "https://insula.example/terms"},
    ),
    "accounts:keyboard": Change(("user.profile_changed",), values={}),
    "accounts:profile": Change(("user.profile_changed",), values=profile()),
}

# Doing these twice does two things: what else would change nothing is told apart.
REPEATED = {
    "tasks:task_move": Change(
        ("task.moved",),
        lambda cast: sample_task(cast, "acme"),
        values={"status": "done"},
    ),
    "invitations:invitation_resend": Change(
        ("invitation.resent",), lambda cast: sample_invitation(cast, "acme")
    ),
}

# It changes nothing, and is recorded all the same: the log has left the house.
READ_OUT = {
    "audit:entry_export": Change(("audit.exported",), values={"format": "csv"}),
    "exports:task_export": Change(("task.exported",), values={"format": "csv"}),
}

# Routes that take a form and change nothing that is anybody else's to know.
NO_CHANGE = {
    "teams:team_choose": "which team one works in, kept in the session",
    "teams:team_rest": "that one works in no team, kept in the session",
    "comments:markdown_preview": "how a text would look, which nobody keeps",
    "organizations:organization_switch": "which organization one looks at",
    "intake:stripe_event": "without Stripe's signature; tests/intake has what is kept",
    "join:carry_on": "notes in the visitor's own session what they came for",
}
# Changes that another package makes, and tells of by its own signal.
OF_OTHERS = {
    "personal:export_ask": "a person's own copy; tests/personal has its entries",
    "personal:account_delete": "ends in many organizations; tests/personal has it",
    "security:second_step_policy": "wants a second step; test_second_step has it",
    **dict.fromkeys(
        (
            "billing:plan_buy",
            "billing:plan_change",
            "billing:portal",
            "billing:subscription_cancel",
            "billing:subscription_keep",
        ),
        "made at Stripe first; tests/billing has their entries",
    ),
    "join:switch_person": "signs out as the sign-in pages do, which record it",
}
