"""The person's own pages that allauth does not have."""

from copy import copy
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import flows
from accounts.decorators import own_account
from accounts.forms import HotkeysForm, PictureForm, ProfileForm
from accounts.models import offered_language
from accounts.terms import TermsForm, owes_terms
from accounts.ways import page_of_ours

THEME_COOKIE = "theme"
YEAR = 365 * 24 * 3600


@require_http_methods(["GET", "POST"])
@own_account
def user_profile(request: Any) -> HttpResponse:
    # A copy: the form writes on its instance even what it then refuses to save.
    posted = request.POST if request.method == "POST" else None
    form = ProfileForm(posted, instance=copy(request.user))
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        page = {"form": form}
        return render(request, "accounts/user_profile.html", page, status=status)
    flows.change_profile(user=request.user, values=form.cleaned_data)
    with translation.override(offered_language(request.user.language)):
        messages.success(request, _("Profile saved"))
    response = redirect("accounts:profile")
    remember_theme(response, request.user.theme)
    return response


@require_http_methods(["GET", "POST"])
@own_account
def keyboard(request: Any) -> HttpResponse:
    if request.method == "GET":
        part = "#dialog" if request.htmx else ""
        return render(request, f"accounts/keyboard.html{part}")
    form = HotkeysForm(request.POST)
    if form.is_valid() and flows.change_profile(
        user=request.user, values=form.cleaned_data
    ):
        messages.success(request, _("Keyboard saved"))
    return redirect("accounts:keyboard")


@require_http_methods(["GET", "POST"])
@own_account
def terms(request: Any) -> HttpResponse:
    back = page_of_ours(request.GET.get("next", ""))
    if not owes_terms(request.user):
        return redirect(back)
    posted = request.POST if request.method == "POST" else None
    form = TermsForm(posted, initial={"next": back})
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "accounts/terms.html", {"form": form}, status=status)
    flows.accept_terms(user=request.user)
    return redirect(form.cleaned_data["next"])


@require_POST
@own_account
def picture_change(request: Any) -> HttpResponse:
    form = PictureForm(request.POST, request.FILES)
    if not form.is_valid():
        own = ProfileForm(instance=copy(request.user))
        page = {"form": own, "picture_form": form}
        return render(request, "accounts/user_profile.html", page, status=422)
    flows.change_picture(user=request.user, squares=form.cleaned_data["picture"])
    messages.success(request, _("Picture saved"))
    return redirect("accounts:profile")


@require_POST
@own_account
def picture_remove(request: Any) -> HttpResponse:
    if flows.change_picture(user=request.user, squares=None):
        messages.success(request, _("Picture removed"))
    return redirect("accounts:profile")


def remember_theme(response: HttpResponse, theme: str) -> None:
    """Light this device's pages the same way before anybody has signed in; the menu's
    script changes this cookie, too."""
    response.set_cookie(
        THEME_COOKIE,
        theme,
        max_age=YEAR,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
