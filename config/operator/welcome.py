"""The set-up of newcomers in the console: written, looked at, announced."""

from types import SimpleNamespace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from config.operator.sheets import Reasoned, Refused, SheetsPage
from organizations.onboarding.admin import WelcomeStepAdmin
from organizations.onboarding.flows import announce, finished_people
from organizations.onboarding.journey import Place, enabled_steps
from organizations.onboarding.kinds import NOTE, ORGANIZATION
from organizations.onboarding.models import WelcomeStep

CHANGE = "onboarding.change_welcomestep"


class AnnounceSheet(Reasoned):
    """Offer a step to whoever has finished already, once."""

    name = "announce"
    title = gettext_lazy("Announce")
    button = gettext_lazy("Announce")
    permission = CHANGE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("For your colleagues.")

    @classmethod
    def fits(cls, row: WelcomeStep) -> bool:
        is_new = row.announced_at is None and row.kind != ORGANIZATION
        return is_new and row.is_enabled

    @property
    def lead(self) -> str:  # type: ignore[override]
        """Whom it reaches, before it is done."""
        people = finished_people()
        return ngettext(
            "%(n)d person has finished the set-up and is offered this step in the side"
            " bar until it is done or skipped. A step is announced once.",
            "%(n)d people have finished the set-up and are offered this step in the"
            " side bar until it is done or skipped. A step is announced once.",
            people,
        ) % {"n": people}

    def act(self, by: Any) -> str:
        if not self.fits(self.row):
            raise Refused(_("Only a step that is shown and new can be announced."))
        reason = self.cleaned_data["reason"]
        people = announce(step=self.row, by=by, reason=reason)
        words = ngettext(
            "Announced to %(n)d person.", "Announced to %(n)d people.", people
        )
        return words % {"n": people}


class WelcomeStepsAdmin(SheetsPage, WelcomeStepAdmin):
    """Steps; staff write them, and see them as newcomers will."""

    plural = gettext_lazy("Welcome steps")
    noun = "welcome_step"
    sheets = (AnnounceSheet,)

    def get_urls(self) -> list[Any]:
        guarded = self.admin_site.admin_view(self.preview)
        own = path("<uuid:object_id>/preview/", guarded, name=PREVIEW)
        return [own, *super().get_urls()]

    def preview(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Show a step as members see it; nothing on it can be sent."""
        step = self.get_object(request, str(object_id))
        if step is None or not self.has_view_permission(request, step):
            raise Http404
        every = enabled_steps()
        places = [Place(one, "", is_open=False) for one in every]
        context = {
            "place": Place(step, "", is_open=False),
            "journey": SimpleNamespace(places=places, is_over=False),
            "form": step.about.form(),
            "founds": step.kind == ORGANIZATION,
            "preview": reverse(f"admin:{self.address()}", args=[step.pk]),
        }
        return TemplateResponse(request, "onboarding/step.html", context)

    def has_delete_permission(
        self, request: HttpRequest, obj: WelcomeStep | None = None
    ) -> bool:
        # Of many at once nobody would be told which have to stay.
        return obj is not None and super().has_delete_permission(request, obj)

    def deletion_refusal(self, obj: WelcomeStep) -> str | Promise:
        if obj.kind != NOTE:
            return _("Only notes can be deleted. Do not show the step instead.")
        return ""

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        answer: Any = super().render_change_form(request, context, *args, **kwargs)
        if row := kwargs.get("obj"):
            url = reverse(f"admin:{PREVIEW}", args=[row.pk])
            tool = {"url": url, "words": _("Preview"), "is_danger": False}
            answer.context_data["tools"].insert(0, tool)
        return answer


PREVIEW = "onboarding_welcomestep_preview"
