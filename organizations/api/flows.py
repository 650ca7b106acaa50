"""The life of a key: made, changed, rotated, revoked. Its text leaves only once."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from organizations.api import jobs
from organizations.api.models import OVERLAP, ApiKey
from organizations.api.offered import ABILITIES
from organizations.api.secrets import digest_of, new_text, prefix_of
from organizations.audit.recording import record, using
from organizations.limits.counting import claim, release, required
from organizations.limits.models import Key
from organizations.tenancy.jobs import enqueue


class KeyRevoked(Exception):
    """The key was revoked: nothing of it changes any more."""


@transaction.atomic
def create_key(
    *,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime | None,
    by: Any,
) -> tuple[ApiKey, str]:
    """Make a key and return it with its text, which nobody can tell again.

    LimitReached when the plan has no room for it.
    """
    claim(Key.API_KEYS)
    text = new_text(required())
    key = ApiKey.objects.create(
        name=name,
        prefix=prefix_of(text),
        digest=digest_of(text),
        scopes=ordered(scopes),
        expires_at=expires_at,
        created_by=by,
    )
    record("key.created", key, by=by, after=facts(key))
    enqueue(jobs.mail_key, key_id=str(key.pk), act="made", by_id=str(by.pk))
    return key, text


@transaction.atomic
def change_key(
    *,
    key: ApiKey,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime | None,
    own: Collection[str],
    by: Any,
) -> bool:
    """Change what a key is called, may, and how long; False when it is so already.

    Of the scopes it gets those it has now and those that are somebody's `own` to give,
    whatever it had when the form was drawn.
    """
    kept = locked(key)
    before = facts(kept)
    given = {*own, *kept.scopes}.intersection(scopes)
    kept.name, kept.scopes, kept.expires_at = name, ordered(given), expires_at
    after = facts(kept)
    if before == after:
        return False
    kept.save(update_fields=["name", "scopes", "expires_at"])
    record("key.changed", kept, by=by, before=before, after=after)
    return True


@transaction.atomic
def rotate_key(
    *,
    key: ApiKey,
    expires_at: datetime | None,
    by: Any,
    overlap: timedelta = OVERLAP,
) -> tuple[ApiKey, str]:
    """Give a key a new text and return both; the former works for `overlap` more."""
    kept = locked(key)
    text = new_text(required())
    stays = bool(overlap)
    kept.former_digest = kept.digest if stays else ""
    kept.former_until = timezone.now() + overlap if stays else None
    before = {"prefix": kept.prefix, "expires_at": kept.expires_at}
    kept.prefix, kept.digest, kept.expires_at = (
        prefix_of(text),
        digest_of(text),
        expires_at,
    )
    after = {"prefix": kept.prefix, "expires_at": kept.expires_at}
    changed = ["prefix", "digest", "former_digest", "former_until", "expires_at"]
    kept.save(update_fields=changed)
    ends = {"former_until": kept.former_until}
    record("key.rotated", kept, by=by, before=before, after=after | ends)
    enqueue(jobs.mail_key, key_id=str(key.pk), act="rotated", by_id=str(by.pk))
    return kept, text


def revoke_key(*, key: ApiKey, by: Any, reason: str = "") -> bool:
    """End a key for good, at once; False when it was ended before."""
    with transaction.atomic(using=using()):
        waiting = ApiKey.objects.filter(pk=key.pk, revoked_at=None)
        ended = {
            "revoked_at": timezone.now(),
            "former_digest": "",
            "former_until": None,
        }
        if not waiting.update(**ended):
            return False
        release(Key.API_KEYS)
        record("key.revoked", key, by=by, after={"reason": reason} if reason else {})
    return True


def locked(key: ApiKey) -> ApiKey:
    """Return a key as it is now, locked until the transaction ends."""
    kept = ApiKey.objects.select_for_update(no_key=True).get(pk=key.pk)
    if kept.is_revoked:
        raise KeyRevoked
    return kept


def facts(key: ApiKey) -> dict[str, Any]:
    """Return what history says of a key."""
    return {"name": key.name, "scopes": key.scopes, "expires_at": key.expires_at}


def ordered(scopes: Iterable[str]) -> list[str]:
    """Return scopes once each, in the order they are offered."""
    given = set(scopes)
    return [name for name in ABILITIES if name in given]
