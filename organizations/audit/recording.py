"""The one call that writes history, in the same transaction as the change."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.dispatch import Signal

from organizations.audit.context import facts
from organizations.audit.models import ActorType, AuditEntry, Entry, PlatformEntry
from organizations.tenancy import current

# Sent with `entry` inside the transaction; the only signal of our own.
recorded = Signal()

MASK = "•••"
SECRET_WORDS = ("password", "secret", "token", "key_hash", "recovery")


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
    with transaction.atomic(using=using()):
        entry.save(force_insert=True)
        recorded.send(sender=type(entry), entry=entry)
    return entry


def record_many(entries: list[Entry]) -> None:
    """Write the entries of a bulk change in one statement."""
    if not entries:
        return
    with transaction.atomic(using=using()):
        type(entries[0])._default_manager.bulk_create(entries, batch_size=500)  # type: ignore[attr-defined]
        for entry in entries:
            recorded.send(sender=type(entry), entry=entry)


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
    values: dict[str, Any] = {
        "actor_id": getattr(by, "pk", by) or (context.user_id if context else None),
        "actor_type": actor_type(by),
        "action": action,
        "target_type": target._meta.label_lower if target is not None else "",
        "target_id": str(target.pk) if target is not None else "",
        "target_label": str(target) if label is None and target else label or "",
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
    if own is None and target is not None and target._meta.label == (
        "organizations.Organization"
    ):
        own = target.pk
    context = current()
    return own or (context.organization_id if context else None)


def actor_type(by: Any) -> ActorType:
    context = current()
    if context is not None and context.mode == "operator":
        return ActorType.OPERATOR
    known = by is not None or (context is not None and context.user_id is not None)
    return ActorType.USER if known else ActorType.SYSTEM


def masked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with everything that names a secret covered."""
    return {
        key: MASK if any(word in key.lower() for word in SECRET_WORDS) else value
        for key, value in values.items()
    }


def using() -> str:
    """Return the alias the current context works on."""
    context = current()
    return "operator" if context is not None and context.mode == "operator" else "default"


