"""Single keys can be switched off, by each person for themselves."""

import pytest

from tests.accounts.conftest import person, recorded

PATH = "/accounts/keyboard/"
OFF = "data-keys-off"


def test_keys_work_until_somebody_switches_them_off(at_home, alice):
    assert person(alice.email).hotkeys
    answer = at_home.post(PATH, {})
    assert answer["Location"] == PATH
    assert not person(alice.email).hotkeys
    [entry] = recorded(alice, "user.profile_changed")
    assert (entry.before, entry.after) == ({"hotkeys": True}, {"hotkeys": False})


def test_they_are_switched_on_again(at_home, alice):
    at_home.post(PATH, {})
    at_home.post(PATH, {"hotkeys": "on"})
    assert person(alice.email).hotkeys
    assert len(recorded(alice, "user.profile_changed")) == 2


def test_saving_the_same_again_records_nothing(at_home, alice):
    at_home.post(PATH, {"hotkeys": "on"})
    assert recorded(alice, "user.profile_changed") == []


def test_pages_tell_the_scripts(at_home):
    assert OFF not in at_home.get("/accounts/profile/").text
    at_home.post(PATH, {})
    assert OFF in at_home.get("/accounts/profile/").text


def test_the_rest_of_the_profile_leaves_them_alone(at_home, alice):
    at_home.post(PATH, {})
    form = {"first_name": "Alicia", "last_name": "", "theme": "dark", "language": "en"}
    at_home.post("/accounts/profile/", form | {"timezone": "UTC", "hotkeys": "on"})
    assert person(alice.email).first_name == "Alicia"
    assert not person(alice.email).hotkeys


@pytest.mark.parametrize("value", ["off", "x", "0", ""])
def test_any_value_gets_an_answer(at_home, value):
    assert at_home.post(PATH, {"hotkeys": value}).status_code == 302


def test_the_page_lists_every_key_and_a_part_is_the_sheet(at_home):
    page = at_home.get(PATH).text
    part = at_home.get(PATH, headers={"HX-Request": "true"}).text
    for text in (page, part):
        assert 'data-key="g t"' in text
    assert "<html" in page
    assert 'name="hotkeys"' in page
    assert part.lstrip().startswith("<dialog")


def test_nobody_else_gets_there(client, db):
    assert client.get(PATH)["Location"].startswith("/accounts/login/")
    assert client.post(PATH)["Location"].startswith("/accounts/login/")
