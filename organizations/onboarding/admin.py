"""How the steps look in the operator's console, and how far people came with them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from organizations.onboarding.kinds import NOTE, kinds
from organizations.onboarding.models import Outcome, WelcomeStep


class WelcomeStepForm(forms.ModelForm):
    """A step; its kind is chosen when it is made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            choices = [(name, kind.label) for name, kind in kinds.items()]
            self.fields["kind"] = forms.ChoiceField(
                label=_("Kind"), choices=choices, initial=NOTE
            )


class WelcomeStepAdmin(admin.ModelAdmin):
    """The set-up of newcomers, step by step."""

    form = WelcomeStepForm
    list_display = (
        "shown_title",
        "kind_label",
        "position",
        "is_enabled",
        "is_skippable",
        "announced_at",
        "done",
        "skipped",
    )
    ordering = ("position", "id")
    fields = (
        "kind",
        "title",
        "copy",
        "position",
        "is_enabled",
        "is_skippable",
        "announced_at",
        "done",
        "skipped",
    )
    readonly_fields = ("announced_at", "done", "skipped")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        def settled(outcome: Outcome) -> Count:
            return Count("progress", filter=Q(progress__outcome=outcome))

        rows = super().get_queryset(request)
        return rows.annotate(
            done_by=settled(Outcome.DONE), skipped_by=settled(Outcome.SKIPPED)
        )

    def get_readonly_fields(
        self, request: HttpRequest, obj: WelcomeStep | None = None
    ) -> tuple[str, ...]:
        own = tuple(super().get_readonly_fields(request, obj))
        return (*own, "kind_label") if obj else own

    def get_fields(
        self, request: HttpRequest, obj: WelcomeStep | None = None
    ) -> tuple[str, ...]:
        if obj is None:
            return self.fields[:6]
        return ("kind_label", *self.fields[1:])

    @admin.display(description=_("title"))
    def shown_title(self, step: WelcomeStep) -> str:
        return step.shown_title

    @admin.display(description=_("kind"))
    def kind_label(self, step: WelcomeStep) -> str:
        return str(step.about.label)

    @admin.display(description=_("done"), ordering="done_by")
    def done(self, step: Any) -> int:
        return step.done_by

    @admin.display(description=_("skipped"), ordering="skipped_by")
    def skipped(self, step: Any) -> int:
        return step.skipped_by
