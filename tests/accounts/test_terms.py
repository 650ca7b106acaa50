"""The terms of the service: accepted once, asked again when they change."""

import pytest
from django.core import mail

from accounts.models import User
from organizations.tenancy import identity
from tests.accounts.conftest import is_signed_in, person, recorded
from tests.accounts.test_redirects import hostile, stays
from tests.conftest import PASSWORD

TERMS = "/accounts/terms/"
WHERE = "https://insula.example/terms"


@pytest.fixture
def terms(settings):
    settings.TERMS_URL, settings.TERMS_VERSION = WHERE, "2026-11"


def sign_up(client, **more):
    values = {"email": "zoe@example.com", "password1": PASSWORD, "first_name": "Zoe"}
    return client.post("/accounts/signup/", values | more)


def test_a_server_without_terms_asks_newcomers_for_none(visitor, db):
    assert 'name="terms"' not in visitor.get("/accounts/signup/").text
    sign_up(visitor)
    assert person("zoe@example.com").terms_version == ""


def test_a_server_without_terms_asks_its_people_for_none(at_home):
    assert at_home.get("/organizations/").status_code == 200
    assert at_home.get(f"{TERMS}?next=/tasks/")["Location"] == "/tasks/"
    assert at_home.post(TERMS, {"terms": "on"})["Location"] == "/"


def test_signing_up_shows_where_the_terms_stand(visitor, db, terms):
    page = visitor.get("/accounts/signup/").text
    assert f'href="{WHERE}"' in page
    assert 'name="terms"' in page


def test_nobody_signs_up_without_accepting(visitor, db, terms):
    answer = sign_up(visitor)
    assert "Read the terms and accept them" in answer.text
    assert 'value="zoe@example.com"' in answer.text
    with identity():
        assert not User.objects.exists()
    assert mail.outbox == []


def test_signing_up_keeps_which_terms_and_when(visitor, db, terms, code):
    assert sign_up(visitor, terms="on").status_code == 302
    zoe = person("zoe@example.com")
    assert zoe.terms_version == "2026-11"
    assert zoe.terms_accepted_at is not None
    [entry] = recorded(zoe, "user.signed_up")
    assert entry.after == {"email": "zoe@example.com", "terms": "2026-11"}
    visitor.post("/accounts/confirm-email/", {"code": code()})
    assert visitor.get("/organizations/").status_code == 200


def test_new_terms_are_asked_for_once_and_lead_on(at_home, alice, terms):
    wanted = "/organizations/?q=a"
    answer = at_home.get(wanted)
    assert answer["Location"] == f"{TERMS}?next=/organizations/%3Fq%3Da"
    page = at_home.get(answer["Location"]).text
    assert WHERE in page
    assert "Terms of use" in page
    answer = at_home.post(TERMS, {"terms": "on", "next": wanted})
    assert answer["Location"] == wanted
    assert at_home.get(wanted).status_code == 200
    assert person(alice.email).terms_version == "2026-11"
    [entry] = recorded(alice, "user.terms_accepted")
    assert (entry.before, entry.after) == ({"terms": ""}, {"terms": "2026-11"})


def test_changed_terms_are_called_changed(at_home, terms, settings):
    at_home.post(TERMS, {"terms": "on"})
    settings.TERMS_VERSION = "2027-01"
    assert at_home.get("/organizations/").status_code == 302
    assert "The terms have changed" in at_home.get(TERMS).text


def test_going_on_takes_accepting(at_home, alice, terms):
    answer = at_home.post(TERMS, {"next": "/tasks/"})
    assert answer.status_code == 422
    assert "Read the terms and accept them" in answer.text
    assert 'value="/tasks/"' in answer.text
    assert person(alice.email).terms_accepted_at is None
    assert recorded(alice, "user.terms_accepted") == []


@hostile
def test_the_way_on_stays_here(at_home, terms, target):
    assert stays(at_home.get(TERMS, {"next": target}))
    assert stays(at_home.post(TERMS, {"terms": "on", "next": target}))
    assert stays(at_home.get(TERMS, {"next": target}))


def test_what_is_sent_or_fetched_by_an_open_page_is_not_lost(at_home, terms):
    values = {"name": "Workshop", "slug": "workshop"}
    assert at_home.post("/organizations/new/", values)["Location"] != TERMS
    part = {"HX-Request": "true"}
    assert at_home.get("/organizations/", headers=part).status_code == 200
    picture = {"Sec-Fetch-Dest": "image"}
    assert at_home.get("/organizations/", headers=picture).status_code == 200
    document = {"Sec-Fetch-Dest": "document"}
    assert at_home.get("/organizations/", headers=document).status_code == 302


def test_who_does_not_accept_can_take_their_data_and_go(at_home, terms):
    assert at_home.get("/accounts/data/").status_code == 200
    assert at_home.get("/accounts/data/delete/").status_code == 200
    assert at_home.post("/accounts/logout/").status_code == 302
    assert not is_signed_in(at_home)


def test_visitors_are_asked_nothing(visitor, db, terms):
    assert visitor.get("/").status_code == 200
    assert visitor.get(TERMS)["Location"].startswith("/accounts/login/")
