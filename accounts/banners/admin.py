"""How banners look in the operator's console."""

from datetime import datetime
from typing import Any, ClassVar, Final

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.banners.models import Banner, State, Variant

LONGEST_SHOWN: Final = 48


def moment() -> forms.DateTimeInput:
    """Return the widget of a moment, to the minute."""
    attrs = {"type": "datetime-local"}
    return forms.DateTimeInput(attrs=attrs, format="%Y-%m-%dT%H:%M")


class BannerForm(forms.ModelForm):
    """One banner; its moments are typed in UTC."""

    class Meta:
        model = Banner
        fields = (
            "text",
            "link",
            "link_text",
            "variant",
            "placement",
            "starts_at",
            "ends_at",
            "dismissible",
        )
        widgets: ClassVar = {
            "text": forms.Textarea(attrs={"rows": 2}),
            "starts_at": moment(),
            "ends_at": moment(),
        }
        # Of the console's own fields each moment is two.
        field_classes: ClassVar = {
            "starts_at": forms.DateTimeField,
            "ends_at": forms.DateTimeField,
        }
        help_texts: ClassVar = {
            "ends_at": _("Left empty, it shows until you end it."),
            "dismissible": _("A critical one always stays."),
        }

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(values.get("link")) != bool(values.get("link_text")):
            words = _("A link and its words need each other.")
            self.add_error("link_text" if values.get("link") else "link", words)
        if values.get("variant") == Variant.CRITICAL:
            values["dismissible"] = False
        starts, ends = values.get("starts_at"), values.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("It ends after it has begun."))
        return values


class StateFilter(admin.SimpleListFilter):
    """Where banners are in their time."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(State.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        now = timezone.now()
        over = Q(ends_at__lte=now)
        wanted: dict[str, Q] = {
            State.SCHEDULED: Q(starts_at__gt=now),
            State.SHOWING: Q(starts_at__lte=now) & ~over,
            State.OVER: over,
        }
        return queryset.filter(wanted.get(self.value() or "", Q()))


class BannerAdmin(admin.ModelAdmin):
    """Banners, the latest first."""

    form = BannerForm
    list_display = ("words", "now", "variant", "placement", "starts", "ends")
    list_filter = (StateFilter, "variant", "placement")
    search_fields = ("text",)
    search_help_text = _("Text")
    ordering = ("-starts_at", "-id")
    fieldsets = (
        (None, {"fields": ("text", "link", "link_text")}),
        (_("Look"), {"fields": ("variant", "placement", "dismissible")}),
        (_("Time, in UTC"), {"fields": ("starts_at", "ends_at")}),
    )

    @admin.display(description=_("state"))
    def now(self, banner: Banner) -> str:
        return str(banner.state.label)

    @admin.display(description=_("text"), ordering="text")
    def words(self, banner: Banner) -> str:
        return Truncator(banner.text).chars(LONGEST_SHOWN)

    @admin.display(description=_("from (UTC)"), ordering="starts_at")
    def starts(self, banner: Banner) -> datetime:
        return banner.starts_at

    @admin.display(description=_("until (UTC)"), ordering="ends_at")
    def ends(self, banner: Banner) -> datetime | None:
        return banner.ends_at
