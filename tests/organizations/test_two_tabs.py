import re

import pytest

from config.settings import BASE_DIR
from tests.conftest import join
from tests.history import entries

SETTINGS = "/organizations/settings/"
MEMBERS = "/organizations/members/"
FACTS = {"name": "Renamed", "slug": "acme", "task_prefix": "ACME", "theme": "system"}


@pytest.fixture
def as_alice_in_globex(as_alice, cast):
    """Alice, owner of both, whose other tab has switched to Globex."""
    join(cast.globex, cast.alice, "owner")
    as_alice.post("/organizations/switch/", {"organization": cast.globex.pk})
    return as_alice


def test_a_form_of_the_organization_left_is_refused(as_alice_in_globex, cast):
    answer = as_alice_in_globex.post(SETTINGS, FACTS | {"organization": cast.acme.pk})
    assert answer.status_code == 409
    assert "You now work in Globex" in answer.text
    assert "opened in Acme" in answer.text
    for organization in (cast.acme, cast.globex):
        assert entries(organization, "organization.changed") == []


def test_a_form_of_the_active_organization_is_taken(as_alice_in_globex, cast):
    facts = FACTS | {"organization": cast.globex.pk, "slug": "globex"}
    assert as_alice_in_globex.post(SETTINGS, facts).status_code == 302
    assert len(entries(cast.globex, "organization.changed")) == 1


@pytest.mark.parametrize(
    "claimed", ["nonsense", "5f0e8a52-52a1-4c0e-8d61-0f5b3f7c9a10"]
)
def test_an_unknown_organization_is_refused_without_a_name(as_alice, claimed):
    answer = as_alice.post(SETTINGS, FACTS | {"organization": claimed})
    assert answer.status_code == 409
    assert "opened in another organization" in answer.text


def test_the_name_of_a_strangers_organization_is_not_told(as_alice, cast):
    answer = as_alice.post(SETTINGS, FACTS | {"organization": cast.globex.pk})
    assert answer.status_code == 409
    assert "Globex" not in answer.text


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_part_of_the_page_left_is_refused_with_a_toast(
    as_alice_in_globex, cast, method
):
    headers = {"hx-request": "true", "x-organization": str(cast.acme.pk)}
    path = {"get": MEMBERS, "post": SETTINGS}[method]
    answer = getattr(as_alice_in_globex, method)(path, headers=headers)
    assert answer.status_code == 409
    assert "You now work in Globex" in answer["HX-Trigger"]
    assert answer.content == b""


def test_pages_name_their_organization_for_their_scripts(as_alice, cast):
    assert f'"X-Organization": "{cast.acme.pk}"' in as_alice.get(MEMBERS).text


def test_a_page_opened_before_any_choice_claims_nothing(as_alice):
    headers = {"hx-request": "true", "x-organization": ""}
    assert as_alice.get(MEMBERS, headers=headers).status_code == 200


def test_a_part_asked_for_after_signing_out_sends_the_page_to_sign_in(client, db):
    headers = {
        "hx-request": "true",
        "hx-current-url": f"http://testserver{MEMBERS}?q=a",
    }
    answer = client.get(MEMBERS, headers=headers)
    assert answer["HX-Redirect"] == (
        "/accounts/login/?next=/organizations/members/%3Fq%3Da"
    )


def test_a_part_asked_for_without_an_organization_sends_the_page_to_the_list(as_nora):
    answer = as_nora.get(MEMBERS, headers={"hx-request": "true"})
    assert answer["HX-Redirect"] == "/organizations/"


def test_a_strange_page_address_is_not_a_way_out(client, db):
    headers = {"hx-request": "true", "hx-current-url": "https://evil.example/x"}
    answer = client.get(MEMBERS, headers=headers)
    assert "evil" not in answer["HX-Redirect"]


def test_a_task_is_not_made_in_the_organization_of_another_tab(
    as_alice_in_globex, cast
):
    values = {"title": "Secret of Acme", "organization": cast.acme.pk}
    answer = as_alice_in_globex.post("/tasks/new/", values)
    assert answer.status_code == 409
    assert entries(cast.globex, "task.created") == []


# Forms that work whatever organization is active, and the search, which changes nothing.
ANYWHERE = {
    "deleted_list.html",
    "organization_restore.html",
    "organization_changed.html",
    "organization_create.html",
    "organization_list.html",
}
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)


@pytest.mark.parametrize(
    "folder", ["audit", "members", "organizations", "roles", "tasks", "teams"]
)
def test_every_form_of_an_organizations_page_names_it(folder):
    for page in (BASE_DIR / "templates" / folder).glob("*.html"):
        for form in FORM.findall(page.read_text()):
            if 'method="post"' in form and page.name not in ANYWHERE:
                assert "organization_field.html" in form, page.name


def test_every_form_on_a_page_names_the_organization(as_alice, cast):
    named = re.compile(r'name="organization"\s+value="([^"]*)"')
    for path in ("/tasks/", "/tasks/board/", "/tasks/labels/new/", MEMBERS, SETTINGS):
        for value in named.findall(as_alice.get(path).text):
            assert value == str(cast.acme.pk), path
    assert named.search(as_alice.get("/tasks/").text)
