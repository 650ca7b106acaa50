import pytest

from tests.accounts.conftest import change, person, recorded
from tests.conftest import make_user

PAGE = "/accounts/profile/"
FORM = {
    "first_name": "Alicia",
    "last_name": "Example",
    "language": "en",
    "theme": "dark",
    "timezone": "Europe/Vienna",
}


def save(client, **values):
    return client.post(PAGE, FORM | values)


# cap 3, cap 7
def test_a_person_says_who_they_are_and_how_they_like_it(at_home, alice):
    assert save(at_home)["Location"] == PAGE
    alicia = person(alice.email)
    assert {name: getattr(alicia, name) for name in FORM} == FORM
    assert alicia.name == "Alicia Example"


def test_a_changed_profile_is_recorded_with_what_differs(at_home, alice):
    save(at_home)
    [entry] = recorded(alice, "user.profile_changed")
    assert entry.before == {"first_name": "Alice", "theme": "system", "timezone": "UTC"}
    assert entry.after == {
        "first_name": "Alicia",
        "theme": "dark",
        "timezone": "Europe/Vienna",
    }


def test_saving_the_same_again_records_nothing(at_home, alice):
    save(at_home)
    save(at_home)
    assert len(recorded(alice, "user.profile_changed")) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", "N" * 101),
        ("last_name", "a\0b"),
        ("theme", "neon"),
        ("theme", ""),
        ("timezone", "Mars/Olympus"),
        ("timezone", "../../etc/passwd"),
        ("timezone", ""),
    ],
)
def test_a_refused_profile_changes_nothing(at_home, alice, field, value):
    answer = save(at_home, **{field: value})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    kept = person(alice.email)
    assert (kept.first_name, kept.theme, kept.timezone) == ("Alice", "system", "UTC")
    assert recorded(alice, "user.profile_changed") == []


def test_an_empty_post_is_refused_and_says_why(at_home):
    answer = at_home.post(PAGE, {})
    assert answer.status_code == 422
    assert answer.context["form"].errors


def test_a_refused_name_is_not_shown_as_ones_own(at_home):
    page = save(at_home, first_name="N" * 101, last_name="Refused")
    assert page.wsgi_request.user.last_name == "Example"


@pytest.mark.parametrize(
    "extra",
    [
        {"is_staff": "on", "is_superuser": "on"},
        {"email": "olga@example.com"},
        {"email_verified": ""},
        {"banned": "", "is_active": "on"},
        {"id": "01900000-0000-7000-8000-000000000000"},
        {"password": "!", "user_id": "1", "organization_id": "1", "role": "owner"},
    ],
)
def test_fields_that_are_not_on_the_page_are_ignored(at_home, alice, extra):
    save(at_home, **extra)
    kept = person(alice.email)
    assert kept.pk == alice.pk
    assert kept.first_name == "Alicia"
    assert (kept.is_staff, kept.is_superuser, kept.email_verified) == (
        False,
        False,
        True,
    )
    assert kept.password == alice.password


@pytest.mark.parametrize(
    ("theme", "drawn"), [("dark", 'data-theme="dark"'), ("light", 'data-theme="light"')]
)
def test_a_theme_is_drawn_by_the_server(at_home, alice, theme, drawn):
    save(at_home, theme=theme)
    assert drawn in at_home.get(PAGE).content.decode()
    assert at_home.cookies["theme"].value == theme


def test_a_theme_follows_the_person_to_another_device(at_home, client, alice, log_in):
    save(at_home, theme="dark")
    log_in(client, alice.email)
    assert 'data-theme="dark"' in client.get(PAGE).content.decode()


def test_the_theme_stays_on_the_device_after_signing_out(at_home):
    save(at_home, theme="dark")
    at_home.post("/accounts/logout/")
    assert 'data-theme="dark"' in at_home.get("/accounts/login/").content.decode()


def test_the_devices_theme_follows_the_device(at_home, alice):
    change(alice, theme="dark")
    assert 'data-theme="dark"' in at_home.get(PAGE).content.decode()
    assert "data-theme=" not in at_home.get("/healthz").content.decode()


@pytest.fixture
def german(settings):
    """A second language to choose."""
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]


# cap 7
def test_a_language_is_spoken_at_once(at_home, alice, german):
    change(alice, language="de")
    answer = at_home.get(PAGE)
    assert answer["Content-Language"] == "de"
    assert '<html lang="de"' in answer.content.decode()


# cap 7
def test_a_person_chooses_among_several_languages(at_home, alice, german):
    assert 'name="language"' in at_home.get(PAGE).content.decode()
    assert save(at_home, language="de")["Location"] == PAGE
    assert person(alice.email).language == "de"
    [entry] = recorded(alice, "user.profile_changed")
    assert (entry.before["language"], entry.after["language"]) == ("en", "de")


@pytest.mark.parametrize("language", ["tlh", ""])
def test_a_language_nobody_offers_is_refused(at_home, alice, german, language):
    answer = save(at_home, language=language)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"language"}
    assert recorded(alice, "user.profile_changed") == []


def test_one_language_is_no_choice(at_home, alice, settings):
    settings.LANGUAGES = [("en", "English")]
    assert 'name="language"' not in at_home.get(PAGE).content.decode()
    save(at_home, language="de")
    assert person(alice.email).language == "en"


def test_a_language_that_is_gone_falls_back_to_our_own(at_home, alice, settings):
    settings.LANGUAGES = [("en", "English")]
    change(alice, language="de")
    assert at_home.get(PAGE)["Content-Language"] == "en"


def test_a_strangers_browser_chooses_the_language(visitor, db, german):
    answer = visitor.get("/accounts/login/", headers={"Accept-Language": "de"})
    assert answer["Content-Language"] == "de"
    assert visitor.get("/accounts/login/")["Content-Language"] == "en"


@pytest.mark.parametrize(
    "zone", ["Mars/Olympus", "", "/etc/passwd", "../UTC", "a" * 64]
)
def test_an_unknown_time_zone_is_no_error(at_home, alice, zone):
    change(alice, timezone=zone)
    assert at_home.get(PAGE).status_code == 200


def test_every_offered_time_zone_is_known(at_home):
    from accounts.forms import time_zones
    from accounts.middleware import UTC, known_zone

    zones = [name for name, _ in time_zones()]
    assert len(zones) > 400
    assert [name for name in zones if known_zone(name) is UTC] == ["UTC"]


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_the_page_takes_no_other_methods(at_home, method):
    assert getattr(at_home, method)(PAGE).status_code == 405


def test_the_profile_is_part_of_the_frame_and_its_tabs(at_home):
    page = at_home.get(PAGE).content.decode()
    assert 'class="app"' in page
    for path in ("email/", "password/change/", "sessions/"):
        assert f"/accounts/{path}" in page


def test_a_person_changes_nobody_else(at_home):
    bob = make_user("bob")
    save(at_home, first_name="Taken", id=str(bob.pk))
    assert person(bob.email).first_name == "Bob"
