"""New keys for what rests locked: each value is opened with the key it had and locked
with the present one, so that former keys can be thrown away."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts import mfa
from accounts.safes import derived, safe
from organizations.audit.recording import record
from organizations.tenancy import operator
from organizations.webhooks import sealing
from organizations.webhooks.models import Endpoint

BATCH: Final = 200
REASON: Final = "lock secrets with the present key"
# The values of a second factor that rest locked: an app's, a list of codes'.
LOCKED_IN_FACTORS: Final = ("secret", "seed", "migrated_codes")


@dataclass(frozen=True)
class Kind:
    """One kind of locked values: whose rows, which keys, and how they are changed.

    `turn` takes a row and a call that locks one text anew; it returns the names of the
    fields it has changed.
    """

    name: str
    rows: Callable[[], QuerySet[Any]]
    keys: Callable[[], list[str]]
    purpose: bytes
    turn: Callable[[Any, Callable[[str], str]], list[str]]


@dataclass
class Count:
    """How many values of a kind there are, and how they rest.

    Turned ones were under a former key; unreadable ones are under a key that nobody
    has given.
    """

    values: int = 0
    turned: int = 0
    unreadable: int = 0


def turn_factor(row: Authenticator, anew: Callable[[str], str]) -> list[str]:
    before = dict(row.data)
    for name in LOCKED_IN_FACTORS:
        value = before.get(name)
        if isinstance(value, list):
            row.data[name] = [anew(text) for text in value]
        elif value:
            row.data[name] = anew(value)
    return [] if row.data == before else ["data"]


def turn_endpoint(row: Endpoint, anew: Callable[[str], str]) -> list[str]:
    changed = []
    for name in ("secret", "former_secret"):
        value = getattr(row, name)
        if value and (turned := anew(value)) != value:
            setattr(row, name, turned)
            changed.append(name)
    return changed


KINDS: Final = (
    Kind(
        "second factors",
        Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).all,
        lambda: [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS],
        mfa.PURPOSE,
        turn_factor,
    ),
    Kind(
        "webhooks",
        Endpoint.objects.all,
        lambda: list(settings.WEBHOOK_SECRETS_KEYS),
        sealing.PURPOSE,
        turn_endpoint,
    ),
)


def rotate(*, dry_run: bool = False) -> dict[str, Count]:
    """Lock every value with the present key; return what was found, by kind.

    Reads every organization's endpoints, deleted ones' too, as staff; a dry run writes
    nothing. What cannot be opened is left as it is.
    """
    with operator(None, reason=REASON):
        found = {kind.name: walk(kind, dry_run=dry_run) for kind in KINDS}
        if not dry_run:
            with transaction.atomic(using="operator"):
                turned = {name: count.turned for name, count in found.items()}
                record("secrets.rotated", label="secrets", after=turned)
    return found


def walk(kind: Kind, *, dry_run: bool) -> Count:
    """Go through a kind's rows in the order of their keys, some at a time."""
    count, anew = Count(), Turner(kind)
    for rows in batches(kind.rows().using("operator")):
        with transaction.atomic(using="operator"):
            for row in rows.select_for_update():
                changed = kind.turn(row, anew.starting(count))
                if changed and not dry_run:
                    row.save(update_fields=changed)
    return count


def batches(rows: QuerySet[Any]) -> Iterator[QuerySet[Any]]:
    """Yield the rows in parts; those that come meanwhile are under the present key."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        yield rows.filter(pk__in=keys[start : start + BATCH]).order_by("pk")


class Turner:
    """Locks texts anew with the first key of a kind, and counts them."""

    def __init__(self, kind: Kind) -> None:
        keys = kind.keys()
        self.present = Fernet(derived(keys[0], kind.purpose))
        self.all: MultiFernet = safe(keys, kind.purpose)

    def starting(self, count: Count) -> Callable[[str], str]:
        """Return the call that locks one text anew, counting in `count`."""

        def anew(text: str) -> str:
            count.values += 1
            if opens(self.present, text):
                return text
            if not opens(self.all, text):
                count.unreadable += 1
                return text
            count.turned += 1
            return self.all.rotate(text.encode()).decode()

        return anew


def opens(lock: Fernet | MultiFernet, text: str) -> bool:
    try:
        lock.decrypt(text.encode())
    except InvalidToken:
        return False
    return True
