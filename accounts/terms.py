"""The terms of the service: accepted by newcomers, and by everybody once they change."""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.ways import page_of_ours

# Without accepting, people can still sign out, take their data and go; and whoever
# runs the server is not its guest.
ALWAYS_OPEN: Final = ("/accounts/", "/admin/")


class WithTerms:
    """Asks in a form for the terms, where the server has any."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.TERMS_VERSION:
            self.fields["terms"] = terms_field()  # type: ignore[attr-defined]


class TermsForm(WithTerms, forms.Form):
    """The terms by themselves, and where their reader was going."""

    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_next(self) -> str:
        return page_of_ours(self.cleaned_data["next"])


class TermsMiddleware:
    """Leads people to terms they have not accepted, and back.

    Only when a browser opens a page: what somebody sends or looks up within one that
    is open already goes on, so that nothing they typed is lost.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if owes_terms(request.user) and opens_page(request) and is_alone(request):
            query = urlencode({"next": request.get_full_path()}, safe="/")
            return redirect(f"{resolve_url('accounts:terms')}?{query}")
        return self.get_response(request)


def owes_terms(user: Any) -> bool:
    """Return whether a person has not accepted the terms as they are now."""
    now: str = settings.TERMS_VERSION
    return bool(now) and user.is_authenticated and user.terms_version != now


def is_alone(request: HttpRequest) -> bool:
    # Nobody accepts in the name of whom they look on as.
    return getattr(request, "impersonation", None) is None


def opens_page(request: HttpRequest) -> bool:
    # Browsers say what they want something for: a page, a picture, a script's answer.
    return (
        request.method == "GET"
        and request.headers.get("Sec-Fetch-Dest", "document") == "document"
        and not request.headers.get("HX-Request")
        and not request.path.startswith(ALWAYS_OPEN)
    )


def terms_field() -> forms.BooleanField:
    label = format_html(
        _('I accept the <a href="{}" target="_blank" rel="noopener">terms of use</a>'),
        settings.TERMS_URL,
    )
    refusal = gettext_lazy("Read the terms and accept them to go on.")
    return forms.BooleanField(label=label, error_messages={"required": refusal})
