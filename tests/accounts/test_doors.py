"""Who may make an account: everybody, some domains, or nobody."""

import pytest
from django.core import mail

from accounts.models import User
from organizations.tenancy import identity
from tests.accounts.conftest import person
from tests.conftest import PASSWORD

OFFER = "Create an account"


def sign_up(client, email):
    values = {"first_name": "Zoe", "email": email, "password1": PASSWORD}
    return client.post("/accounts/signup/", values)


def people():
    with identity():
        return User.objects.count()


@pytest.fixture
def closed(settings):
    settings.SIGNUP_MODE = "closed"
    settings.ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False


@pytest.fixture
def ours_only(settings):
    settings.SIGNUP_MODE = "domains"
    settings.SIGNUP_DOMAINS = ["acme.example", "acme.test"]


def test_an_open_server_offers_an_account(visitor):
    for page in ("/", "/accounts/login/"):
        assert OFFER in visitor.get(page).content.decode()
    assert sign_up(visitor, "zoe@example.com").status_code == 302
    assert person("zoe@example.com")


def test_a_closed_server_offers_none(visitor, closed):
    for page in ("/", "/accounts/login/"):
        answer = visitor.get(page)
        assert answer.status_code == 200
        assert OFFER not in answer.content.decode()


def test_a_closed_server_says_whom_to_ask(visitor, closed):
    page = visitor.get("/accounts/signup/").content.decode()
    assert "Ask the people who run this server" in page
    assert "<input" not in page.partition("<main")[2]


def test_a_closed_server_makes_nobody(visitor, closed):
    assert "No new accounts" in sign_up(visitor, "zoe@example.com").content.decode()
    assert people() == 0
    assert mail.outbox == []


def test_a_closed_server_lets_its_people_in(visitor, alice, closed, log_in):
    assert log_in(visitor, alice.email)["Location"] == "/"


def test_a_closed_server_tells_strangers_nothing_by_mail(visitor, closed):
    known = visitor.post("/accounts/password/reset/", {"email": "who@example.com"})
    assert known.status_code == 302
    assert mail.outbox == []


@pytest.mark.parametrize("email", ["zoe@acme.example", "zoe@ACME.Test"])
def test_an_address_of_a_domain_of_ours_is_taken(visitor, ours_only, email):
    assert sign_up(visitor, email).status_code == 302
    assert person(email.lower())


@pytest.mark.parametrize(
    "email",
    [
        "zoe@example.com",
        "zoe@mail.acme.example",
        "zoe@evilacme.example",
        "zoe@acme.example.evil.test",
        '"zoe@acme.example"@evil.test',
    ],
)
def test_any_other_address_is_refused_and_kept_in_the_form(visitor, ours_only, email):
    answer = sign_up(visitor, email)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "This server takes addresses of acme.example, acme.test only." in page
    assert 'value="Zoe"' in page
    assert people() == 0
    assert mail.outbox == []


def test_a_known_address_elsewhere_is_refused_like_an_unknown_one(
    visitor, alice, ours_only
):
    answers = [sign_up(visitor, email) for email in (alice.email, "no@example.com")]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert mail.outbox == []
    assert people() == 1


def test_nobody_changes_to_an_address_elsewhere(proven, alice, ours_only):
    page = proven.post("/accounts/email/", {"action_add": "", "email": "a@evil.test"})
    assert "This server takes addresses of" in page.content.decode()
    assert person(alice.email)
    assert mail.outbox == []


def test_a_long_list_of_domains_is_cut_short(visitor, settings):
    settings.SIGNUP_MODE = "domains"
    settings.SIGNUP_DOMAINS = [f"{letter}.example" for letter in "abcde"]
    page = sign_up(visitor, "zoe@example.com").content.decode()
    assert "addresses of a.example, b.example, c.example and 2 others only." in page
