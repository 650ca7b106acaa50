"""Settings that a server must not have, and people whom everybody knows."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User
from config.doctor.asking import is_server, limited, reader
from config.doctor.finding import Finding
from config.seeds import DEMO_SIGN_INS
from organizations.tenancy import operator
from organizations.tenancy.context import identity

LOCAL: Final = {"localhost", "127.0.0.1", "[::1]", "testserver"}
# Words of examples, which nobody has drawn.
GUESSED: Final = ("insecure", "change", "secret", "example", "password", "default")
FEWEST_CHARACTERS: Final = 10


def debug_is_off() -> Iterator[Finding]:
    """A page of DEBUG shows settings and code to whoever makes an error."""
    if settings.DEBUG and not settings.DEVELOPMENT:
        yield Finding("D201", _("DEBUG is on, although this is a server."))


def hosts_are_named() -> Iterator[Finding]:
    hosts = set(settings.ALLOWED_HOSTS)
    if "*" in hosts:
        yield Finding("D202", _("Any host is served."))
    elif is_server() and hosts <= LOCAL:
        yield Finding("D202", _("Only names of this machine are served."))


def https_is_on() -> Iterator[Finding]:
    if is_server() and not settings.HTTPS:
        yield Finding("D203", _("Passwords and sessions travel in the clear."))


def secrets() -> Iterator[tuple[str, str, int]]:
    """Yield each secret with its variable and how long it must be."""
    yield "SECRET_KEY", settings.SECRET_KEY, 50
    yield "TENANCY_SEAL_KEY", settings.TENANCY["SEAL_KEY"], 32
    for old in settings.SECRET_KEY_FALLBACKS:
        yield "SECRET_KEY_FALLBACKS", old, 32
    if settings.STRIPE_WEBHOOK_SECRET:
        yield "STRIPE_WEBHOOK_SECRET", settings.STRIPE_WEBHOOK_SECRET, 16


def secrets_are_secret() -> Iterator[Finding]:
    """Look at lengths, at doubles and at what is no secret; none is ever shown."""
    names = defaultdict(set)
    for name, value, least in secrets():
        names[value].add(name)
        if len(value) < least:
            yield Finding("D204", _("%(name)s is too short.") % {"name": name})
        elif is_guessed(value):
            text = _("%(name)s looks like one that somebody has typed.")
            yield Finding("D206", text % {"name": name})
    for found in names.values():
        if len(found) > 1:
            text = _("%(names)s are the same secret.")
            yield Finding("D205", text % {"names": ", ".join(sorted(found))})


def is_guessed(value: str) -> bool:
    """Whether no machine would have drawn it."""
    lowered = value.lower().removeprefix("whsec_")
    return len(set(lowered)) < FEWEST_CHARACTERS or any(
        word in lowered for word in GUESSED
    )


def demo_people_are_gone() -> Iterator[Finding]:
    """Nobody may sign in with a password that stands in the documentation."""
    if not is_server():
        return
    passwords = {email: password for _role, email, password in DEMO_SIGN_INS}
    as_staff = reader() == "operator"
    context = operator(None, "doctor") if as_staff else identity()
    with context, limited(reader()):
        people = User.objects.filter(email__in=passwords, is_active=True)
        found = [one for one in people if one.check_password(passwords[one.email])]
    if found:
        names = ", ".join(sorted(person.email for person in found))
        text = _("People of the demo story have its passwords: %(names)s.")
        yield Finding("D207", text % {"names": names})
