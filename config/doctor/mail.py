"""Whether mails leave the house."""

from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings
from django.core.mail import get_connection
from django.utils.translation import gettext as _

from config.doctor.asking import SECONDS, is_server, within
from config.doctor.finding import Finding

SMTP: Final = "django.core.mail.backends.smtp.EmailBackend"


def mails_leave() -> Iterator[Finding]:
    """Files and memory are for developers: on a server a mail goes to a mail server."""
    if is_server() and settings.EMAIL_BACKEND != SMTP:
        yield Finding("D212", _("No mail leaves this machine."))


def sender_is_ours() -> Iterator[Finding]:
    if is_server() and settings.DEFAULT_FROM_EMAIL.rstrip("> ").endswith("@localhost"):
        yield Finding("D213", _("Mails come from localhost, which nobody accepts."))


def server_says_hello() -> Iterator[Finding]:
    """Connect as a mail would, and hang up."""
    if settings.EMAIL_BACKEND != SMTP:
        return
    server: Any = get_connection(timeout=SECONDS)
    try:
        within(SECONDS, greet, server)
    except Exception as error:
        place = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        words = {"place": place, "why": type(error).__name__}
        text = _("The mail server at %(place)s does not say hello: %(why)s.")
        yield Finding("D211", text % words)


def greet(server: Any) -> None:
    server.open()
    server.close()
