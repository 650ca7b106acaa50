"""Every route of the product, tried with own and foreign ids, read for foreign marks."""

import re
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from accounts.models import User
from organizations.api.models import ApiKey
from organizations.archives.models import Arrival, Export
from organizations.audit.models import AuditEntry
from organizations.domains.models import JoinRequest, OrganizationDomain
from organizations.gallery.models import Image
from organizations.invitations.models import Invitation
from organizations.invitations.tokens import new_token
from organizations.models import CustomRole, FormerAddress, Membership, Organization
from organizations.notifications.models import Notification
from organizations.onboarding.models import WelcomeStep
from organizations.teams.models import Team
from organizations.tenancy import identity, no_context, tenant
from organizations.webhooks.models import Delivery, Endpoint
from tasks.attachments.models import Attachment
from tasks.changesets.models import ChangeSet
from tasks.comments.models import Comment
from tasks.imports.flows import upload
from tasks.imports.reading import examine
from tasks.labels.models import Label
from tasks.models import Task
from tests.conftest import signed_in_client

MARK = re.compile(r"cnry-([a-z]+)-([a-z]+)-\d+", re.IGNORECASE)
# After these the actor is somebody else, or nobody.
ENDS = ("/accounts/", "/leave/")
# One's own tasks of all one's organizations are shown wherever a session is.
EVERYWHERE = "/tasks/mine/"
SIGNS_OUT = ("/accounts/", "/organizations/", "/join/")
HTMX = {"HX-Request": "true"}
# Words that fit rows of every organization, and not the mark of any.
QUERY = {"q": "title-5", "status": "done", "priority": "5"}


@dataclass
class Actor:
    """Who walks: a person, the organization their session names, what they may see."""

    role: str
    home: str
    active: str
    letters: frozenset[str]
    # Marks of other organizations that belong to one's own switcher.
    allowed: frozenset[tuple[str, str]] = frozenset()
    # These pages know no organization: a few actors are enough for them.
    walks_accounts: bool = False

    def __str__(self) -> str:
        return f"{self.role} of {self.home or 'none'} in {self.active or 'none'}"

    def foreign(self, text: str) -> set[str]:
        """Return the marks in a text that are none of the actor's business."""
        return {
            found[0]
            for found in MARK.finditer(text)
            if found[1].lower() not in self.letters
            and (found[1].lower(), found[2].lower()) not in self.allowed
        }

    def own(self, text: str) -> set[str]:
        return {m[0] for m in MARK.finditer(text) if m[1].lower() in self.letters}


@dataclass
class Walk:
    """One actor's way through all routes, and what was found on it."""

    actor: Actor
    story: dict
    leaks: list[tuple[str, set[str]]] = field(default_factory=list)
    own: set[str] = field(default_factory=set)
    answers: int = 0
    # Marks in addresses that the actor guessed: they tell nothing new.
    typed: set[str] = field(default_factory=set)

    def run(self) -> "Walk":
        self.people = people_ids(self.story)
        self.ids = {"/tasks/": task_ids(self.story)}
        self.ids["/tasks/labels/"] = first_ids(Label, self.story)
        self.ids["/tasks/comments/"] = first_ids(Comment, self.story)
        self.ids["/tasks/files/"] = first_ids(Attachment, self.story)
        self.ids["/tasks/changes/"] = first_ids(ChangeSet, self.story)
        self.ids["/tasks/import/"] = import_ids(self.story)
        self.ids["/organizations/members/"] = member_ids(self.story)
        self.ids["/organizations/invitations/"] = first_ids(Invitation, self.story)
        self.ids["/inbox/"] = first_ids(Notification, self.story)
        self.ids["/inbox/unsubscribe/"] = guessed_ways_out(self.story)
        self.ids["/audit/"] = first_ids(AuditEntry, self.story)
        self.ids["/developers/events/"] = first_ids(AuditEntry, self.story)
        self.ids["/organizations/domains/"] = first_ids(OrganizationDomain, self.story)
        self.ids["/organizations/domains/requests/"] = first_ids(
            JoinRequest, self.story
        )
        self.ids["/developers/keys/"] = first_ids(ApiKey, self.story)
        self.ids["/pictures/people/"] = self.people
        self.ids["/pictures/organizations/"] = organization_ids(self.story)
        self.ids["/accounts/2fa/webauthn/keys/"] = passkey_ids(self.people)
        self.ids["/welcome/"] = step_ids()
        self.ids["/join/"] = guessed_tokens(self.story)
        self.ids["/gallery/"] = first_ids(Image, self.story)
        self.ids["/organizations/settings/export/"] = first_ids(Export, self.story)
        self.ids["/organizations/settings/import/"] = first_ids(Arrival, self.story)
        self.ids["/developers/webhooks/"] = first_ids(Endpoint, self.story)
        self.ids["/developers/webhooks/deliveries/"] = first_ids(Delivery, self.story)
        self.ids["/organizations/teams/"] = team_ids(self.story)
        self.ids["/organizations/roles/"] = role_ids(self.story)
        self.ids["/organizations/roles/why/"] = member_ids(self.story)
        self.ids["/o/"] = slugs(self.story)
        self.client = self.sign_in()
        for route in routes():
            if route.startswith("/accounts/") and not self.actor.walks_accounts:
                continue
            for address in self.addresses(route):
                self.read("GET", address, {}, QUERY | self.strangers())
                self.read("GET", address, HTMX, QUERY | self.strangers())
                self.read("POST", address, HTMX, self.body())
        self.read_aside()
        return self

    def sign_in(self) -> Client:
        login = login_of(self.story, self.actor)
        if login is None:
            return Client()
        with no_context(), identity():
            user = User.objects.get(email=login)
        place = organization_ids(self.story).get(self.actor.active)
        return signed_in_client(user, place)

    def addresses(self, route: str) -> list[str]:
        """Fill in an object of each organization."""
        if "<" not in route:
            return [route]
        # The plans are the same for everybody.
        route = route.replace("<slug:code>", "pro")
        if "<slug:field>" in route:
            fields = ("description", "assignees", "labels")
            each = (route.replace("<slug:field>", field) for field in fields)
            return [address for one in each for address in self.addresses(one)]
        if "<int:" in route:
            # Numbers are each organization's own: these are everybody's.
            return [re.sub(r"<[^>]+>", each, route) for each in ("1", "7", "999")]
        ids = self.ids.get(route.partition("<")[0], self.ids["/tasks/"])
        return [re.sub(r"<[^>]+>", each, route) for each in sorted(ids.values())]

    def strangers(self) -> dict[str, str]:
        """Ids of others, where a page might believe them."""
        other = "B" if "a" in self.actor.letters else "A"
        return {
            "organization": organization_ids(self.story)[other],
            "assignee": self.people[other],
            "user": self.people[other],
        }

    def body(self) -> dict[str, str]:
        other = "B" if "a" in self.actor.letters else "A"
        return self.strangers() | {
            "title": "Walked",
            "body": "Walked",
            "status": "done",
            "priority": "5",
            "assignees": self.people[other],
            "organization_id": organization_ids(self.story)[other],
            "is_staff": "on",
            "format": "jsonl",
            "pick": self.ids["/tasks/"][other],
            "titles": "Walked",
            "column_0": "title",
            "people": "leave",
            "days": "day",
            "role": "owner",
        }

    def read(self, method: str, address: str, headers: dict, values: dict) -> None:
        call = self.client.get if method == "GET" else self.client.post
        self.typed |= self.actor.foreign(address)
        answer = call(address, values, headers=headers)
        assert answer.status_code < 500, (method, address)
        text = (
            body_of(answer)
            + repr(answer.headers)
            + repr([str(each) for each in answer.cookies.values()])
        )
        self.note(f"{method} {address} {headers}", text, self.actor.foreign(address))
        self.answers += 1
        # Signed out, or switched: the next page is asked for as before.
        if address.startswith("/o/") or (
            method == "POST" and address.startswith(SIGNS_OUT)
        ):
            self.client = self.sign_in()

    def read_aside(self) -> None:
        """Read what an answer leaves behind: mails, cached values, jobs."""
        for message in mail.outbox:
            self.note("mail", f"{message.to} {message.subject} {message.body}")
        with no_context(), connection.cursor() as cursor:
            for table in ("insula_cache", "procrastinate_jobs"):
                cursor.execute(f"SELECT row_to_json(t)::text FROM {table} t")
                for (row,) in cursor.fetchall():
                    self.note(table, row)
        cache.clear()

    def note(self, where: str, text: str, typed: set[str] = frozenset()) -> None:
        """Keep the marks of a text, but for those that the actor has typed."""
        foreign = self.actor.foreign(text) - typed
        if foreign:
            self.leaks.append((where, foreign))
        if EVERYWHERE not in where:
            self.own |= self.actor.own(text)


def body_of(answer) -> str:
    """Return what was answered, streamed or at once; of pictures, what is text."""
    if answer.streaming:
        return b"".join(answer.streaming_content).decode()
    return answer.content.decode(errors="replace")


def routes() -> list[str]:
    """Return every route below the root but the console's, sign-out last."""

    def walk(resolver: URLResolver, prefix: str):
        for entry in resolver.url_patterns:
            path = prefix + str(entry.pattern)
            if isinstance(entry, URLResolver):
                if entry.app_name != "admin":
                    yield from walk(entry, path)
            else:
                yield path

    found = set(walk(get_resolver(), "/"))
    return sorted(found, key=lambda path: (any(map(path.__contains__, ENDS)), path))


def organization_ids(story: dict) -> dict[str, str]:
    return {each["key"]: each["id"] for each in story["organizations"]}


def people_ids(story: dict) -> dict[str, str]:
    """Return somebody of each organization."""
    found = {}
    with no_context(), identity():
        for letter in organization_ids(story):
            login = f"cnry-{letter.lower()}-member-1@example.com"
            found[letter] = str(User.objects.get(email=login).pk)
    return found


def task_ids(story: dict) -> dict[str, str]:
    """Return a task of each organization that has any."""
    found = {}
    for letter, organization in organization_ids(story).items():
        with no_context(), tenant(organization):
            task = Task.objects.order_by("-number").first()
        if task is not None:
            found[letter] = str(task.pk)
    return found


def import_ids(story: dict) -> dict[str, str]:
    """Make an import in each organization, with its mark in the name and the file."""
    found = {}
    for letter, person in people_ids(story).items():
        organization_id = organization_ids(story)[letter]
        mark = f"cnry-{letter.lower()}-import-1"
        with no_context(), tenant(organization_id, person):
            by = User.objects.get(pk=person)
            file = SimpleUploadedFile(
                f"{mark}.csv", f"Title,State\n{mark},x\n".encode()
            )
            shape, rows = examine(file)
            organization = Organization.objects.get(pk=organization_id)
            made = upload(
                organization=organization, by=by, file=file, shape=shape, rows=rows
            )
            found[letter] = str(made.pk)
    return found


def member_ids(story: dict) -> dict[str, str]:
    """Return a viewer's membership of each organization that has one."""
    found = {}
    for letter, organization in organization_ids(story).items():
        with no_context(), tenant(organization):
            member = Membership.objects.filter(role="viewer").first()
        if member is not None:
            found[letter] = str(member.pk)
    return found


def first_ids(model, story: dict) -> dict[str, str]:
    """Return a row of each organization that has one."""
    found = {}
    for letter, organization in organization_ids(story).items():
        with no_context(), tenant(organization):
            row = model.objects.first()
        if row is not None:
            found[letter] = str(row.pk)
    return found


def step_ids() -> dict[str, str]:
    """Return the steps of the set-up, which are everybody's."""
    with no_context(), identity():
        steps = WelcomeStep.objects.order_by("position")
        return {step.kind: str(step.pk) for step in steps}


def passkey_ids(people: dict[str, str]) -> dict[str, str]:
    """Return a passkey of somebody of each organization, named with their mark."""
    found = {}
    with no_context(), identity():
        for letter, person in people.items():
            key = Authenticator.objects.create(
                user_id=person,
                type=Authenticator.Type.WEBAUTHN,
                data={"name": f"cnry-{letter.lower()}-passkey-1", "credential": {}},
            )
            found[letter] = str(key.pk)
    return found


def guessed_tokens(story: dict) -> dict[str, str]:
    """Return what somebody might try who knows only an organization's id."""
    ids = organization_ids(story).items()
    return {letter: new_token(UUID(organization)) for letter, organization in ids}


def guessed_ways_out(story: dict) -> dict[str, str]:
    """Return tokens of somebody who knows organizations and people, and no key."""
    ids = organization_ids(story).items()
    return {letter: f"{each}.{uuid4()}.mention:guessed" for letter, each in ids}


def team_ids(story: dict) -> dict[str, str]:
    """Return a team of each organization that has one."""
    found = {}
    for letter, organization in organization_ids(story).items():
        with no_context(), tenant(organization):
            team = Team.objects.order_by("pk").first()
        if team is not None:
            found[letter] = str(team.pk)
    return found


def role_ids(story: dict) -> dict[str, str]:
    """Return a custom role of each organization that has one."""
    found = {}
    for letter, organization in organization_ids(story).items():
        with no_context(), tenant(organization):
            role = CustomRole.objects.first()
        if role is not None:
            found[letter] = str(role.pk)
    return found


def slugs(story: dict) -> dict[str, str]:
    """Return each organization's address, and one that it had before."""
    found = {}
    for letter, organization in organization_ids(story).items():
        with no_context(), tenant(organization):
            found[letter] = Organization.objects.get(pk=organization).slug
            for former in FormerAddress.objects.all():
                found[letter.lower()] = former.slug
    return found


def login_of(story: dict, actor: Actor) -> str | None:
    names = {each["key"]: each["name"] for each in story["organizations"]}
    for each in story["actors"]:
        if each["role"] == actor.role and each["org"] == names.get(actor.home):
            return each["login"]
    return None
