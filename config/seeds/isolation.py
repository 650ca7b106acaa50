"""The isolation story: organizations whose every text is marked with their letter.

A and B are full, C is large, D is empty. Ids, logins and passwords are the same each
time, so that a prober can be told once what there is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from billing.flows import start_subscription
from billing.models import (
    Invoice,
    InvoiceStatus,
    Plan,
    Subscription,
    SubscriptionStatus,
)
from config.seeds.canaries import (
    OPERATOR,
    REMOVED,
    ROLES,
    SHARED,
    SUSPENDED,
    Marked,
    password_of,
)
from config.seeds.drafts import Sketch
from config.seeds.groups import make_teams
from config.seeds.hooks import add_marked_hook
from config.seeds.ids import FixedIds
from config.seeds.marked_inboxes import fill_inboxes
from config.seeds.marked_work import fill, fill_large
from config.seeds.people import known, make_person
from config.seeds.pictures import add_pictures
from config.seeds.programs import add_programs
from config.seeds.summary import summary
from organizations import flows
from organizations.addresses import remember_address
from organizations.archives.flows import ask
from organizations.archives.models import Arrival, Stage
from organizations.audit.context import request_facts
from organizations.domains.flows import add_domain
from organizations.domains.models import JoinRequest
from organizations.events.product import track
from organizations.gallery.models import Image
from organizations.invitations.flows import invite
from organizations.models import Membership, Role
from organizations.permissions import abilities
from organizations.roles.flows import create_role, give_role
from organizations.support.flows import grant_access
from organizations.tenancy import no_context, tenant
from organizations.tenancy.models import ids_from

PLANS = {"A": "pro", "B": "enterprise", "C": "enterprise", "D": "free"}


def tell(*, tasks: int) -> dict[str, Any]:
    """Make the story unless it is there, and return what a prober needs to know."""
    marked = {letter: Marked(letter) for letter in PLANS}
    people = list(everybody(marked))
    if not known([person["email"] for person in people]):
        with transaction.atomic():
            make(marked, people, tasks)
    return summary()


def everybody(marked: dict[str, Marked]) -> Iterator[dict[str, Any]]:
    """Yield the account of each person; names carry the mark of their organization."""
    for each in marked.values():
        extra = (SUSPENDED, REMOVED) if each.letter == "A" else ()
        for number, role in enumerate((*ROLES, *extra), 1):
            yield account(each, role, number)
    yield account(Marked("AB"), SHARED, 1)
    staff = account(Marked("X"), OPERATOR, 1)
    yield staff | {"is_staff": True, "is_superuser": True}


def account(each: Marked, role: str, number: int) -> dict[str, Any]:
    login = each.login(role)
    return {
        "id": FixedIds(login)(),
        "email": login,
        "password": password_of(login),
        "first_name": each.mark("first", number),
        "last_name": each.mark("last", number),
        "onboarding_completed": True,
    }


def make(marked: dict[str, Marked], people: list[dict[str, Any]], tasks: int) -> None:
    """Make people, organizations, memberships, subscriptions and work."""
    made = {values["email"]: make_person(**values) for values in people}
    for each in marked.values():
        each.people = {
            role: made[each.login(role)]
            for role in (*ROLES, SUSPENDED, REMOVED)
            if each.login(role) in made
        }
        with ids_from(FixedIds(each.letter)), marked_request(each):
            found(each)
            move(each)
            gather(each)
            add_role(each)
            let_staff_in(each)
            add_programs(each)
            add_marked_hook(each)
            fill_inboxes(each)
            if each.letter in "AB":
                share(each, made[Marked("AB").login(SHARED)])
                fill(each)
                picture(each)
                ask_for_archive(each)
    with ids_from(FixedIds("C work")), marked_request(marked["C"]):
        fill_large(marked["C"], tasks)


@contextmanager
def marked_request(each: Marked) -> Iterator[None]:
    """Record what happens as if a marked browser had asked for it."""
    request = HttpRequest()
    request.META["HTTP_USER_AGENT"] = each.mark("agent")
    request.id = each.mark("request")  # type: ignore[attr-defined]
    with request_facts(request):
        yield


def found(each: Marked) -> None:
    """Make the organization, its members of every role and its subscription."""
    owner = each.people[Role.OWNER]
    each.organization = flows.create_organization(
        user=owner,
        name=each.mark("name"),
        slug=each.mark("slug").lower(),
        task_prefix=f"CNRY{each.letter}",
    )
    with no_context(), tenant(each.organization, owner):
        for role, user in each.people.items():
            if role != Role.OWNER:
                add(each, user, role)
        ask_by_domain(each)
        invite(
            organization=each.organization,
            by=owner,
            entries=[f"{each.mark('invited').lower()}@example.com"],
            role=Role.VIEWER,
        )
        start_subscription(
            organization=each.organization,
            plan=Plan.objects.get(code=PLANS[each.letter]),
            by=owner,
            status=SubscriptionStatus.ACTIVE,
            seats=len(each.people),
        )
        pay(each)
        track(each.mark("counted"), of=each.mark("counted"))


def pay(each: Marked) -> None:
    """Mark what the organization has at Stripe, and bill it once."""
    Subscription.objects.update(
        stripe_customer_id=each.mark("customer"),
        stripe_subscription_id=each.mark("subscription"),
        stripe_item_id=each.mark("item"),
        stripe_price_id=each.mark("price"),
        stripe_schedule_id=each.mark("schedule"),
        billing_email=f"{each.mark('bills').lower()}@example.com",
        current_period_end=timezone.now() + timedelta(days=30),
        currency="eur",
    )
    Invoice.objects.create(
        stripe_id=each.mark("invoice"),
        number=each.mark("number"),
        status=InvoiceStatus.PAID,
        currency="eur",
        total_cents=100,
        issued_at=timezone.now(),
        hosted_url=f"https://example.com/{each.mark('hosted')}",
        pdf_url=f"https://example.com/{each.mark('pdf')}",
    )


def ask_by_domain(each: Marked) -> None:
    """Give the organization a domain, and a stranger who asks through it."""
    domain = add_domain(
        domain=each.mark("domain").lower() + ".example", by=each.people[Role.OWNER]
    )
    JoinRequest.objects.create(
        domain=domain,
        user=each.people[Role.OWNER],
        name=each.mark("asker"),
        email=f"{each.mark('asker').lower()}@example.com",
    )


def move(each: Marked) -> None:
    """Give the organization an address that it had before."""
    organization: Any = each.organization
    with no_context(), tenant(organization, each.people[Role.OWNER]):
        remember_address(organization, left=each.mark("slug", 2))


def gather(each: Marked) -> None:
    """Make the organization's two teams, one of them empty."""
    owner = each.people[Role.OWNER]
    people = [owner, each.people[Role.VIEWER]]
    with no_context(), tenant(each.organization, owner):
        make_teams(
            {each.mark("team"): people, each.mark("team", 2): []},
            by=owner,
            description=each.mark("purpose"),
        )


def picture(each: Marked) -> None:
    """Give the organization two pictures, the second of them in the trash."""
    owner = each.people[Role.OWNER]
    with no_context(), tenant(each.organization, owner):
        add_pictures(
            [
                Sketch(each.mark("picture", n), each.mark("alt", n), "#888", ())
                for n in (1, 2)
            ],
            by=owner,
        )
        Image.objects.get(name=each.mark("picture", 2)).remove(by=owner)


def ask_for_archive(each: Marked) -> None:
    """Have an owner ask for an archive; another one was not taken in after all."""
    owner = each.people[Role.OWNER]
    home: Any = each.organization
    with no_context(), tenant(home, owner):
        ask(organization=home, by=owner)
        now = timezone.now()
        Arrival.objects.create(
            asked_by=owner,
            name=f"{each.mark('archive')}.zip",
            size=0,
            stage=Stage.CANCELLED,
            made_at=now,
            expires_at=now,
            finished_at=now,
        )


def add_role(each: Marked) -> None:
    """Make a role of the organization's own, and give it to its viewer."""
    owner, viewer = each.people[Role.OWNER], each.people[Role.VIEWER]
    with no_context(), tenant(each.organization, owner):
        role = create_role(
            name=each.mark("role"),
            base=Role.VIEWER,
            abilities=abilities(Role.VIEWER),
            by=owner,
        )
        rows = Membership.objects.select_related("user")
        give_role(membership=rows.get(user=viewer), role=role, by=owner)


def let_staff_in(each: Marked) -> None:
    """Let staff change things in the organization for an hour."""
    owner = each.people[Role.OWNER]
    organization: Any = each.organization
    with no_context(), tenant(organization, owner):
        grant_access(organization=organization, by=owner, hours=1)


def add(each: Marked, user: User, role: str) -> None:
    """Make a person a member; then close or end it for those two of the story."""
    membership: Membership = flows.add_member(
        organization=each.organization,
        user=user,
        role=Role(role) if role in ROLES else Role.MEMBER,
        by=each.people[Role.OWNER],
    )
    if role == SUSPENDED:
        flows.suspend_member(membership=membership, by=each.people[Role.OWNER])
    if role == REMOVED:
        flows.remove_member(membership=membership, by=each.people[Role.OWNER])


def share(each: Marked, user: User) -> None:
    """Add the person who is in both full organizations."""
    with no_context(), tenant(each.organization, each.people[Role.OWNER]):
        add(each, user, Role.MEMBER)
