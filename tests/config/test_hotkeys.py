"""Every key is told once, and whatever a page or a script answers to is told."""

import re
from collections import Counter

import pytest
from django.template.loader import get_template

from config.hotkeys import ARROWS, GROUPS, INBOX
from tests.contracts.house import files

TOLD = [pressed for _name, keys in GROUPS for key in keys for pressed in key.keys]
# In a template: what carries a key, and what hands one on to a part.
CARRIED = re.compile(r'(?:data-hotkey|aria-keyshortcuts|\bhotkey|\bkey)="([^"{]{1,3})"')
LISTENED = re.compile(r'(?:key|detail) === "(\w)"|\b([a-z]): "\w+"')


def test_no_key_means_two_things_on_a_page():
    # The inbox has its own rows, and none of tasks.
    places = [
        (pressed, key.where == INBOX)
        for _name, keys in GROUPS
        for key in keys
        for pressed in key.keys
    ]
    assert [each for each, times in Counter(places).items() if times > 1] == []


def test_no_key_begins_another():
    longer = [key for key in TOLD if " " in key]
    assert {key.split()[0] for key in longer}.isdisjoint(TOLD)


def test_every_key_of_a_template_is_told():
    found = {
        key
        for path in files("templates", suffix=".html")
        for key in CARRIED.findall(path.read_text(encoding="utf-8"))
    }
    assert {"c", "/", "e", "s", "a", "l", "g t"} <= found
    assert found - set(TOLD) == set()


@pytest.mark.parametrize("script", ["rows", "row-keys", "board-keys", "bulk"])
def test_every_key_of_a_script_is_told(script):
    [path] = [one for one in files("static/js", suffix=".js") if one.stem == script]
    listened = LISTENED.findall(path.read_text(encoding="utf-8"))
    found = {"".join(pair) for pair in listened} - {""}
    assert found
    assert found - set(TOLD) == set()


def test_keys_are_drawn_as_people_know_them():
    drawn = {
        pressed: shown
        for _name, keys in GROUPS
        for key in keys
        for pressed, shown in key.drawn
    }
    assert drawn["g t"] == ["g", "t"]
    assert drawn["X"] == ["⇧", "x"]
    assert drawn["Enter"] == ["↵"]
    assert all(drawn[arrow] == [arrow] for arrow in ARROWS)


def test_the_sheet_holds_every_key():
    sheet = get_template("accounts/keyboard.html#dialog").render({})
    for key in TOLD:
        assert f'data-key="{key}"' in sheet
