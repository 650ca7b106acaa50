"""Mail in our look: one text and one HTML twin of everything we send."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from django.utils.encoding import iri_to_uri
from django.utils.text import Truncator

from accounts.models import User, offered_language


def mail(name: str, address: str, context: Mapping[str, Any]) -> EmailMultiAlternatives:
    """Return a mail, unsent, rendered in the active language."""
    values = {
        **context,
        "base_url": settings.BASE_URL.rstrip("/"),
        "mark_url": absolute(static("img/mail-mark.png")),
    }
    subject = " ".join(render_to_string(template(name, "subject.txt"), values).split())
    message = EmailMultiAlternatives(
        subject=Truncator(subject).chars(120),
        body=render_to_string(template(name, "body.txt"), values).strip() + "\n",
        to=[address],
        # No answering machine shall answer a machine.
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(
        render_to_string(template(name, "body.html"), values), "text/html"
    )
    return message


def mail_to(user: User, name: str, **context: Any) -> EmailMultiAlternatives:
    """Return a mail to a person, unsent, in the language they chose."""
    with translation.override(offered_language(user.language)):
        return mail(name, user.email, {"user": user, **context})


def template(name: str, part: str) -> str:
    """Return where a part of a mail is: allauth keeps its own elsewhere."""
    if "/" in name:
        return f"{name}_{part.replace('body', 'message')}"
    return f"emails/{name}/{part}"


def absolute(path: str) -> str:
    """Return the full address of a path on this server."""
    if path.startswith(("http://", "https://")):
        return path
    return settings.BASE_URL.rstrip("/") + iri_to_uri(path)
