"""Everything that people are told of: the one table, which the preferences show."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organizations.notifications.models import Channel, Severity

APP, EMAIL, DIGEST = Channel.APP, Channel.EMAIL, Channel.DIGEST
EVERY: Final = frozenset(Channel)
# What has a letter of its own, or nobody needs one for.
INBOX_ONLY: Final = frozenset({APP})

GROUPS: Final = {
    "tasks": _("Tasks"),
    "people": _("People"),
    "billing": _("Billing"),
    "security": _("Security"),
}


@dataclass(frozen=True)
class Kind:
    """One kind of news: what it is called, what it says, and how people hear of it.

    `words` take `actor`, `subject`, `organization` and what the notice brings along;
    `many` say it once of much that was done at once. Who lacks `ability` is not told.
    """

    code: str
    group: str
    title: Promise
    words: Promise
    icon: str
    defaults: frozenset[Channel] = INBOX_ONLY
    channels: frozenset[Channel] = EVERY
    severity: Severity = Severity.NORMAL
    ability: str | None = None
    many: Promise | None = None

    @property
    def is_critical(self) -> bool:
        return self.severity == Severity.CRITICAL

    def concerns(self, abilities: Collection[str]) -> bool:
        """Whether somebody with some abilities is ever told of it."""
        return self.ability is None or self.ability in abilities


KINDS: Final[dict[str, Kind]] = {
    kind.code: kind
    for kind in (
        Kind(
            "mention",
            "tasks",
            _("Somebody mentions you"),
            _("%(actor)s mentioned you in %(subject)s"),
            "message-square",
            defaults=frozenset({APP, EMAIL}),
            ability="tasks.view",
        ),
        Kind(
            "assignment",
            "tasks",
            _("A task is assigned to you"),
            _("%(actor)s assigned you %(subject)s"),
            "circle-user",
            defaults=frozenset({APP, EMAIL}),
            ability="tasks.view",
            many=_("%(actor)s assigned you %(count)s tasks"),
        ),
        Kind(
            "comment",
            "tasks",
            _("Somebody comments on a task you watch"),
            _("%(actor)s commented on %(subject)s"),
            "message-square",
            ability="tasks.view",
        ),
        Kind(
            "task_done",
            "tasks",
            _("A task you watch is done"),
            _("%(actor)s finished %(subject)s"),
            "circle-check",
            ability="tasks.view",
            many=_("%(actor)s finished %(count)s tasks"),
        ),
        Kind(
            "member_joined",
            "people",
            _("Somebody you invited joins"),
            _("%(subject)s joined %(organization)s"),
            "users",
        ),
        Kind(
            "invitation_declined",
            "people",
            _("Somebody declines your invitation"),
            _("%(subject)s declined your invitation"),
            "users",
            ability="members.invite",
        ),
        Kind(
            "invitation_wanted",
            "people",
            _("Somebody wants an invitation that has expired"),
            _("%(subject)s asks for a new invitation"),
            "users",
            channels=INBOX_ONLY,
            ability="members.invite",
        ),
        Kind(
            "join_request",
            "people",
            _("Somebody asks to join"),
            _("%(subject)s asks to join %(organization)s"),
            "users",
            channels=INBOX_ONLY,
            ability="members.invite",
        ),
        Kind(
            "role_changed",
            "people",
            _("Your role changes"),
            _("Your role in %(organization)s is now %(role)s"),
            "users",
            defaults=frozenset({APP, EMAIL}),
        ),
        Kind(
            "ownership_offered",
            "people",
            _("The ownership is offered to you"),
            _("%(actor)s offers you the ownership of %(organization)s"),
            "users",
            channels=INBOX_ONLY,
            severity=Severity.CRITICAL,
        ),
        Kind(
            "payment_late",
            "billing",
            _("A payment is late"),
            _("A payment of %(organization)s is late. See what is owed and until when"),
            "credit-card",
            channels=INBOX_ONLY,
            severity=Severity.CRITICAL,
            ability="billing.edit",
        ),
        Kind(
            "trial_ending",
            "billing",
            _("A trial ends soon"),
            _("The trial of %(subject)s ends soon. See what comes after it"),
            "credit-card",
            channels=INBOX_ONLY,
            ability="billing.edit",
        ),
        Kind(
            "trial_ended",
            "billing",
            _("A trial has ended"),
            _("The trial of %(subject)s has ended. See what is left, and the plans"),
            "credit-card",
            channels=INBOX_ONLY,
            ability="billing.edit",
        ),
        Kind(
            "limit",
            "billing",
            _("A limit of the plan is near, or reached"),
            _("%(subject)s: %(percent)s %% of what the plan allows is in use"),
            "credit-card",
            channels=INBOX_ONLY,
            ability="billing.edit",
        ),
        Kind(
            "second_step",
            "security",
            _("A second step at sign-in is asked for"),
            _("%(organization)s now asks for a second step at sign-in"),
            "shield-check",
            defaults=frozenset({APP, EMAIL}),
            channels=frozenset({APP, EMAIL}),
            severity=Severity.CRITICAL,
        ),
        Kind(
            "support_asked",
            "security",
            _("Insula's staff ask to change things"),
            _("%(actor)s of Insula asks to be let change things in %(organization)s"),
            "eye",
            defaults=frozenset({APP, EMAIL}),
            channels=frozenset({APP, EMAIL}),
            severity=Severity.CRITICAL,
            ability="support.edit",
        ),
        Kind(
            "export_ready",
            "security",
            _("An archive you asked for is ready"),
            _("The archive of %(organization)s is ready to be downloaded"),
            "archive",
            # Its room mails it.
            channels=INBOX_ONLY,
            ability="organization.export",
        ),
        Kind(
            "export_failed",
            "security",
            _("An archive you asked for could not be written"),
            _("The archive of %(organization)s could not be written"),
            "archive",
            ability="organization.export",
        ),
        Kind(
            "import_compared",
            "security",
            _("An archive you brought was compared"),
            _("%(subject)s was compared with %(organization)s and waits for you"),
            "history",
            ability="organization.import",
        ),
        Kind(
            "import_done",
            "security",
            _("An archive you brought was taken in"),
            _("%(subject)s was taken in over %(organization)s"),
            "history",
            ability="organization.import",
        ),
        Kind(
            "import_failed",
            "security",
            _("An archive you brought could not be taken in"),
            _("%(subject)s could not be taken in; nothing was changed"),
            "history",
            ability="organization.import",
        ),
        Kind(
            "key_created",
            "security",
            _("Somebody creates an API key"),
            _("%(actor)s created the API key %(subject)s"),
            "key-round",
            channels=INBOX_ONLY,
            ability="keys.edit",
        ),
        Kind(
            "webhook_disabled",
            "security",
            _("A webhook is disabled"),
            _("The webhook %(subject)s is disabled: nothing is sent there any more"),
            "webhook",
            # Its room mails what is to be done.
            channels=INBOX_ONLY,
            ability="webhooks.edit",
        ),
    )
}
