"""What staff who look on are refused, and how they are told."""

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from organizations.permissions import ABILITIES, KEPT_FROM_STAFF

SAFE: Final = {"GET", "HEAD", "OPTIONS"}
READ_ONLY: Final = "25006"


def is_closed(request: Any, view: Any) -> bool:
    """Whether a page is no business of staff, whatever an owner has granted.

    A view's own word goes first. Otherwise what belongs to the person or to other
    packages is closed, and so is changing what the table of abilities keeps.
    """
    own = getattr(view, "kept_from_staff", None)
    if own is not None:
        return bool(own)
    access = getattr(view, "access", None)
    if access is None:
        return True
    if request.method in SAFE:
        return False
    needed = view.post_access if request.method == "POST" else access
    return needed not in ABILITIES or needed in KEPT_FROM_STAFF


def is_refused_write(exception: BaseException | None) -> bool:
    """Whether the database refused a change because the transaction only reads.

    The queue wraps what the database says once more.
    """
    while exception is not None:
        if getattr(exception, "sqlstate", None) == READ_ONLY:
            return True
        exception = exception.__cause__
    return False


def refusal(request: Any, *, never: bool) -> HttpResponse:
    """Answer 403: `never` for what no grant opens."""
    text = _("You are looking on: nothing can be changed.")
    if never:
        text = _("You are looking on: this is for the person alone.")
    if request.htmx:
        response = HttpResponse(status=403)
        return trigger_client_event(response, "toast", {"text": text, "level": "error"})
    context = {
        "never": never,
        "text": text,
        "request_id": request.id,
        "theme": request.COOKIES.get("theme", ""),
    }
    return render(request, "support/closed.html", context, status=403)
