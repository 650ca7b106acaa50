"""An organization's logo: changed by who may, seen by its members."""

import pytest

from organizations.audit.models import AuditEntry
from organizations.tenancy import no_context, tenant
from tests.conftest import join
from tests.pictures.conftest import LOGO, picture, upload

REMOVE = f"{LOGO}remove/"


def entries(cast):
    with no_context(), tenant(cast.acme):
        return list(AuditEntry.objects.filter(action="organization.logo_changed"))


def logo_of(organization):
    with no_context(), tenant(organization):
        organization.refresh_from_db()
    return organization.logo.name


def address(cast):
    return f"/pictures/organizations/{cast.acme.pk}/"


# cap 17
@pytest.mark.parametrize("actor", ["as_alice", "as_adam"])
def test_owners_and_admins_choose_a_logo(request, cast, files, actor):
    client = request.getfixturevalue(actor)
    assert client.post(LOGO, upload(picture())).status_code == 302
    name = logo_of(cast.acme)
    assert name.startswith(f"org/{cast.acme.pk}/")
    assert len(files()) == 2
    [entry] = entries(cast)
    assert (entry.before, entry.after) == ({"logo": ""}, {"logo": name})


@pytest.mark.parametrize("actor", ["as_bob", "as_vera"])
def test_others_do_not(request, cast, files, actor):
    client = request.getfixturevalue(actor)
    assert client.post(LOGO, upload(picture())).status_code == 403
    assert client.post(REMOVE).status_code == 403
    assert 'name="picture"' not in client.get("/organizations/settings/").text
    assert (logo_of(cast.acme), files(), entries(cast)) == ("", [], [])


def test_a_logo_is_replaced_and_removed(as_alice, cast, files, run_jobs):
    as_alice.post(LOGO, upload(picture()))
    first = logo_of(cast.acme)
    as_alice.post(LOGO, upload(picture("GIF")))
    assert run_jobs() == ["succeeded"]
    assert first not in files()
    as_alice.post(REMOVE)
    assert run_jobs() == ["succeeded"]
    assert (logo_of(cast.acme), files()) == ("", [])
    assert len(entries(cast)) == 3
    as_alice.post(REMOVE)
    assert len(entries(cast)) == 3


@pytest.mark.parametrize("data", [b"", b"<svg/>", picture("TIFF"), picture()[:50]])
def test_what_is_no_picture_is_refused_on_the_settings_page(as_alice, cast, data):
    page = as_alice.post(LOGO, upload(data))
    assert page.status_code == 422
    assert 'id="id_picture_error"' in page.text
    assert 'value="Acme"' in page.text
    assert logo_of(cast.acme) == ""


@pytest.mark.parametrize("actor", ["as_alice", "as_adam", "as_bob", "as_vera"])
def test_members_see_it(request, cast, as_alice, actor):
    as_alice.post(LOGO, upload(picture()))
    answer = request.getfixturevalue(actor).get(address(cast))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")


@pytest.mark.parametrize("actor", ["as_charlie", "as_nora", "as_olga"])
def test_strangers_do_not(request, cast, as_alice, actor):
    as_alice.post(LOGO, upload(picture()))
    client = request.getfixturevalue(actor)
    missing = client.get(
        "/pictures/organizations/018f0000-0000-7000-8000-000000000000/"
    )
    there = client.get(address(cast))
    assert there.status_code == missing.status_code == 404
    assert there.content == missing.content


def test_the_switcher_shows_it_in_every_organization_of_ones_own(
    as_alice, cast, sign_in
):
    as_alice.post(LOGO, upload(picture()))
    assert as_alice.get("/tasks/").text.count(address(cast)) >= 2
    join(cast.acme, cast.charlie, "viewer")
    charlie = sign_in(cast.charlie, cast.globex)
    assert address(cast) in charlie.get("/tasks/").text
    assert charlie.get(address(cast)).status_code == 200


def test_a_page_of_another_organization_changes_nothing(as_alice, cast):
    body = upload(picture()) | {"organization": str(cast.globex.pk)}
    assert as_alice.post(LOGO, body).status_code == 409
    assert logo_of(cast.acme) == ""


def test_the_settings_offer_to_remove_only_what_is_there(as_alice):
    page = "/organizations/settings/"
    assert "Remove logo" not in as_alice.get(page).text
    as_alice.post(LOGO, upload(picture()))
    assert "Remove logo" in as_alice.get(page).text
