"""What state-changing routes are tried on, and what their forms hold."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts import flows as flows_of_people
from accounts.models import User
from organizations import flows
from organizations.archives import writing
from organizations.closing import delete_organization
from organizations.domains.models import OrganizationDomain
from organizations.gallery.models import Image
from organizations.invitations.flows import make_link
from organizations.invitations.models import Invitation
from organizations.invitations.tokens import hash_of, new_token
from organizations.members.flows import offer_ownership
from organizations.models import CustomRole, Role
from organizations.onboarding.models import WelcomeStep
from organizations.pictures.flows import change_logo
from organizations.support.flows import grant_access
from organizations.teams.flows import add_to_team, create_team, remove_team
from organizations.teams.models import TeamMembership
from organizations.tenancy import identity, no_context, tenant
from organizations.webhooks.flows import (
    create_endpoint,
    pause_endpoint,
    send_test,
)
from organizations.webhooks.models import Delivery
from tasks.attachments.flows import attach, remove_attachment
from tasks.comments.flows import mute, remove_comment, unwatch, write_comment
from tasks.flows import create_task
from tasks.models import Task
from tests.attachments.conftest import upload as text_file
from tests.domains.conftest import RECORDS
from tests.isolation.test_matrix import (
    SQUARES,
    sample_change,
    sample_image,
    sample_task,
)
from tests.pictures.conftest import picture, upload


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


def muted(cast: Any, owner: Any) -> Any:
    task = task_of_ours(cast, owner)
    mute(task=task, by=owner)
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


def granted(cast: Any, owner: Any) -> None:
    grant_access(organization=cast.acme, by=owner, hours=1)


def alices_invitation(cast: Any) -> dict[str, Any]:
    with no_context(), tenant(cast.globex):
        found = Invitation.objects.get()
    return {"organization_id": cast.globex.pk, "invitation": found.pk}


def new_picture(cast: Any) -> dict[str, Any]:
    return upload(picture())


def archive_of(cast: Any) -> SimpleUploadedFile:
    """Acme as one file, written a moment ago."""
    out = BytesIO()
    writing.write(cast.acme.pk, out)
    return SimpleUploadedFile("acme.zip", out.getvalue(), "application/zip")


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


def webhook(cast: Any, owner: Any) -> Any:
    return create_endpoint(url="https://a.example/h", by=owner)[0]


def paused_webhook(cast: Any, owner: Any) -> Any:
    made = webhook(cast, owner)
    pause_endpoint(endpoint=made, by=owner)
    return made.pk


def failed_delivery(cast: Any, owner: Any) -> Any:
    delivery = send_test(endpoint=webhook(cast, owner), by=owner)
    Delivery.objects.update(state="failed")
    return delivery


def newcomer(cast: Any) -> UUID:
    """Alice, as if her set-up had not ended: the step that asks for her name."""
    with no_context(), identity():
        people = User.objects.filter(pk=cast.alice.pk)
        people.update(onboarding_completed=False, welcomed_at=None)
        return WelcomeStep.objects.get(kind="profile").pk
