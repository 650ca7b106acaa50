"""Asking for the password once more before something that cannot be taken lightly."""

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode


def to_prove(request: HttpRequest) -> HttpResponse | None:
    """Return where a person types the password again; None where they just have.

    They come back to the page itself: a form that was sent is not sent a second time.
    """
    if not is_reauthentication_required(request, app="account"):
        return None
    page = urlencode({REDIRECT_FIELD_NAME: request.path})
    return redirect(f"{resolve_url('account_reauthenticate')}?{page}")
