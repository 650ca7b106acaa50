from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from config import env
from config.env import WrongSetting

ADDRESS = "postgres://insula_app:s%40cret@db.example:6432/insula"
LONG = "a secret of more than thirty-two characters"


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda value: monkeypatch.setenv("SETTING", value)


Given = Callable[[str], None]


@pytest.mark.parametrize(
    ("read", "written", "value"),
    [
        (env.text, "hello", "hello"),
        (env.flag, "true", True),
        (env.flag, "0", False),
        (env.number, "42", 42),
        (env.names, " a, b ,,c", ["a", "b", "c"]),
        (env.secret, LONG, LONG),
    ],
)
def test_value_is_read_as_its_type(
    given: Given, read: Callable[[str], Any], written: str, value: Any
) -> None:
    given(written)
    assert read("SETTING") == value


@pytest.mark.parametrize("written", ["", None])
def test_unset_or_empty_variable_takes_the_default(
    monkeypatch: pytest.MonkeyPatch, written: str | None
) -> None:
    if written is not None:
        monkeypatch.setenv("SETTING", written)
    assert env.text("SETTING", "fallback") == "fallback"
    assert env.flag("SETTING", True) is True
    assert env.number("SETTING", 7) == 7
    assert env.names("SETTING", ["one"]) == ["one"]
    assert env.secret("SETTING", "short is fine here") == "short is fine here"
    assert not env.is_set("SETTING")


@pytest.mark.parametrize("read", [env.text, env.number, env.names, env.secret])
def test_missing_required_setting_ends_with_its_name(
    read: Callable[[str], Any],
) -> None:
    with pytest.raises(WrongSetting, match="SETTING is not set"):
        read("SETTING")


@pytest.mark.parametrize(
    ("read", "written", "sentence"),
    [
        (env.flag, "maybe", "SETTING must be true or false, but it is 'maybe'."),
        (env.number, "many", "SETTING must be a whole number, but it is 'many'."),
        (env.secret, "short", "SETTING is too short: it needs 32 characters or more."),
        (env.database, "mysql://x@y/z", "SETTING must be an address like postgres://"),
        (env.database, "postgres://db.example", "must name a user and a database"),
        (env.database, "postgres://u:p@h:port/d", "is not a readable database address"),
    ],
)
def test_wrong_setting_is_one_clear_sentence(
    given: Given, read: Callable[[str], Any], written: str, sentence: str
) -> None:
    given(written)
    with pytest.raises(WrongSetting) as raised:
        read("SETTING")
    assert sentence in str(raised.value)
    assert "\n" not in str(raised.value)


def test_wrong_address_never_shows_its_password(given: Given) -> None:
    given("postgres://user:very-private@host:port/database")
    with pytest.raises(WrongSetting) as raised:
        env.database("SETTING")
    assert "very-private" not in str(raised.value)


def test_secret_may_come_from_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text(f"{LONG}\n")
    monkeypatch.setenv("SETTING_FILE", str(tmp_path / "secret"))
    assert env.is_set("SETTING")
    assert env.secret("SETTING") == LONG


def test_unreadable_secret_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SETTING_FILE", "/nowhere/secret")
    with pytest.raises(WrongSetting, match="SETTING_FILE cannot be read"):
        env.secret("SETTING")


def test_database_address_becomes_a_django_entry(given: Given) -> None:
    given(ADDRESS)
    found = env.database("SETTING")
    names = ("USER", "PASSWORD", "HOST", "PORT", "NAME")
    expected = ("insula_app", "s@cret", "db.example", 6432, "insula")
    assert tuple(found[name] for name in names) == expected


def test_mail_without_an_address_goes_to_files(tmp_path: Path) -> None:
    found = env.mail("SETTING", folder=tmp_path)
    assert found["EMAIL_BACKEND"].endswith("filebased.EmailBackend")
    assert found["EMAIL_FILE_PATH"] == tmp_path


@pytest.mark.parametrize(
    ("address", "port", "tls", "ssl"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtp+tls://me:p%40ss@mail.example", 587, True, False),
        ("smtp+ssl://me:p%40ss@mail.example:4650", 4650, False, True),
    ],
)
def test_mail_address_says_how_to_encrypt(
    given: Given, tmp_path: Path, address: str, port: int, tls: bool, ssl: bool
) -> None:
    given(address)
    found = env.mail("SETTING", folder=tmp_path)
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example", port)
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (tls, ssl)
    assert found["EMAIL_HOST_PASSWORD"] == ("p@ss" if "@" in address else "")


@pytest.mark.parametrize("address", ["mail.example", "http://mail.example", "smtp://"])
def test_wrong_mail_address_is_one_clear_sentence(
    given: Given, tmp_path: Path, address: str
) -> None:
    given(address)
    with pytest.raises(WrongSetting, match=r"SETTING must be an address like smtp"):
        env.mail("SETTING", folder=tmp_path)
