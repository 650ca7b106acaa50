"""Typed readers of environment variables that fail with one clear sentence."""

from collections.abc import Callable, Sequence, Set
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import dj_database_url
from environs import Env, EnvError

MAIL_TIMEOUT = 10
S3 = "storages.backends.s3.S3Storage"
# The second only where nothing but a private network reads along.
STORAGE_SCHEMES = {"s3": "https", "s3+http": "http"}
MAIL_SCHEMES = {"smtp": ("", 25), "smtp+tls": ("tls", 587), "smtp+ssl": ("ssl", 465)}

Value = TypeVar("Value")

_env = Env()


class WrongSetting(SystemExit):
    """A setting is missing or wrong: the process ends with this sentence."""


def is_set(name: str) -> bool:
    """Say whether the variable, or its `_FILE` twin, holds anything."""
    return bool(_env.str(name, "") or _env.str(f"{name}_FILE", ""))


def text(name: str, default: str | None = None) -> str:
    """Read a string; without a default the variable is required."""
    return _read(_env.str, name, default, "a text")


def flag(name: str, default: bool = False) -> bool:
    """Read a yes-or-no value."""
    return _read(_env.bool, name, default, "true or false")


def choice(name: str, options: Sequence[str], default: str) -> str:
    """Read one of a few words."""
    value = text(name, default)
    if value not in options:
        fail(f"{name} must be one of {', '.join(options)}, but it is {value!r}.")
    return value


def number(name: str, default: int | None = None) -> int:
    """Read a whole number."""
    return _read(_env.int, name, default, "a whole number")


def names(name: str, default: Sequence[str] | None = None) -> list[str]:
    """Read a comma-separated list."""
    fallback = None if default is None else ",".join(default)
    return [part.strip() for part in text(name, fallback).split(",") if part.strip()]


def keys(name: str, default: Sequence[str]) -> list[str]:
    """Read secrets with commas between them, the present one first."""
    if not is_set(name):
        return list(default)
    found = [key.strip() for key in secret(name).split(",")]
    if min(map(len, found)) < 32:
        fail(f"{name} is too short: each key needs 32 characters or more.")
    return found


def receivers(name: str) -> list[str]:
    """Read networks and host names with commas between them."""
    found = [each.lower() for each in names(name, [])]
    for each in found:
        is_network = "/" in each or ":" in each or each.replace(".", "").isdigit()
        try:
            if is_network:
                ip_network(each)
        except ValueError:
            fail(f"{name} must list networks such as 10.1.0.0/16, and host names.")
    return found


def address(name: str, schemes: Set[str]) -> str:
    """Read an address of one of these schemes; empty when the variable is not set."""
    found = addresses(name, schemes)
    if len(found) > 1:
        fail(f"{name} must be one address.")
    return found[0] if found else ""


def addresses(name: str, schemes: Set[str]) -> list[str]:
    """Read a comma-separated list of addresses, none when the variable is not set."""
    found = names(name, [])
    for value in found:
        parts = urlsplit(value)
        if parts.scheme not in schemes or not (parts.netloc or parts.path):
            # An address may hold a password, so it is never repeated here.
            listed = ", ".join(f"{scheme}://" for scheme in sorted(schemes))
            fail(f"{name} must start with one of {listed} and name a host.")
    return found


def secret(name: str, default: str | None = None, *, at_least: int = 32) -> str:
    """Read a secret from the variable, or from the file `<name>_FILE` names."""
    if default is not None and not is_set(name):
        return default
    value = _from_file(name) or text(name)
    if len(value) < at_least:
        fail(f"{name} is too short: it needs {at_least} characters or more.")
    return value


def database(name: str) -> dict[str, Any]:
    """Read a PostgreSQL address as the dictionary Django wants."""
    address = _from_file(name) or text(name)
    if urlsplit(address).scheme not in {"postgres", "postgresql"}:
        fail(f"{name} must be an address like postgres://user:password@host/database.")
    parsed = parsed_database(address, name)
    if not parsed.get("NAME") or not parsed.get("USER"):
        fail(f"{name} must name a user and a database.")
    return parsed


def parsed_database(address: str, name: str = "The database") -> dict[str, Any]:
    """Return an address as the dictionary Django wants."""
    try:
        return dict(dj_database_url.parse(address))
    except (ValueError, dj_database_url.ParseError):
        # The address holds a password, so it is never repeated here.
        fail(f"{name} is not a readable database address.")


def mail(name: str, *, folder: Path) -> dict[str, Any]:
    """Read a mail server's address as Django's settings; without one, write files."""
    if not is_set(name):
        backend = "django.core.mail.backends.filebased.EmailBackend"
        return {"EMAIL_BACKEND": backend, "EMAIL_FILE_PATH": folder}
    address = urlsplit(_from_file(name) or text(name))
    if address.scheme not in MAIL_SCHEMES or not address.hostname:
        fail(f"{name} must be an address like smtp+tls://user:password@host:587.")
    encryption, port = MAIL_SCHEMES[address.scheme]
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": address.hostname,
        "EMAIL_PORT": address.port or port,
        "EMAIL_HOST_USER": unquote(address.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(address.password or ""),
        "EMAIL_USE_TLS": encryption == "tls",
        "EMAIL_USE_SSL": encryption == "ssl",
        "EMAIL_TIMEOUT": MAIL_TIMEOUT,
    }


def storage(name: str, *, folder: Path) -> dict[str, Any]:
    """Read where files are kept, as Django's settings; without an address, a folder."""
    if not is_set(name):
        backend = "django.core.files.storage.FileSystemStorage"
        return {"BACKEND": backend, "OPTIONS": {"location": folder}}
    address = urlsplit(_from_file(name) or text(name))
    bucket = address.path.strip("/")
    query = dict(parse_qsl(address.query))
    if (
        address.scheme not in STORAGE_SCHEMES
        or not (address.hostname and bucket)
        or "/" in bucket
        or bool(address.username) != bool(address.password)
        or not {"region"}.issuperset(query)
    ):
        # The address holds a password, so it is never repeated here.
        fail(f"{name} must be an address like s3://key:secret@host/bucket?region=x.")
    if find_spec("storages") is None:
        fail(f"{name} needs the packages of requirements/s3.txt.")
    return {"BACKEND": S3, "OPTIONS": bucket_options(address, bucket, query)}


def bucket_options(
    address: SplitResult, bucket: str, query: dict[str, str]
) -> dict[str, Any]:
    """Return a bucket as its backend wants it: private, and asked through us only."""
    place = address.netloc.rpartition("@")[2]
    return {
        "bucket_name": bucket,
        "endpoint_url": f"{STORAGE_SCHEMES[address.scheme]}://{place}",
        "region_name": query.get("region"),
        # Without a key the machine's own role is asked.
        "access_key": unquote(address.username or "") or None,
        "secret_key": unquote(address.password or "") or None,
        "addressing_style": "path",
        "default_acl": "private",
        "file_overwrite": False,
        "querystring_auth": True,
    }


def providers() -> dict[str, dict[str, Any]]:
    """Read the providers that sign people in, as allauth's settings."""
    found = {name: client(name.upper()) for name in ("google", "github")}
    house = client("OIDC")
    issuer = address("OIDC_ISSUER", {"https", "http"})
    if bool(house) != bool(issuer):
        fail("OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET need each other.")
    if house:
        house |= {
            "provider_id": "house",
            "name": text("OIDC_NAME", "single sign-on"),
            "settings": {"server_url": issuer},
        }
    found["openid_connect"] = house
    return {
        name: {"APPS": [app], "OAUTH_PKCE_ENABLED": True}
        for name, app in found.items()
        if app
    }


def client(name: str) -> dict[str, Any]:
    """Read a client's id and secret at a provider; nothing when neither is given."""
    key, hidden = f"{name}_CLIENT_ID", f"{name}_CLIENT_SECRET"
    if is_set(key) != is_set(hidden):
        fail(f"{key} and {hidden} need each other.")
    if not is_set(key):
        return {}
    return {"client_id": text(key), "secret": secret(hidden, at_least=8)}


def stripe_key(name: str) -> str:
    """Read a secret or restricted key of Stripe's; empty when none is set."""
    if not is_set(name):
        return ""
    value = secret(name)
    if not value.startswith(("sk_live_", "sk_test_", "rk_live_", "rk_test_")):
        fail(f"{name} must be a secret or restricted key, such as sk_live_... .")
    return value


def fail(sentence: str) -> NoReturn:
    """End the process with one sentence on standard error."""
    raise WrongSetting(sentence)


def _read(
    reader: Callable[..., Any], name: str, default: Value | None, kind: str
) -> Value:
    if not _env.str(name, ""):
        if default is None:
            fail(f"{name} is not set: give it {kind}.")
        return default
    try:
        value: Value = reader(name)
    except EnvError:
        fail(f"{name} must be {kind}, but it is {_env.str(name)!r}.")
    return value


def _from_file(name: str) -> str:
    path = _env.str(f"{name}_FILE", "")
    if not path:
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{name}_FILE cannot be read: {error}.")
