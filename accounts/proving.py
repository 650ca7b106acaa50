"""Asking for the password once more before something that cannot be taken lightly."""

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode


def to_prove(
    request: HttpRequest, draft: str = "", back: str = ""
) -> HttpResponse | None:
    """Return where a person types the password again; None where they just have.

    They come back to the page itself: a form that was sent is not sent a second time.
    `draft` is what the page's address then says of it, so that nothing typed is lost;
    `back` is another page to come back to, for a view that only takes forms.
    """
    if not is_reauthentication_required(request, app="account"):
        return None
    back = back or (f"{request.path}?{draft}" if draft else request.path)
    page = urlencode({REDIRECT_FIELD_NAME: back})
    return redirect(f"{resolve_url('account_reauthenticate')}?{page}")
