"""German for whoever wants it: pages, forms, numbers, mails, and not the API."""

import zipfile
from datetime import date
from io import BytesIO

import pytest
from django.core import mail
from django.utils import translation
from django.utils.translation import ngettext

from billing.money import money
from organizations.api.forms import ON, ExpiryForm
from organizations.invitations.flows import invite
from organizations.limits.words import grouped, size_words
from organizations.models import Role
from organizations.personal.archive import write
from organizations.tenancy import identity, no_context, tenant

ORGANIZATIONS = "/organizations/"
GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


def speaks(person, language):
    with identity():
        person.language = language
        person.save(update_fields=["language"])


@pytest.mark.parametrize(
    ("asked", "spoken", "said"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de", "Anmelden"),
        ("en-GB,de;q=0.5", "en", "Sign in"),
        ("fr,it;q=0.8", "en", "Sign in"),
        ("", "en", "Sign in"),
    ],
)
def test_a_guests_browser_chooses_and_else_it_is_english(
    client, db, asked, spoken, said
):
    answer = client.get("/accounts/login/", headers={"Accept-Language": asked})
    assert answer["Content-Language"] == spoken
    assert "Accept-Language" in answer["Vary"]
    assert f'<html lang="{spoken}"' in answer.text
    assert said in answer.text


@pytest.mark.parametrize(("language", "said"), [("de", "Aufgaben"), ("en", "Tasks")])
def test_a_person_chooses_and_not_their_browser(cast, as_alice, language, said):
    speaks(cast.alice, language)
    other = {"de": "en", "en": "de"}[language]
    answer = as_alice.get("/tasks/", headers={"Accept-Language": other})
    assert answer["Content-Language"] == language
    assert f'<html lang="{language}"' in answer.text
    assert said in answer.text


def test_pages_that_are_drawn_once_are_drawn_once_for_each_language(
    cast, as_alice, as_bob
):
    speaks(cast.alice, "de")
    for _ in range(2):
        assert "Neue Aufgabe" in as_alice.get("/tasks/").text
        assert "New task" in as_bob.get("/tasks/").text
        assert "Zu erledigen" in as_alice.get("/tasks/board/").text
        assert "To do" in as_bob.get("/tasks/board/").text


def test_an_error_page_speaks_german(cast, as_alice):
    speaks(cast.alice, "de")
    answer = as_alice.get("/tasks/nowhere/")
    assert answer.status_code == 404
    assert "Hier ist nichts" in answer.text


def test_a_form_says_in_german_what_is_wrong(cast, as_alice):
    speaks(cast.alice, "de")
    answer = as_alice.post("/accounts/profile/", {"language": "tlh"})
    assert answer.status_code == 422
    assert "tlh ist keine gültige Auswahl" in answer.text
    answer = as_alice.post(f"{ORGANIZATIONS}new/", {"name": "Zweite", "slug": "Ä!"})
    assert "Nur Kleinbuchstaben, Ziffern und einzelne Bindestriche." in answer.text


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 Aufgaben"), (1, "1 Aufgabe"), (2, "2 Aufgaben")]
)
def test_german_has_a_singular_and_a_plural(count, said):
    with translation.override("de"):
        assert ngettext("%(n)s task", "%(n)s tasks", count) % {"n": count} == said


@pytest.mark.parametrize(
    ("cents", "exact", "english", "german"),
    [
        (123_450, False, "€1,234.50", "1.234,50\xa0€"),
        (1_200, False, "€12", "12\xa0€"),
        (1_200, True, "€12.00", "12,00\xa0€"),
        (-1_200, False, "-€12", "-12\xa0€"),
    ],
)
def test_money_has_its_sign_where_it_belongs(cents, exact, english, german):
    assert money(cents, "eur", exact=exact) == english
    with translation.override("de"):
        assert money(cents, "eur", exact=exact) == german


def test_numbers_have_their_point_and_comma():
    with translation.override("de"):
        assert grouped(1_234_567) == "1.234.567"
        assert size_words(3_200_000) == "3,2 MB"


def test_a_day_in_a_form_is_as_browsers_have_it():
    with translation.override("de"):
        form = ExpiryForm(initial={"expires_on": date(2026, 1, 31)})
        assert 'value="2026-01-31"' in str(form["expires_on"])
        said = str(ExpiryForm({"expires": ON, "expires_on": "31.1.2020"}).errors)
    assert "Wählen Sie einen Tag ab heute" in said


def test_an_invitation_speaks_the_organizations_language(cast, as_alice, run_jobs):
    chosen = {"theme": "system", "email": "on", "language": "de"}
    as_alice.post(f"{ORGANIZATIONS}settings/preferences/", chosen)
    with no_context(), tenant(cast.acme, cast.alice):
        invite(
            organization=cast.acme,
            by=cast.alice,
            entries=["zoe@example.com"],
            role=Role.MEMBER,
        )
    run_jobs()
    [message] = [one for one in mail.outbox if one.to == ["zoe@example.com"]]
    assert message.subject == "Alice Example lädt Sie zu Acme ein"


def test_the_copy_of_ones_data_explains_itself_in_ones_language(cast):
    speaks(cast.alice, "de")
    made = BytesIO()
    with no_context(), identity():
        write(cast.alice, made)
    with zipfile.ZipFile(made) as file:
        assert "Was Insula über Alice Example" in file.read("README.txt").decode()


def test_the_api_stays_english_whatever_a_browser_asks_for(cast, as_alice):
    speaks(cast.alice, "de")
    answer = as_alice.get("/api/v1/docs", headers=GERMAN)
    assert answer["Content-Language"] == "en"
    assert '<html lang="en"' in answer.text
    refused = as_alice.get("/api/v1/tasks", headers=GERMAN)
    assert refused.status_code == 401
    assert refused["Content-Language"] == "en"
