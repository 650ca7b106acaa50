"""What each state-changing route needs to change something, and what it records."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from organizations import flows
from organizations.domains.models import OrganizationDomain
from organizations.invitations.flows import make_link
from organizations.invitations.models import Invitation
from organizations.invitations.tokens import hash_of, new_token
from organizations.members.flows import offer_ownership
from organizations.models import Role
from organizations.tenancy import no_context, tenant
from tasks.models import Task
from tests.domains.conftest import RECORDS
from tests.isolation.test_matrix import sample_invitation, sample_task, sample_wish

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


TASK = {"title": "New title", "status": "todo", "priority": "3"}
SETTINGS = {
    "name": "Acme Works",
    "slug": "acme",
    "task_prefix": "ACME",
    "theme": "system",
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
    "tasks:task_create": Change(("task.created",), values=TASK, again={}),
    "tasks:task_edit": Change(
        ("task.edited",), lambda cast: sample_task(cast, "acme"), values=TASK
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
    "accounts:profile": Change(("user.profile_changed",), values=profile()),
}

# Doing these twice does two things: what else would change nothing is told apart.
REPEATED = {
    "invitations:invitation_resend": Change(
        ("invitation.resent",), lambda cast: sample_invitation(cast, "acme")
    ),
}

# It changes nothing, and is recorded all the same: the log has left the house.
READ_OUT = {
    "audit:entry_export": Change(("audit.exported",), values={"format": "csv"}),
}

# Routes that take a form and change nothing that is anybody else's to know.
NO_CHANGE = {
    "organizations:organization_switch": "which organization one looks at",
    "join:carry_on": "notes in the visitor's own session what they came for",
}
# Changes that another package makes, and tells of by its own signal.
OF_OTHERS = {
    "join:switch_person": "signs out as the sign-in pages do, which record it",
}
