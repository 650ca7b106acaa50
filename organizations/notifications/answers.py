"""What the pages of the inbox answer, with htmx and without."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from organizations.http import TenantRequest
from organizations.notifications.forms import SHOWN, ShownForm
from organizations.notifications.kinds import KINDS
from organizations.notifications.listing import Inbox, line_of, unread_count
from organizations.notifications.models import Notification
from organizations.notifications.unsubscribing import EVERY_DIGEST, WayOut


def page(request: TenantRequest, found: Inbox, shown: str) -> HttpResponse:
    """Return the inbox, or more lines of it."""
    context: dict[str, Any] = {"inbox": found, "shown": shown}
    if request.htmx and "before" in request.GET:
        return render(request, "notifications/inbox.html#lines", context)
    context["number"] = unread_count(request.user)
    context["tabs"] = SHOWN.items()
    return render(request, "notifications/inbox.html", context)


def counters(request: TenantRequest) -> HttpResponse:
    """Return what the frame shows of the inbox; the inbox itself has a word of it too.

    A part that the asking page has no place for would be an error in its console.
    """
    asking = urlsplit(request.htmx.current_url or "").path
    context = {
        "number": unread_count(request.user),
        "in_inbox": asking == reverse("notifications:inbox"),
    }
    return render(request, "notifications/unread.html", context)


def line(request: TenantRequest, note: Notification) -> HttpResponse:
    """Return a line as it is now, or the inbox it stands in."""
    if not request.htmx:
        return back(request)
    shown = shown_in(request)
    # What is read stays in sight until the page is left.
    part = "all" if shown == "unread" else shown
    found = line_of(request.user, request.organization, note, part)
    context = {"line": found, "shown": shown}
    response = HttpResponse()
    if found is not None:
        response = render(request, "notifications/line.html", context)
    return told(response)


def archived(
    request: TenantRequest, note: Notification, *, is_new: bool
) -> HttpResponse:
    """Return nothing in the place of an archived line, and the way back."""
    undo = reverse("notifications:notification_unarchive", args=[note.pk])
    text = _("Archived")
    if request.htmx:
        return told(HttpResponse(), toast={"text": text, "undo": undo})
    if is_new:
        messages.success(request, text, extra_tags=undo)
    return back(request)


def told(response: HttpResponse, **events: Any) -> HttpResponse:
    """Add the event by which the counters of the frame count again."""
    response["HX-Trigger"] = json.dumps({"unread": {}, **events})
    return response


def back(request: TenantRequest) -> HttpResponse:
    """Lead back to the part of the inbox that a button stood in."""
    shown = shown_in(request)
    query = f"?show={shown}" if shown != "all" else ""
    return redirect(reverse("notifications:inbox") + query)


def shown_in(request: TenantRequest) -> str:
    return ShownForm(request.GET).shown()


def way_out_page(request: HttpRequest, out: WayOut, *, is_done: bool) -> HttpResponse:
    """Return the public page behind the link in a mail."""
    kind = None if out.code == EVERY_DIGEST else KINDS[out.code]
    context = {"organization": out.organization, "kind": kind, "is_done": is_done}
    return render(request, "notifications/unsubscribe.html", context)
