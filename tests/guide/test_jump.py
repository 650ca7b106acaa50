"""The way to any page offers what opens for whoever asks, and nothing else."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from config.guide import places
from config.guide.places import ACCOUNT, OPEN, ORGANIZATION, STRANGERS, WORK
from config.routes import every_route
from organizations.permissions import ABILITIES, abilities
from organizations.roles.flows import create_role, give_role
from organizations.tenancy import identity, no_context, tenant
from tests.conftest import make_user
from tests.guide.conftest import HTMX, JUMP, links, offered, part
from tests.support.conftest import as_staff, look_on, olga  # noqa: F401
from tests.tasks.conftest import Board

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])
ROLES = {"alice": "owner", "adam": "admin", "bob": "member", "vera": "viewer"}
PAGES = (*WORK, *ORGANIZATION, *ACCOUNT, *STRANGERS, *OPEN)
# Pages whose frame leads on: the side bar and the menus, and the tabs of rooms.
FRAMES = (
    "/tasks/",
    "/organizations/members/",
    "/developers/keys/",
    "/accounts/profile/",
)
NAVIGATION = {
    'class="nav"': "</nav>",
    'class="tabs"': "</nav>",
    'class="side-tabs"': "</nav>",
    'id="account"': "<form",
    'id="organizations"': 'id="account"',
}


@pytest.fixture
def everybody(cast, sign_in):
    return {name: sign_in(getattr(cast, name)) for name in ROLES}


@pytest.fixture
def board(cast):
    return Board(cast.acme, cast.alice)


def hrefs(answer):
    return set(offered(answer).values())


def drawn_links(client):
    """Return the links of the frame of pages that somebody may open."""
    found = set()
    for address in FRAMES:
        page = client.get(address)
        if page.status_code == 200:
            for mark, end in NAVIGATION.items():
                for piece in page.text.split(mark)[1:]:
                    found |= set(links(piece.partition(end)[0]).values())
    return {each for each in found if each.startswith("/") and "?" not in each}


# cap 82
@pytest.mark.parametrize("name", ROLES)
def test_whatever_the_frame_leads_to_is_offered(everybody, name):
    client = everybody[name]
    own = drawn_links(client)
    assert len(own) > 15
    assert own - hrefs(client.get(JUMP)) == set()


# cap 82
@pytest.mark.parametrize("name", ROLES)
def test_every_page_that_is_offered_opens(everybody, name):
    client = everybody[name]
    offers = offered(client.get(JUMP))
    refused = {
        title: status
        for title, address in offers.items()
        if (status := client.get(address).status_code) != 200
    }
    assert len(offers) > 20
    assert refused == {}


@pytest.mark.parametrize("name", ROLES)
def test_a_page_is_offered_if_its_view_lets_one_in(everybody, name):
    offers = hrefs(everybody[name].get(JUMP))
    own = abilities(ROLES[name])
    for page, _title in (*WORK, *ORGANIZATION):
        needed = places.access_of(page)
        assert needed in ABILITIES or needed == places.SIGNED_IN
        opens = needed not in ABILITIES or needed in own
        assert (reverse(page) in offers) is opens, page


def test_every_page_of_the_list_declares_who_may_open_it():
    declared = {route.name: route for route in every_route()}
    for name, _title in PAGES:
        route = declared[name]
        assert "GET" in route.methods, name
        assert "<" not in route.address, name
        assert places.access_of(name) == route.access.get("GET", places.access_of(name))
        assert places.access_of(name), name


def test_no_page_is_listed_twice():
    names = [name for name, _title in PAGES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("access", "stranger", "person", "viewer"),
    [
        ("public", True, True, True),
        ("signed in", False, True, True),
        ("tasks.view", False, False, True),
        ("tasks.edit", False, False, False),
        ("", False, False, False),
        ("staff", False, False, False),
        ("nobody", False, False, False),
    ],
)
def test_a_declaration_opens_for_whom_it_names(rf, access, stranger, person, viewer):
    request = rf.get(JUMP)
    for user, granted, opens in (
        (Client().get, (), stranger),
        (User(email="a@example.com"), (), person),
        (User(email="a@example.com"), abilities("viewer"), viewer),
    ):
        request.user = user if isinstance(user, User) else Stranger()
        request.abilities = frozenset(granted)
        assert places.opens(access, request) is opens


class Stranger:
    is_authenticated = False


def test_strangers_get_what_is_public_and_the_way_in(db):
    offers = offered(Client().get(JUMP))
    assert offers == {
        "About Insula": "/",
        "Sign in": "/accounts/login/",
        "Create an account": "/accounts/signup/",
        "Docs": "/docs/",
        "Pricing": "/pricing/",
        "API reference": "/api/v1/docs",
    }
    for address in offers.values():
        assert Client().get(address).status_code == 200


def test_a_closed_server_offers_no_new_account(db, settings):
    settings.SIGNUP_MODE = "closed"
    assert "/accounts/signup/" not in hrefs(Client().get(JUMP))


def test_somebody_without_an_organization_gets_their_account(sign_in, cast):
    lone = sign_in(make_user("lone"))
    offers = hrefs(lone.get(JUMP))
    assert {"/accounts/profile/", "/organizations/new/", "/docs/"} <= offers
    assert not {"/tasks/", "/organizations/members/", "/billing/"} & offers
    assert "/accounts/login/" not in offers


def test_a_role_of_ones_own_decides(cast, as_bob, as_alice):
    with no_context(), tenant(cast.acme, cast.alice):
        may = ["tasks.view", "organization.view", "members.view", "webhooks.edit"]
        role = create_role(name="Fitter", base="viewer", abilities=may, by=cast.alice)
        member = cast.acme.memberships.get(user=cast.bob)
        give_role(membership=member, role=role, by=cast.alice)
    offers = hrefs(as_bob.get(JUMP))
    assert "/developers/webhooks/" in offers
    assert not {"/tasks/new/", "/developers/keys/", "/gallery/"} & offers


def test_staff_who_look_on_get_what_the_person_gets(as_staff, as_alice):
    assert hrefs(as_staff.get(JUMP)) == hrefs(as_alice.get(JUMP))
    assert as_staff.get(JUMP, {"q": "boa"}).status_code == 200


def test_staff_get_the_console_and_others_do_not(as_olga, as_alice):
    assert "/admin/" in hrefs(as_olga.get(JUMP))
    assert "/admin/" not in hrefs(as_alice.get(JUMP))


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("boa", "Board"),
        ("BOARD", "Board"),
        ("audit", "Audit log"),
        ("log audit", "Audit log"),
        ("new t", "New task"),
        ("2 zebra", None),
        ("zebra", None),
        ("%", None),
        ("🙂", None),
    ],
)
def test_a_few_letters_find_a_page(as_alice, typed, first):
    answer = as_alice.get(JUMP, {"q": typed})
    assert answer.status_code == 200
    assert next(iter(offered(answer)), None) == first
    assert ("No page fits these words" in answer.text) is (first is None)


def test_what_was_typed_is_kept_and_is_text(as_bob):
    answer = as_bob.get(JUMP, {"q": 'a"><b>'})
    assert 'value="a&quot;&gt;&lt;b&gt;"' in answer.text
    assert 'data-words="a&quot;&gt;&lt;b&gt;"' in answer.text
    assert "<b>" not in part(answer.text, "<main", "</main>")


def test_how_much_fits_is_told(as_alice):
    answer = as_alice.get(JUMP, {"q": "owners"})
    assert len(offered(answer)) > 1
    assert f"{len(offered(answer))} pages fit" in answer.text
    assert "0 pages fit" in as_alice.get(JUMP, {"q": "zebra"}).text


def test_tasks_are_found_by_number_and_words(as_bob, board):
    task = board.add("Order the winter tyres")
    page = f"/tasks/{task.pk}/"
    for typed in (str(task.number), f"acme-{task.number}", "winter tyr"):
        offers = offered(as_bob.get(JUMP, {"q": typed}))
        assert page in offers.values(), typed
    title = next(title for title, address in offers.items() if address == page)
    assert title.endswith(f"-{task.number} Order the winter tyres")
    assert as_bob.get(page).status_code == 200


def test_few_tasks_are_offered_and_none_unasked(as_bob, board):
    for number in range(8):
        board.add(f"Winter {number}")
    tasks = [each for each in hrefs(as_bob.get(JUMP, {"q": "winter"})) if "-" in each]
    assert len([each for each in tasks if each.startswith("/tasks/0")]) == 5
    assert not [each for each in hrefs(as_bob.get(JUMP)) if each.startswith("/tasks/0")]


def test_tasks_of_others_are_not_found(cast, as_charlie, board):
    board.add("Order the winter tyres")
    answer = as_charlie.get(JUMP, {"q": "winter"})
    assert "winter tyres" not in answer.text
    assert "No page fits these words" in answer.text


def test_who_may_not_see_tasks_finds_none(cast, as_bob, board):
    board.add("Order the winter tyres")
    with no_context(), tenant(cast.acme, cast.alice):
        may = ["organization.view", "members.view"]
        role = create_role(name="Porter", base="viewer", abilities=may, by=cast.alice)
        member = cast.acme.memberships.get(user=cast.bob)
        give_role(membership=member, role=role, by=cast.alice)
    answer = as_bob.get(JUMP, {"q": "winter"})
    assert answer.status_code == 200
    assert "winter tyres" not in answer.text


def test_articles_are_offered_once_each(as_bob):
    offers = offered(as_bob.get(JUMP, {"q": "webhook"}))
    found = [each.partition("#")[0] for each in offers.values() if "/docs/" in each]
    assert "/docs/webhooks/" in found
    assert len(set(found)) == len(found) <= 5
    strangers = hrefs(Client().get(JUMP, {"q": "webhook"}))
    assert "/docs/webhooks/" in strangers


def test_german_pages_are_found_by_german_words(cast, as_alice, speaks):
    speaks(cast.alice, "de")
    offers = offered(as_alice.get(JUMP, {"q": "papierk"}))
    assert offers["Papierkorb"] == "/tasks/trash/"
    assert "Mitglieder" in offered(as_alice.get(JUMP))


def test_htmx_gets_the_dialog_and_then_what_it_found(as_bob):
    dialog = as_bob.get(JUMP, headers=HTMX).text
    assert dialog.strip().startswith("<dialog")
    assert 'id="jump-said"' in dialog
    assert "<html" not in dialog
    narrowed = HTMX | {"HX-Target": "jump-found"}
    found = as_bob.get(JUMP, {"q": "boa"}, headers=narrowed).text
    assert found.strip().startswith('<div class="jump-found" id="jump-found"')
    assert "<dialog" not in found
    assert "/tasks/board/" in found


def test_the_way_is_drawn_into_every_frame(as_bob, client):
    for page in (as_bob.get("/tasks/"), client.get("/"), client.get("/docs/roles/")):
        assert 'href="/jump/"' in page.text
        assert 'data-hotkey="Ctrl+k"' in page.text
        assert 'aria-keyshortcuts="Control+K Meta+K"' in page.text


def test_looking_for_pages_changes_nothing(cast, as_bob):
    with identity():
        before = User.objects.filter(pk=cast.bob.pk).values().get()
    as_bob.get(JUMP, {"q": "boa"})
    with identity():
        assert User.objects.filter(pk=cast.bob.pk).values().get() == before
    assert as_bob.post(JUMP).status_code == 405
