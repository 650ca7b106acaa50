"""Acts that need a reason, on each of the chosen rows."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class Reason(forms.Form):
    reason = forms.CharField(max_length=500)


class ReasonAction(ActionForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def with_reason(
    console: admin.ModelAdmin,
    request: HttpRequest,
    rows: models.QuerySet,
    act: Callable[..., bool],
) -> None:
    """Do one act on each row, recorded with its reason; nothing without a reason."""
    form = Reason(request.POST)
    if not form.is_valid():
        words = _("Say why, in a sentence the next colleague understands.")
        console.message_user(request, words, messages.ERROR)
        return
    reason: Any = form.cleaned_data["reason"]
    done = sum(act(row, by=request.user, reason=reason) for row in rows)
    words = ngettext("%(done)d changed.", "%(done)d changed.", done)
    level = messages.SUCCESS if done else messages.WARNING
    console.message_user(request, words % {"done": done}, level)
