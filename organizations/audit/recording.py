"""The one call that writes history, in the same transaction as the change."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.dispatch import Signal

from organizations.audit.context import Facts, facts
from organizations.audit.models import ActorType, AuditEntry, Entry, PlatformEntry
from organizations.audit.queries import insert
from organizations.tenancy import current

# Sent with `entry` and `target` inside the transaction; the only signal of our own.
recorded = Signal()

MASK = "•••"
COUNTED = "api_keys"
SECRET_WORDS = (
    "api_key",
    "authorization",
    "cookie",
    "key_hash",
    "otp",
    "password",
    "private_key",
    "recovery",
    "secret",
    "session_key",
    "token",
)


def record(
    action: str,
    target: models.Model | None = None,
    *,
    by: Any = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    label: str | None = None,
) -> Entry:
    """Write one entry for a change just made; call it in the change's transaction.

    Inside an organization it is that organization's entry, elsewhere the platform's.
    `by` is the actor; without it, the person of the current context.
    """
    entry = build(action, target, by=by, before=before, after=after, label=label)
    insert(entry, using())
    recorded.send(sender=type(entry), entry=entry, target=target)
    return entry


def record_many(entries: Sequence[Entry]) -> None:
    """Write the entries of a bulk change in one statement."""
    if not entries:
        return
    alias = using()
    with transaction.atomic(using=alias, savepoint=False):
        manager = type(entries[0])._default_manager.using(alias)
        manager.bulk_create(entries, batch_size=500)
        for entry in entries:
            recorded.send(sender=type(entry), entry=entry, target=None)


def build(
    action: str,
    target: models.Model | None = None,
    *,
    by: Any = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    label: str | None = None,
) -> Entry:
    """Return the unsaved entry of one change."""
    context = current()
    organization_id = organization_of(target)
    where = facts()
    actor_id = getattr(by, "pk", by) or (context.user_id if context else None)
    values: dict[str, Any] = {
        "actor_id": actor_id,
        "actor_type": actor_type(actor_id, where),
        "actor_label": str(by)
        if isinstance(by, models.Model)
        else where.name_of(actor_id),
        # Staff stand behind a person's acts, and not behind their own.
        "impersonator_id": None
        if actor_id == where.impersonator_id
        else where.impersonator_id,
        "action": action,
        "target_type": target._meta.label_lower if target is not None else "",
        "target_id": str(target.pk) if target is not None else "",
        "target_label": target_label(target) if label is None else label,
        "before": masked(before or {}),
        "after": masked(after or {}),
        "address": where.address,
        "user_agent": where.user_agent,
        "request_id": where.request_id,
    }
    if organization_id is None:
        return PlatformEntry(**values)
    return AuditEntry(organization_id=organization_id, **values)


def organization_of(target: models.Model | None) -> UUID | None:
    """Return whose entry it is: the target's organization, else the active one."""
    own = getattr(target, "organization_id", None)
    if (
        own is None
        and target is not None
        and target._meta.label == ("organizations.Organization")
    ):
        own = target.pk
    context = current()
    return own or (context.organization_id if context else None)


def target_label(target: models.Model | None) -> str:
    return str(target) if target is not None else ""


def actor_type(actor_id: UUID | None, where: Facts) -> ActorType:
    context = current()
    if context is not None and context.mode == "operator":
        return ActorType.OPERATOR
    if actor_id is not None and actor_id == where.impersonator_id:
        return ActorType.OPERATOR
    if actor_id is None and where.program:
        return ActorType.PROGRAM
    return ActorType.SYSTEM if actor_id is None else ActorType.USER


def masked(values: Any) -> Any:
    """Return the values with everything that names a secret covered, at any depth.

    So many API keys are a number and no secret; a code may well be a number.
    """
    if isinstance(values, Mapping):
        return {
            key: MASK if hides(str(key), value) else masked(value)
            for key, value in values.items()
        }
    if isinstance(values, list | tuple):
        return [masked(value) for value in values]
    return values


def hides(key: str, value: Any) -> bool:
    """Whether a value is covered for what it is called."""
    is_count = key.lower() == COUNTED and (value is None or type(value) is int)
    return names_secret(key) and not is_count


def names_secret(key: str) -> bool:
    lowered = key.lower()
    return any(word in lowered for word in SECRET_WORDS)


def using() -> str:
    """Return the alias the current context works on."""
    context = current()
    return (
        "operator" if context is not None and context.mode == "operator" else "default"
    )
