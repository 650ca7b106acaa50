from collections.abc import Callable
from importlib.util import find_spec
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


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the packages of an S3-compatible storage, which a developer has not."""
    (tmp_path / "storages").mkdir()
    (tmp_path / "storages" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)


def test_files_without_an_address_go_to_a_folder(tmp_path: Path) -> None:
    found = env.storage("SETTING", folder=tmp_path)
    assert found["BACKEND"].endswith("FileSystemStorage")
    assert found["OPTIONS"] == {"location": tmp_path}


@pytest.mark.parametrize(
    ("address", "endpoint", "key", "secret", "region"),
    [
        (
            "s3://me:a%2Fb@s3.example/files?region=eu-1",
            "https://s3.example",
            "me",
            "a/b",
            "eu-1",
        ),
        (
            "s3+http://me:ab@minio:9000/files",
            "http://minio:9000",
            "me",
            "ab",
            None,
        ),
        ("s3://s3.example/files/", "https://s3.example", None, None, None),
    ],
)
def test_an_address_names_the_bucket_that_files_go_to(
    given: Given,
    tmp_path: Path,
    packages: None,
    address: str,
    endpoint: str,
    key: str | None,
    secret: str | None,
    region: str | None,
) -> None:
    given(address)
    found = env.storage("SETTING", folder=tmp_path)
    options = found["OPTIONS"]
    assert found["BACKEND"] == "storages.backends.s3.S3Storage"
    assert options["bucket_name"] == "files"
    assert options["endpoint_url"] == endpoint
    assert (options["access_key"], options["secret_key"]) == (key, secret)
    assert options["region_name"] == region


def test_files_of_a_bucket_are_private_and_never_written_over(
    given: Given, tmp_path: Path, packages: None
) -> None:
    given("s3://me:ab@s3.example/files")
    options = env.storage("SETTING", folder=tmp_path)["OPTIONS"]
    assert options["default_acl"] == "private"
    assert options["querystring_auth"] is True
    assert options["file_overwrite"] is False


@pytest.mark.parametrize(
    "address",
    [
        "files",
        "https://s3.example/files",
        "s3://me:ab@s3.example",
        "s3:///files",
        "s3://me@s3.example/files",
        "s3://me:ab@s3.example/files/below",
        "s3://me:ab@s3.example/files?colour=red",
    ],
)
def test_wrong_storage_address_is_one_clear_sentence_without_the_secret(
    given: Given, tmp_path: Path, packages: None, address: str
) -> None:
    given(address)
    with pytest.raises(
        WrongSetting, match="SETTING must be an address like s3"
    ) as told:
        env.storage("SETTING", folder=tmp_path)
    assert "me:ab" not in str(told.value)


def test_storage_address_may_stand_in_a_file(
    tmp_path: Path, packages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "address"
    path.write_text("s3://me:ab@s3.example/files\n")
    monkeypatch.setenv("SETTING_FILE", str(path))
    options = env.storage("SETTING", folder=tmp_path)["OPTIONS"]
    assert options["secret_key"] == "ab"


@pytest.mark.skipif(
    find_spec("storages") is not None, reason="the packages are installed here"
)
def test_a_bucket_without_its_packages_is_one_clear_sentence(
    given: Given, tmp_path: Path
) -> None:
    given("s3://me:ab@s3.example/files")
    with pytest.raises(WrongSetting, match=r"needs the packages of requirements/s3"):
        env.storage("SETTING", folder=tmp_path)
