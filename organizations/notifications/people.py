"""Who is told of what happens to members, and to how they sign in."""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse

from organizations.audit.models import AuditEntry
from organizations.limits.payers import payers
from organizations.models import CustomRole, Membership, Role
from organizations.notifications.rules import Notice, notifies
from organizations.permissions import roles_with


def connect() -> None:
    """Register the rules, once."""
    notifies("member.added")(member_joined)
    notifies("member.role_changed")(role_changed)
    notifies("ownership.offered")(ownership_offered)
    notifies("join_request.made")(join_request)
    notifies("organization.second_step_required")(second_step)
    notifies("limit.neared", "limit.reached")(limit_near)
    notifies("key.created")(key_created)
    notifies("webhook.disabled")(webhook_disabled)
    notifies("support.asked")(support_asked)


def member_joined(entry: AuditEntry) -> Iterable[Notice]:
    """Tell who has invited somebody that they came."""
    inviter = entry.after.get("inviter")
    if inviter:
        yield Notice(
            "member_joined",
            [UUID(inviter)],
            reverse("members:member_list"),
            subject=entry.target_label,
        )


def role_changed(entry: AuditEntry) -> Iterable[Notice]:
    """Tell a member their new role."""
    members = Membership.objects.filter(pk=entry.target_id)
    for member in members.select_related("custom_role"):
        yield Notice(
            "role_changed",
            [member.user_id],
            reverse("members:member_list"),
            values={"role": member.role, "custom_role": named(member.custom_role)},
        )


def named(role: CustomRole | None) -> str:
    return role.name if role else ""


def ownership_offered(entry: AuditEntry) -> Iterable[Notice]:
    """Tell a member what is offered to them."""
    path = reverse("members:member_list")
    yield Notice("ownership_offered", [UUID(entry.after["to"])], path)


def join_request(entry: AuditEntry) -> Iterable[Notice]:
    """Tell all who may let somebody in."""
    yield Notice(
        "join_request",
        members_with("members.invite"),
        reverse("domains:request_list"),
        subject=entry.target_label,
    )


def second_step(entry: AuditEntry) -> Iterable[Notice]:
    """Tell everybody who has to sign in otherwise from now on."""
    everybody = Membership.objects.values_list("user_id", flat=True)
    yield Notice("second_step", list(everybody), reverse("mfa_index"))


def key_created(entry: AuditEntry) -> Iterable[Notice]:
    """Tell all who look after the keys."""
    yield Notice(
        "key_created",
        members_with("keys.edit"),
        reverse("api:key_list"),
        subject=entry.target_label,
    )


def webhook_disabled(entry: AuditEntry) -> Iterable[Notice]:
    """Tell all who can mend a webhook."""
    yield Notice(
        "webhook_disabled",
        members_with("webhooks.edit"),
        reverse("webhooks:endpoint_list"),
        subject=entry.target_label,
    )


def support_asked(entry: AuditEntry) -> Iterable[Notice]:
    """Tell the owners what staff would like to change."""
    yield Notice(
        "support_asked",
        members_with("support.edit"),
        reverse("support:access"),
        excerpt=entry.after["reason"],
    )


def limit_near(entry: AuditEntry) -> Iterable[Notice]:
    """Tell all who can change the plan how much is in use."""
    yield Notice(
        "limit",
        [person.pk for person in payers()],
        reverse("limits:limits"),
        values={name: entry.after[name] for name in ("thing", "percent")},
    )


def members_with(ability: str) -> list[UUID]:
    """Return the members who may have an ability: whose roles have it, or are custom.

    What they really may is asked of each when they are told.
    """
    roles: list[Role] = roles_with(ability)
    having = Membership.objects.filter(role__in=roles)
    special = Membership.objects.exclude(custom_role=None)
    return list((having | special).values_list("user_id", flat=True))
