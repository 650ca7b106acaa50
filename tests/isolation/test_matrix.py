"""Every route of the map, every method, every kind of person.

What is expected is read from the declarations on the views; a route without one, or
one whose sample object is missing here, fails.
"""

import re
import uuid
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts import flows as flows_of_people
from config.routes import HTTP, Route, every_route
from organizations import flows
from organizations.api.flows import create_key
from organizations.archives.models import Export
from organizations.audit.models import AuditEntry
from organizations.domains.models import JoinRequest, OrganizationDomain
from organizations.gallery.drawing import Drawing
from organizations.gallery.flows import upload_image
from organizations.invitations.flows import make_link
from organizations.invitations.models import Invitation
from organizations.models import CustomRole, Membership, Role
from organizations.notifications.models import Notification
from organizations.notifications.unsubscribing import token_for
from organizations.onboarding.models import WelcomeStep
from organizations.permissions import ABILITIES, abilities
from organizations.pictures.flows import change_logo
from organizations.roles.flows import create_role, give_role
from organizations.teams.flows import add_to_team, create_team
from organizations.tenancy import identity, no_context, tenant
from organizations.webhooks.flows import create_endpoint, send_test
from tasks.attachments.flows import attach
from tasks.changesets.flows import edit_tasks
from tasks.changesets.selection import Selection
from tasks.comments.flows import write_comment
from tasks.flows import create_task
from tasks.imports.flows import choose_mapping
from tasks.imports.flows import upload as bring
from tasks.imports.reading import examine
from tasks.labels.models import Label
from tasks.models import Task
from tests.attachments.conftest import upload
from tests.conftest import join, make_user
from tests.pictures.conftest import picture

SQUARES = {256: b"large", 64: b"small"}
ROUTES = every_route()
# Keys call the API, and have a matrix of their own.
OURS = [route for route in ROUTES if not route.elsewhere and not route.by_key]
# What stands in an address beside its object: a word of a fixed list.
ASIDE = {
    "<slug:field>": "priority",
    "<slug:code>": "pro",
    "<slug:article>": "first-steps",
}
WITH_OBJECT = [
    route
    for route in OURS
    if route.address.count("<") > sum(map(route.address.count, ASIDE))
]
ROLES = {"alice": "owner", "adam": "admin", "bob": "member", "vera": "viewer"}
ACTORS = ["anonymous", *ROLES, "charlie", "olga", "nora"]
CHOOSER, SIGN_IN = "/organizations/", "/accounts/login/"
# What an empty form gets where its answer is another than a page or a way on.
EMPTY_FORM = {
    # It names no organization to switch to, which is as good as a foreign one.
    "organizations:organization_switch": {404},
    "organizations:organization_restore": {404},
    "roles:role_assign": {404},
    # Nobody looks on.
    "support:ask": {404},
    "support:stop": {404},
    # It signs out first.
    "join:switch_person": {302},
    "domains:join": {404},
    # Nobody is Stripe, and tests take no payments.
    "intake:stripe_event": {404},
    "invitations:accept_mine": {404},
    # Staff have announced nothing.
    "banners:banner_dismiss": {404},
    # Nobody has offered anything.
    "members:ownership_accept": {404},
    "members:ownership_decline": {404},
    # The only owner stays; everybody else is shown the way out.
    "members:member_leave": {302, 422},
}
FINE = {"GET": {200, 302}, "POST": {200, 204, 302, 422}}


def named(routes: list[Route]) -> list:
    return [pytest.param(route, id=route.name or route.address) for route in routes]


def sample_task(cast, home: str):
    return talked_about(cast, home)[0].pk


def talked_about(cast, home: str):
    """A task of an organization, and its owner."""
    organization = getattr(cast, home)
    owner = {"acme": cast.alice, "globex": cast.charlie}[home]
    with no_context(), tenant(organization, owner):
        return create_task(by=owner, title="Sample"), owner


def sample_comment(cast, home: str):
    task, owner = talked_about(cast, home)
    with no_context(), tenant(getattr(cast, home), owner):
        said = {"body": "Sample", "sent_as": uuid.uuid4()}
        return write_comment(task=task, by=owner, **said)[0].pk


def sample_file(cast, home: str):
    task, owner = talked_about(cast, home)
    with no_context(), tenant(getattr(cast, home), owner):
        sent = [upload("sample.png", picture())]
        return attach(task=task, by=owner, uploads=sent)[0].pk


def sample_number(cast, home: str):
    """A number that no task of another organization has."""
    organization = getattr(cast, home)
    owner = {"acme": cast.alice, "globex": cast.charlie}[home]
    with no_context(), tenant(organization, owner):
        number = {"acme": 1_000, "globex": 2_000}[home] + Task.objects.count()
        return Task.objects.create(number=number, title="S", created_by=owner).number


def sample_label(cast, home: str):
    with no_context(), tenant(getattr(cast, home)):
        return Label.objects.create(name="Sample").pk


def sample_change(cast, home: str):
    """A change of several tasks, which somebody may undo."""
    key = sample_task(cast, home)
    owner = {"acme": cast.alice, "globex": cast.charlie}[home]
    with no_context(), tenant(getattr(cast, home), owner):
        chosen = Selection.of([key], None)
        return edit_tasks(selection=chosen, by=owner, changes={"priority": 5}).pk


def sample_member(cast, home: str):
    newcomer = make_user(f"sample-{uuid.uuid4().hex[:8]}")
    return join(getattr(cast, home), newcomer, "member").pk


def sample_entry(cast, home: str):
    with no_context(), tenant(getattr(cast, home)):
        return AuditEntry.objects.first().pk


def sample_invitation(cast, home: str):
    organization = getattr(cast, home)
    with no_context(), tenant(organization):
        return Invitation.objects.create(
            email="sample@example.com", expires_at=timezone.now() + timedelta(days=1)
        ).pk


def sample_token(cast, home: str):
    organization = getattr(cast, home)
    with no_context(), tenant(organization):
        return make_link(
            organization=organization,
            by=None,
            role=Role.VIEWER,
            days=1,
            max_uses=1,
            allowed_domains=["nowhere.example"],
        )[1]


def sample_domain(cast, home: str):
    with no_context(), tenant(getattr(cast, home)):
        return OrganizationDomain.objects.create(domain=f"{home}.test").pk


def sample_wish(cast, home: str):
    with no_context(), tenant(getattr(cast, home)):
        return JoinRequest.objects.create(
            domain=OrganizationDomain.objects.create(domain=f"{home}.example"),
            user=cast.olga,
            name="Olga",
            email="olga@example.com",
        ).pk


def sample_team(cast, home: str):
    with no_context(), tenant(getattr(cast, home)):
        team = create_team(name="Sample", by=None)
        for row in Membership.objects.select_related("user"):
            add_to_team(team=team, member=row, by=None)
        return team.pk


def sample_image(cast, home: str):
    owner = {"acme": cast.alice, "globex": cast.charlie}[home]
    with no_context(), tenant(getattr(cast, home), owner):
        drawing = Drawing(b"full", b"thumbnail", 4, 3)
        return upload_image(drawing=drawing, name="Sample", by=owner).pk


def sample_role(cast, home: str):
    with no_context(), tenant(getattr(cast, home)):
        return CustomRole.objects.create(name="Sample", abilities=["tasks.view"]).pk


def sample_key(cast, home: str):
    owner = {"acme": cast.alice, "globex": cast.charlie}[home]
    with no_context(), tenant(getattr(cast, home), owner):
        may = {"scopes": ["tasks.view"], "expires_at": None}
        return create_key(name="Sample", by=owner, **may)[0].pk


def sample_import(cast, home: str):
    owner = {"acme": cast.alice, "globex": cast.charlie}[home]
    organization = getattr(cast, home)
    with no_context(), tenant(organization, owner):
        file = SimpleUploadedFile(
            "tasks.csv", b"Title,Status\nSample,nowhere\nB,done\n"
        )
        shape, rows = examine(file)
        waiting = bring(
            organization=organization, by=owner, file=file, shape=shape, rows=rows
        )
        mapping = {"columns": {"title": 0, "status": 1}}
        choose_mapping(waiting=waiting, by=owner, mapping=mapping)
        return waiting.pk


def sample_endpoint(cast, home: str):
    return a_webhook(cast, home)[0].pk


def sample_delivery(cast, home: str):
    return a_webhook(cast, home)[1].pk


def a_webhook(cast, home: str):
    """An endpoint of an organization, and something that waits to be sent there."""
    owner = {"acme": cast.alice, "globex": cast.charlie}[home]
    with no_context(), tenant(getattr(cast, home), owner):
        endpoint, _secret = create_endpoint(url="https://a.example/h", by=owner)
        return endpoint, send_test(endpoint=endpoint, by=owner)


def sample_organization(cast, home: str):
    return getattr(cast, home).slug


def sample_person(cast, home: str):
    """A person of an organization who has a picture."""
    user = make_user(f"face-{home}")
    join(getattr(cast, home), user, "member")
    with no_context(), identity():
        flows_of_people.change_picture(user=user, squares=SQUARES)
    return user.pk


def sample_owner(cast, home: str):
    """An organization that has a logo."""
    organization = getattr(cast, home)
    with no_context(), tenant(organization):
        change_logo(organization=organization, by=None, squares=SQUARES)
    return organization.pk


def sample_notification(cast, home: str):
    """What the owner was told."""
    owner = {"acme": cast.alice, "globex": cast.charlie}[home]
    with no_context(), tenant(getattr(cast, home)):
        made = Notification.objects.create(
            user=owner,
            event_id=uuid.uuid4(),
            subject_id=uuid.uuid4(),
            kind="mention",
            severity="normal",
            path="/tasks/",
        )
    return made.pk


def sample_way_out(cast, home: str):
    owner = {"acme": cast.alice, "globex": cast.charlie}[home]
    return token_for(getattr(cast, home).pk, owner.pk, "mention")


def sample_step(cast, home: str):
    """A step of the set-up, which is everybody's."""
    with no_context(), identity():
        return WelcomeStep.objects.get(kind="profile").pk


def sample_archive(cast, home: str):
    """An archive that is ready, whose file is elsewhere."""
    owner = {"acme": cast.alice, "globex": cast.charlie}[home]
    with no_context(), tenant(getattr(cast, home), owner):
        now = timezone.now()
        kept = {"finished_at": now, "expires_at": now + timedelta(days=7)}
        return Export.objects.create(asked_by=owner, file="gone.zip", **kept).pk


def no_banner(cast, home: str):
    """An id of none: staff alone write them, and tests/banners has what there are."""
    return uuid.uuid4()


# What makes the object that a route is about: by the name of its place in the
# address, or by the namespace.
SAMPLES = {
    "archives": sample_archive,
    "banners": no_banner,
    "notifications": sample_notification,
    "way_out": sample_way_out,
    "tasks": sample_task,
    "number": sample_number,
    "labels": sample_label,
    "task": sample_task,
    "comment": sample_comment,
    "file": sample_file,
    "changesets": sample_change,
    "imports": sample_import,
    "api": sample_key,
    "members": sample_member,
    "member": sample_member,
    "roles": sample_role,
    "audit": sample_entry,
    "events": sample_entry,
    "invitations": sample_invitation,
    "domains": sample_domain,
    "token": sample_token,
    "wish": sample_wish,
    "teams": sample_team,
    "gallery": sample_image,
    "organizations": sample_organization,
    "person": sample_person,
    "owner": sample_owner,
    "webhooks": sample_endpoint,
    "delivery": sample_delivery,
    "onboarding": sample_step,
}
ENTER, STRANGERS = "organizations:organization_enter", {"charlie", "olga", "nora"}
# Shown to whoever belongs to the same organization, whatever their role.
FACES = {"person", "owner"}
# The owner's own, and nobody else's in the organization.
PERSONAL = {"notifications"}
NOBODYS_NUMBER = 424_242
PLACE = re.compile(r"<\w+:(\w+)>")


def kind_of(route: Route) -> str:
    found = PLACE.search(route.address)
    name = found[1] if found else ""
    return name if name in SAMPLES else route.name.partition(":")[0]


def address(route: Route, key: object = None) -> str:
    if "<int:" in route.address and isinstance(key, uuid.UUID):
        key = NOBODYS_NUMBER
    return filled(route.address, key)


def filled(pattern: str, key: object) -> str:
    """Put an object's key into a pattern, and what the rest of it may be."""
    for place, value in ASIDE.items():
        pattern = pattern.replace(place, value)
    return re.sub(r"<[^>]+>", str(key), pattern)


@pytest.fixture
def client_of(cast, sign_in):
    def enter(actor: str) -> Client:
        if actor == "anonymous":
            return Client()
        home = {"charlie": cast.globex, "olga": None, "nora": None}
        return sign_in(getattr(cast, actor), home.get(actor, cast.acme))

    return enter


def is_sign_in(answer) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith(SIGN_IN)


def is_chooser(answer) -> bool:
    return answer.status_code == 302 and answer["Location"] == CHOOSER


def is_welcome(answer, route: Route, method: str) -> bool:
    if method == "POST" and route.name in EMPTY_FORM:
        return answer.status_code in EMPTY_FORM[route.name]
    turned_away = is_sign_in(answer) or is_chooser(answer)
    return answer.status_code in FINE[method] and not turned_away


def check(answer, route: Route, method: str, actor: str, may=None) -> bool:
    """Whether an answer is the one that the declaration asks for.

    `may` is what the actor may do, where no role of the four says it.
    """
    access = route.access[method]
    if access == "public":
        return is_welcome(answer, route, method)
    if actor == "anonymous":
        return is_sign_in(answer)
    if access == "signed in":
        inside = route.name == ENTER or kind_of(route) in FACES
        if inside and actor in STRANGERS:
            return answer.status_code == 404
        return is_welcome(answer, route, method)
    if actor in ("olga", "nora"):
        return is_chooser(answer)
    if access not in (may or abilities(ROLES.get(actor, "owner"))):
        return answer.status_code == 403
    if is_hidden(route, actor):
        return answer.status_code == 404
    return is_welcome(answer, route, method)


def is_hidden(route: Route, actor: str) -> bool:
    """Whether the object of a route is another organization's, or a colleague's own."""
    if route not in WITH_OBJECT:
        return False
    return actor == "charlie" or (kind_of(route) in PERSONAL and actor != "alice")


@pytest.mark.parametrize("route", named(ROUTES))
def test_every_route_says_who_may_call_it(route):
    assert route.elsewhere or route.access, f"{route.view} has no declaration"
    for access in route.access.values():
        assert access in {"public", "signed in", *ABILITIES}


@pytest.mark.parametrize("route", named(OURS))
def test_every_route_of_ours_is_named_and_says_its_methods(route):
    assert route.name.count(":") == 1
    assert route.methods
    assert set(route.methods) <= {"GET", "POST"}


@pytest.mark.parametrize("route", named(WITH_OBJECT))
def test_every_route_about_an_object_has_a_sample(route):
    assert kind_of(route) in SAMPLES
    assert filled(route.address, "").count("<") == 0
    assert route.address.count("<") - sum(map(route.address.count, ASIDE)) == 1


def undone(client: Client, method: str, where: str):
    """Send a request and take back whatever it did, so that the next finds the same."""
    cookies = SimpleCookie(client.cookies.output(header="", sep=";"))
    with transaction.atomic():
        answer = client.generic(method, where)
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


# cap 16, 21, 22, 33
@pytest.mark.parametrize("actor", ACTORS)
def test_each_person_gets_what_the_declarations_say(actor, cast, client_of):
    client, wrong = client_of(actor), []
    keys = {name: make(cast, "acme") for name, make in SAMPLES.items()}
    for route in OURS:
        where = address(route, keys.get(kind_of(route)))
        for method in route.methods:
            answer = undone(client, method, where)
            if not check(answer, route, method, actor):
                wrong.append((route.name, method, route.access[method], answer))
    assert wrong == []


# What a custom role holds, whatever it is built on.
CUSTOM = {
    "only sees tasks": ("admin", {"tasks.view"}),
    "sees and changes members": (
        "viewer",
        {*abilities("viewer"), "members.edit", "members.invite"},
    ),
}


# C1
@pytest.mark.parametrize(("base", "may"), CUSTOM.values(), ids=list(CUSTOM))
def test_a_custom_role_gets_what_the_declarations_say(base, may, cast, client_of):
    with no_context(), tenant(cast.acme):
        role = create_role(name="Custom", base=base, abilities=may, by=None)
        rows = Membership.objects.select_related("user")
        give_role(membership=rows.get(user=cast.bob), role=role, by=None)
    client, wrong = client_of("bob"), []
    keys = {name: make(cast, "acme") for name, make in SAMPLES.items()}
    for route in OURS:
        where = address(route, keys.get(kind_of(route)))
        for method in route.methods:
            answer = undone(client, method, where)
            if not check(answer, route, method, "bob", may):
                wrong.append((route.name, method, route.access[method], answer))
    assert wrong == []


@pytest.mark.parametrize("actor", ["anonymous", "vera", "alice"])
def test_other_methods_are_refused_to_everybody(actor, cast, client_of):
    client = client_of(actor)
    for route in OURS:
        for method in set(HTTP) - set(route.methods):
            answer = client.generic(method, address(route, uuid.uuid4()))
            assert answer.status_code == 405, (route.name, method)


# cap 31, 46
@pytest.mark.parametrize("actor", list(ROLES))
def test_foreign_objects_answer_exactly_like_missing_ones(actor, cast, client_of):
    client = client_of(actor)
    keys = {name: make(cast, "globex") for name, make in SAMPLES.items()}
    for route in WITH_OBJECT:
        open_to_all = not set(route.access.values()) & set(ABILITIES)
        if open_to_all and kind_of(route) not in FACES:
            continue
        foreign = keys[kind_of(route)]
        for method in route.methods:
            there = client.generic(method, address(route, foreign))
            missing = client.generic(method, address(route, uuid.uuid4()))
            access = route.access[method]
            allowed = access == "signed in" or access in abilities(ROLES[actor])
            assert there.status_code == (404 if allowed else 403), route.name
            assert there.status_code == missing.status_code
            assert not allowed or there.content == missing.content


@pytest.mark.parametrize("actor", ["vera", "bob"])
def test_a_suspended_member_is_shut_out_of_every_room(actor, cast, client_of):
    client = client_of(actor)
    with no_context(), tenant(cast.acme):
        membership = cast.acme.memberships.get(user=getattr(cast, actor))
        flows.suspend_member(membership=membership, by=None)
    for route in OURS:
        if set(route.access.values()) & {"public", "signed in"}:
            continue
        where = address(route, uuid.uuid4())
        for method in route.methods:
            assert is_chooser(client.generic(method, where)), route.name


SIGN_IN_PAGES = [route for route in ROUTES if route.elsewhere == "sign-in pages"]
CONSOLE = [route for route in ROUTES if route.elsewhere == "staff"]
HEALTH = [route for route in ROUTES if route.elsewhere == "public"]


@pytest.mark.parametrize("actor", ["anonymous", "bob"])
def test_sign_in_pages_answer_strangers_and_members(actor, client_of):
    client = client_of(actor)
    for route in SIGN_IN_PAGES:
        answer = client.get(address(route, "key"))
        assert answer.status_code in {200, 302, 401, 404, 405}, route.name


@pytest.mark.parametrize("actor", ["anonymous", "alice", "charlie", "nora"])
def test_the_console_is_closed_to_whoever_is_not_staff(actor, client_of):
    client = client_of(actor)
    for route in CONSOLE:
        where = re.sub(r"\(\?P<[^)]+\).*", "tasks/", address(route, uuid.uuid4()))
        answer = client.get(where.replace("^", ""))
        assert answer.status_code in {302, 403, 404}, where


@pytest.mark.parametrize("actor", ["anonymous", "bob"])
def test_health_is_told_to_everybody(actor, client_of):
    client = client_of(actor)
    for route in HEALTH:
        assert client.get(route.address).status_code == 200, route.name
