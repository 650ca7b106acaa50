"""What is kept about a person, part by part, each in the context that may see it.

Rooms above say what they keep by listening: a receiver answers with a name and rows.
"""

from collections.abc import Generator, Iterable, Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models.fields.json import KT
from django.dispatch import Signal

from accounts.banners.models import BannerDismissal
from accounts.models import ExternalIdentity, User
from organizations.audit.models import AuditEntry, PlatformEntry
from organizations.models import Membership, Organization
from organizations.tenancy import as_user, identity, no_context, tenant

Rows = Iterable[dict[str, Any]]

# Sent with `person`, inside each of their organizations; answered with (name, rows).
collecting = Signal()
# The same, once and outside all of them: what of others concerns the person.
collecting_outside = Signal()

ACCOUNT = (
    "id",
    "email",
    "email_verified",
    "first_name",
    "last_name",
    "image",
    "language",
    "theme",
    "timezone",
    "hotkeys",
    "is_staff",
    "is_active",
    "banned",
    "ban_message",
    "ban_expires_at",
    "terms_version",
    "terms_accepted_at",
    "onboarding_completed",
    "welcomed_at",
    "date_joined",
    "last_login",
)
ENTRY = (
    "created_at",
    "action",
    "target_type",
    "target_id",
    "target_label",
    "before",
    "after",
    "address",
    "user_agent",
)
STEP = ("type", "name", "created_at", "last_used_at")
ELSEWHERE = ("provider", "uid", "date_joined", "last_login", "extra_data")
BROUGHT = ("provider", "external_id", "created_at")
ANNOUNCED = ("banner__text", "created_at")
ORGANIZATION = ("id", "name", "slug", "created_at")


def parts(person: User) -> Generator[tuple[str, Rows], None, None]:
    """Yield every part of a copy: its file's name and its rows."""
    yield from own_parts(person)
    for membership in memberships(person):
        # Each in its own context, so the walls decide what the copy may hold.
        key: Any = membership.organization_id
        with no_context(), tenant(key, person):
            organization = Organization.objects.get(pk=key)
            if organization.deleted_at is None:
                yield from parts_of(organization, membership, person)


def own_parts(person: User) -> Iterator[tuple[str, Rows]]:
    """Yield what belongs to no organization."""
    with no_context(), identity(person):
        account = User.objects.filter(pk=person.pk)
        yield "account.json", rows(account.values(*ACCOUNT))
        addresses = EmailAddress.objects.filter(user=person).order_by("pk")
        yield "addresses.json", rows(addresses.values("email", "verified", "primary"))
        devices = UserSession.objects.filter(user=person).order_by("pk")
        seen = ("created_at", "last_seen_at", "ip", "user_agent")
        yield "devices.json", rows(devices.values(*seen))
        yield from ways_in(person)
    with no_context(), as_user(person):
        acts = PlatformEntry.objects.filter(actor=person)
        yield "account-history.json", rows(acts.order_by("pk").values(*ENTRY))
        read = BannerDismissal.objects.filter(user=person).order_by("pk")
        yield "announcements.json", rows(read.values(*ANNOUNCED))
        answers: Any = collecting_outside.send(sender=User, person=person)
        for _receiver, (name, found) in answers:
            yield f"{name}.json", found


def ways_in(person: User) -> Iterator[tuple[str, Rows]]:
    """Yield how a person signs in, without what would let somebody else in."""
    steps = Authenticator.objects.filter(user=person).order_by("pk")
    named = steps.annotate(name=KT("data__name"))
    yield "second-steps.json", rows(named.values(*STEP))
    accounts = SocialAccount.objects.filter(user=person).order_by("pk")
    yield "accounts-elsewhere.json", rows(accounts.values(*ELSEWHERE))
    brought = ExternalIdentity.objects.filter(user=person).order_by("pk")
    yield "brought-from.json", rows(brought.values(*BROUGHT))


def memberships(person: User) -> list[Membership]:
    """Return a person's memberships, suspended ones included."""
    with no_context(), as_user(person):
        return list(Membership.own.filter(user=person).order_by("created_at", "pk"))


def parts_of(
    organization: Organization, membership: Membership, person: User
) -> Iterator[tuple[str, Rows]]:
    """Yield what the active organization keeps about a person."""
    folder = f"organizations/{organization.slug}"
    about = {name: getattr(organization, name) for name in ORGANIZATION}
    mine = {
        "organization": about,
        "role": membership.role,
        "member_since": membership.created_at,
        "suspended_at": membership.suspended_at,
    }
    yield f"{folder}/membership.json", [mine]
    acts = AuditEntry.objects.filter(actor=person).order_by("pk")
    yield f"{folder}/history.json", rows(acts.values(*ENTRY))
    answers: Any = collecting.send(sender=User, person=person)
    for _receiver, (name, found) in answers:
        yield f"{folder}/{name}.json", found


def rows(found: Any) -> Rows:
    """Return a query's rows, a few at a time in memory."""
    return found.iterator(chunk_size=500)
