"""What a finding tells people to run or to set is something that there is."""

import re

import pytest
from django.core.management import get_commands
from django.utils import translation

from config.doctor import Finding, versions
from config.doctor.codes import CODES
from tests.contracts.house import ROOT

COMMAND = re.compile(r"manage\.py (\w+)((?: --[\w-]+)*)")
SETTING = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|\bDEBUG\b|\bHTTPS\b")
each_code = pytest.mark.parametrize("code", sorted(CODES))


def told(code, language="en"):
    with translation.override(language):
        return Finding(code, "").mend


def documented():
    """Return every setting that the operator's pages tell of."""
    pages = "".join(path.read_text("utf-8") for path in (ROOT / "docs").glob("*.md"))
    return set(re.findall(r"`([A-Z][A-Z0-9_]+)(?:=[^`]*)?`", pages))


@each_code
def test_every_command_it_names_is_one(code):
    commands = get_commands()
    for name, flags in COMMAND.findall(told(code)):
        assert name in commands, name
        parser = parser_of(name)
        for flag in flags.split():
            assert flag in parser._option_string_actions, flag


def parser_of(name):
    from django.core.management import load_command_class

    owner = get_commands()[name]
    command = owner if not isinstance(owner, str) else load_command_class(owner, name)
    return command.create_parser("manage.py", name)


@each_code
def test_every_setting_it_names_is_one(code):
    assert set(SETTING.findall(told(code))) <= documented()


def test_the_looks_above_find_something():
    every = " ".join(map(told, CODES))
    assert len(set(COMMAND.findall(every))) > 8
    assert {"ALLOWED_HOSTS", "EMAIL_URL", "DEBUG"} <= set(SETTING.findall(every))


@each_code
def test_in_german_it_says_the_same_commands_and_settings(code):
    english, german = told(code), told(code, "de")
    assert german != english
    for look in (COMMAND, SETTING):
        assert sorted(look.findall(german)) == sorted(look.findall(english))


# Of each flaw, the releases that are told to have it, and not to.
@pytest.mark.parametrize(
    ("number", "flaws"),
    [
        (170_000, ["CVE-2024-10976", "CVE-2025-8713"]),
        (170_001, ["CVE-2025-8713"]),
        (170_005, ["CVE-2025-8713"]),
        (170_006, []),
        (160_004, ["CVE-2024-10976", "CVE-2025-8713"]),
        (160_009, ["CVE-2025-8713"]),
        (160_010, []),
        (150_014, []),
        (140_018, ["CVE-2025-8713"]),
        (140_019, []),
        (130_022, []),
        (150_002, ["CVE-2023-2455", "CVE-2024-10976", "CVE-2025-8713"]),
        (180_000, []),
    ],
)
def test_flaws_of_row_security_are_known_by_their_floors(number, flaws):
    found = list(versions.of_postgresql(number))
    assert [f"{name}" in one.what for one in found for name in flaws] == [True] * len(
        flaws
    )
    assert bool(found) == bool(flaws)
    assert all(one.what.count("CVE-") == len(flaws) for one in found)


def test_no_flaw_is_named_that_is_not_listed_in_the_documents():
    text = (ROOT / "docs" / "doctor.md").read_text("utf-8")
    assert set(re.findall(r"CVE-\d{4}-\d+", text)) == set(versions.ROW_SECURITY)
