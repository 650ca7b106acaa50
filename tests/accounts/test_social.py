import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core import mail
from django.test import Client

from accounts.models import User
from config.env import WrongSetting
from organizations.tenancy import identity
from tests.accounts.conftest import change, is_signed_in, person, recorded
from tests.accounts.factors import STEP, prove, set_up_app
from tests.accounts.issuer import running
from tests.security.test_settings import production

LOGIN = "/accounts/oidc/house/login/"
CALLBACK = f"{LOGIN}callback/"
CONNECTED = "/accounts/connected/"
TARGET = re.compile(r'<a class="btn primary[^"]*" href="([^"]+)"')


@pytest.fixture
def issuer(settings):
    with running() as found:
        app = {
            "provider_id": "house",
            "name": "House",
            "client_id": "insula",
            "secret": "a secret of the two",
            "settings": {"server_url": found.url},
        }
        known = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
        settings.SOCIALACCOUNT_PROVIDERS = known
        yield found


def leave(client, **query):
    """Press the button, and return where the page in between goes on to."""
    answer = client.post(LOGIN, query_params={"process": "login"} | query)
    assert answer.status_code == 200
    return unescape(TARGET.search(answer.text)[1])


def come_back(client, target, **changed):
    state = parse_qs(urlsplit(target).query)["state"][0]
    return client.get(CALLBACK, {"code": "a-code", "state": state} | changed)


def through(client, **query):
    return come_back(client, leave(client, **query))


def accounts():
    with identity():
        return list(SocialAccount.objects.values_list("user__email", "provider", "uid"))


def test_no_provider_means_no_buttons_and_no_way(visitor, alice, db):
    for page in ("/accounts/login/", "/accounts/signup/"):
        assert "Continue with" not in visitor.get(page).text
    for provider in ("google", "github", "oidc/house"):
        assert visitor.post(f"/accounts/{provider}/login/").status_code == 404
        assert visitor.get(f"/accounts/{provider}/login/callback/").status_code == 404


def test_a_provider_of_the_settings_has_its_buttons(visitor, issuer, db):
    for page in ("/accounts/login/", "/accounts/signup/"):
        assert "Continue with House" in visitor.get(page).text


def test_the_way_out_is_a_page_and_carries_a_challenge(visitor, issuer, db):
    target = urlsplit(leave(visitor))
    query = parse_qs(target.query)
    assert f"{target.scheme}://{target.netloc}" == issuer.url
    assert query["client_id"] == ["insula"]
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == [f"http://testserver{CALLBACK}"]


# cap 10
def test_a_newcomer_signs_up_with_a_proven_address(visitor, issuer, db):
    assert through(visitor, next="/tasks/")["Location"] == "/tasks/"
    assert is_signed_in(visitor)
    zoe = person("zoe@example.com")
    assert (zoe.first_name, zoe.last_name) == ("Zoe", "Elsewhere")
    assert zoe.email_verified
    assert not zoe.has_usable_password()
    assert accounts() == [("zoe@example.com", "house", "person-1")]
    [entry] = recorded(zoe, "user.signed_up")
    assert entry.after == {"email": "zoe@example.com", "provider": "house"}
    assert len(recorded(zoe, "user.signed_in")) == 1
    assert "code_verifier" in issuer.asked[0]
    with identity():
        assert not SocialToken.objects.exists()


def test_the_second_time_it_is_the_same_person(issuer, db):
    through(Client())
    again = Client()
    through(again)
    assert is_signed_in(again)
    with identity():
        assert User.objects.count() == 1


@pytest.mark.parametrize("claim", [False, None, "true", "false", 1, []])
def test_an_unproven_address_takes_a_code_first(visitor, issuer, db, code, claim):
    issuer.person["email_verified"] = claim
    assert through(visitor)["Location"] == "/accounts/confirm-email/"
    assert not is_signed_in(visitor)
    assert not person("zoe@example.com").email_verified
    visitor.post("/accounts/confirm-email/", {"code": code()})
    assert is_signed_in(visitor)


def test_an_account_is_linked_when_both_sides_proved_the_address(
    visitor, issuer, alice
):
    issuer.person["email"] = "Alice@Example.com"
    through(visitor)
    assert is_signed_in(visitor)
    assert accounts() == [("alice@example.com", "house", "person-1")]
    assert person(alice.email).has_usable_password()
    [entry] = recorded(alice, "user.account_connected")
    assert entry.after == {"provider": "house", "account": "person-1"}
    assert mail.outbox[-1].subject == "Account connected"


@pytest.mark.parametrize("claim", [False, "true", None])
def test_no_account_is_linked_on_the_providers_bare_word(visitor, issuer, alice, claim):
    issuer.person |= {"email": alice.email, "email_verified": claim}
    through(visitor)
    assert not is_signed_in(visitor)
    assert accounts() == []


def test_no_account_is_linked_whose_own_address_is_unproven(visitor, issuer, alice):
    with identity():
        EmailAddress.objects.update(verified=False)
    issuer.person["email"] = alice.email
    through(visitor)
    assert not is_signed_in(visitor)
    assert accounts() == []


def test_a_second_step_is_asked_for_all_the_same(issuer, proven, alice):
    set_up_app(proven)
    issuer.person["email"] = alice.email
    other = Client()
    assert through(other)["Location"] == STEP
    assert not is_signed_in(other)


def test_a_banned_person_stays_outside(visitor, issuer, alice):
    issuer.person["email"] = alice.email
    change(alice, banned=True)
    assert through(visitor)["Location"] == "/accounts/inactive/"
    assert not is_signed_in(visitor)


@pytest.mark.parametrize(
    ("mode", "domains", "opens"),
    [
        ("open", [], True),
        ("closed", [], False),
        ("invited", [], False),
        ("domains", ["example.com"], True),
        ("domains", ["ours.example"], False),
    ],
)
def test_the_door_holds_for_them_too(
    visitor, issuer, settings, db, mode, domains, opens
):
    settings.SIGNUP_MODE, settings.SIGNUP_DOMAINS = mode, domains
    through(visitor)
    assert is_signed_in(visitor) == opens
    with identity():
        assert User.objects.exists() == opens


def test_without_an_address_one_is_asked_for_at_the_same_door(
    visitor, issuer, settings, db
):
    settings.SIGNUP_MODE, settings.SIGNUP_DOMAINS = "domains", ["ours.example"]
    del issuer.person["email"]
    form = through(visitor)["Location"]
    assert "Which e-mail address" in visitor.get(form).text
    answer = visitor.post(form, {"email": "zoe@example.com"})
    assert "takes addresses of ours.example only" in answer.text
    visitor.post(form, {"email": "zoe@ours.example"})
    assert not person("zoe@ours.example").email_verified


@pytest.mark.parametrize(
    "facts",
    [{}, {"sub": None}, [], "text", None, {"sub": "x" * 500}, {"sub": {"a": 1}}],
)
def test_a_senseless_answer_signs_nobody_in(visitor, issuer, db, facts):
    issuer.person = facts
    answer = through(visitor)
    assert answer.status_code in {302, 401}
    assert not is_signed_in(visitor)


def test_odd_names_are_taken_as_far_as_they_go(visitor, issuer, db):
    issuer.person |= {"given_name": "x" * 999, "family_name": "a\0b\u202e"}
    through(visitor)
    assert is_signed_in(visitor)
    assert len(person("zoe@example.com").first_name) == 100


def test_a_refused_code_a_cancel_and_a_foreign_state_are_said(visitor, issuer, db):
    issuer.refuses = True
    assert through(visitor).status_code == 401
    target = leave(visitor)
    assert come_back(visitor, target, state="another").status_code == 401
    answer = come_back(visitor, leave(visitor), error="access_denied")
    assert "You stopped half-way" in visitor.get(answer["Location"]).text
    assert not is_signed_in(visitor)


def test_an_account_is_connected_and_disconnected(proven, issuer, alice):
    through(proven, process="connect")
    page = proven.get(CONNECTED).text
    assert "House" in page
    with identity():
        account = SocialAccount.objects.get(user=alice)
    answer = proven.post(CONNECTED, {"account": account.pk})
    assert answer["Location"] == CONNECTED
    assert accounts() == []
    [entry] = recorded(alice, "user.account_disconnected")
    assert entry.before == {"provider": "house", "account": "person-1"}
    assert mail.outbox[-1].subject == "Account disconnected"


def test_connecting_asks_for_proof_first(at_home, issuer, alice):
    answer = through(at_home, process="connect")
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert accounts() == []


def test_the_last_way_to_sign_in_stays(visitor, issuer, db):
    through(visitor)
    with identity():
        account = SocialAccount.objects.get()
    answer = visitor.post(CONNECTED, {"account": account.pk})
    assert "It is your last way to sign in" in answer.text
    assert len(accounts()) == 1


def test_nobody_disconnects_the_account_of_another(issuer, visitor, alice, log_in):
    through(visitor)
    with identity():
        account = SocialAccount.objects.get()
    other = Client()
    log_in(other, alice.email)
    prove(other)
    for key in (account.pk, 10**9, "x"):
        assert other.post(CONNECTED, {"account": key}).status_code == 200
    assert len(accounts()) == 1


def test_an_account_of_somebody_else_is_not_taken_over(proven, issuer, alice):
    through(Client())
    answer = through(proven, process="connect")
    assert "It belongs to another account here" in proven.get(answer["Location"]).text
    assert accounts() == [("zoe@example.com", "house", "person-1")]


@pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example/"])
def test_signing_in_so_leads_to_no_other_host(visitor, issuer, db, page):
    assert through(visitor, next=page)["Location"] == "/"


def test_providers_come_from_the_environment(monkeypatch):
    found = production(
        monkeypatch,
        GOOGLE_CLIENT_ID="g",
        GOOGLE_CLIENT_SECRET="long enough",
        OIDC_ISSUER="https://id.example",
        OIDC_CLIENT_ID="o",
        OIDC_CLIENT_SECRET="long enough",
        OIDC_NAME="Our house",
    )["SOCIALACCOUNT_PROVIDERS"]
    assert set(found) == {"google", "openid_connect"}
    [house] = found["openid_connect"]["APPS"]
    assert house["name"] == "Our house"
    assert house["settings"] == {"server_url": "https://id.example"}
    assert production(monkeypatch)["SOCIALACCOUNT_PROVIDERS"] == {}


@pytest.mark.parametrize(
    "given",
    [
        {"GOOGLE_CLIENT_ID": "g"},
        {"GITHUB_CLIENT_SECRET": "long enough"},
        {"OIDC_ISSUER": "https://id.example"},
        {"OIDC_CLIENT_ID": "o", "OIDC_CLIENT_SECRET": "long enough"},
        {"OIDC_ISSUER": "id.example"},
    ],
)
def test_half_a_provider_ends_the_start(monkeypatch, given):
    with pytest.raises(WrongSetting):
        production(monkeypatch, **given)


@pytest.mark.parametrize(
    ("provider", "host", "claims"),
    [
        ("google", "https://accounts.google.com/", {"email"}),
        ("github", "https://github.com/login/oauth/authorize", {"user:email"}),
    ],
)
def test_the_known_providers_are_gone_on_to(
    visitor, settings, db, provider, host, claims
):
    app = {"client_id": "ours", "secret": "a secret of the two"}
    settings.SOCIALACCOUNT_PROVIDERS = {
        provider: {"APPS": [app], "OAUTH_PKCE_ENABLED": True}
    }
    answer = visitor.post(f"/accounts/{provider}/login/")
    target = unescape(TARGET.search(answer.text)[1])
    assert target.startswith(host)
    query = parse_qs(urlsplit(target).query)
    assert query["client_id"] == ["ours"]
    assert claims <= set(query["scope"][0].split())
    assert "form-action 'self'" in answer["Content-Security-Policy"]


def test_a_link_alone_starts_nothing(visitor, issuer, db):
    answer = visitor.get(LOGIN)
    assert answer.status_code == 200
    assert "Continue with House" in answer.text
    assert issuer.url not in answer.text


def test_the_providers_stand_on_the_security_page_only_where_there_are_any(
    at_home, settings
):
    assert "Connected accounts" not in at_home.get("/accounts/2fa/").text
    app = {"client_id": "ours", "secret": "a secret of the two"}
    settings.SOCIALACCOUNT_PROVIDERS = {"google": {"APPS": [app]}}
    assert "Connected accounts" in at_home.get("/accounts/2fa/").text
    assert "Connect Google" in at_home.get(CONNECTED).text


def test_of_what_a_provider_tells_only_names_are_kept(visitor, issuer, db):
    issuer.person |= {"preferred_username": "zoe", "phone_number": "123", "x": [1]}
    through(visitor)
    with identity():
        kept = SocialAccount.objects.get().extra_data
    assert kept == {"email": "zoe@example.com", "preferred_username": "zoe"}
