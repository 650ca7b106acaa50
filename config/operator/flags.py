"""Feature flags in the console: defined, killed, switched for one organization."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from billing.entitlement import ranks
from billing.models import Plan
from config.operator.sheets import Reasoned, SheetsPage
from organizations.flags.admin import FeatureFlagAdmin
from organizations.flags.declared import DECLARED
from organizations.flags.flows import kill_flag, override_flag
from organizations.flags.judging import Asker, Step, judged, steps
from organizations.flags.models import FeatureFlag, OrganizationFeatureFlag
from organizations.models import Organization
from organizations.tenancy import tenant

SWITCHES = {"on": True, "off": False, "none": None}
COLLEAGUES = gettext_lazy("For your colleagues, in the platform log.")


class FlagForm(forms.ModelForm):
    """One flag; its plan is one of the price list."""

    minimum_plan = forms.ChoiceField(
        label=gettext_lazy("From plan"),
        required=False,
        help_text=gettext_lazy("Below it the flag is off, whatever follows."),
    )

    class Meta:
        model = FeatureFlag
        fields = (
            "key",
            "name",
            "description",
            "minimum_plan",
            "rollout_percent",
            "default_enabled",
        )
        widgets: ClassVar = {"description": forms.Textarea(attrs={"rows": 2})}
        help_texts: ClassVar = {
            "rollout_percent": gettext_lazy(
                "So many organizations of a hundred have it, and the default counts no"
                " more. Those that have it keep it as the number grows."
            ),
            "default_enabled": gettext_lazy("For whom nothing above has decided."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plans = dict(Plan.objects.order_by("rank").values_list("code", "name"))
        if kept := self.instance.minimum_plan:
            plans.setdefault(kept, kept)
        field: Any = self.fields["minimum_plan"]
        field.choices = [("", _("Every plan")), *plans.items()]


class KillSheet(Reasoned):
    """The kill switch, pulled."""

    name = "kill"
    title = gettext_lazy("Kill the flag")
    button = gettext_lazy("Kill")
    lead = gettext_lazy(
        "Within a second it is off for everybody, also where an organization has its"
        " own switch on. What it opens answers as a page that does not exist."
    )
    permission = "flags.change_featureflag"
    is_danger = True
    killed = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = COLLEAGUES

    @classmethod
    def fits(cls, row: FeatureFlag) -> bool:
        return row.is_killed is not cls.killed

    def act(self, by: Any) -> str:
        reason = self.cleaned_data["reason"]
        kill_flag(flag=self.row, killed=self.killed, by=by, reason=reason)
        if self.killed:
            return _("%(key)s is off for everybody.") % {"key": self.row}
        return _("%(key)s is as its rules say.") % {"key": self.row}


class ReviveSheet(KillSheet):
    """The kill switch, pushed back."""

    name = "revive"
    title = gettext_lazy("Bring the flag back")
    button = gettext_lazy("Bring back")
    lead = gettext_lazy("Within a second its rules decide again.")
    is_danger = False
    killed = False


class OverrideSheet(Reasoned):
    """An organization's own switch of a flag."""

    name = "flag"
    title = gettext_lazy("Switch a flag")
    button = gettext_lazy("Flags")
    lead = gettext_lazy(
        "It counts for this organization instead of plan, rollout and default, until it"
        " is taken away. Only the kill switch is stronger."
    )
    permission = "flags.change_organizationfeatureflag"
    flag = forms.ModelChoiceField(
        label=gettext_lazy("Flag"), queryset=FeatureFlag.objects.order_by("key")
    )
    switch = forms.ChoiceField(
        label=gettext_lazy("Switch"),
        choices=[
            ("on", pgettext_lazy("of a switch", "On")),
            ("off", pgettext_lazy("of a switch", "Off")),
            ("none", gettext_lazy("None; the flag's rules decide")),
        ],
    )
    field_order = ("flag", "switch", "reason")

    def act(self, by: Any) -> str:
        done = override_flag(
            organization=self.row,
            flag=self.cleaned_data["flag"],
            enabled=SWITCHES[self.cleaned_data["switch"]],
            by=by,
            reason=self.cleaned_data["reason"],
        )
        return _("The flag is switched.") if done else _("Nothing was different.")


class WhyForm(forms.Form):
    """Whom a flag is looked at for."""

    organization = forms.ModelChoiceField(
        label=gettext_lazy("Address of an organization"),
        queryset=Organization.objects.filter(deleted_at=None),
        to_field_name="slug",
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "acme"}),
        error_messages={
            "invalid_choice": gettext_lazy("No organization has this address.")
        },
    )


class FlagsAdmin(SheetsPage, FeatureFlagAdmin):
    """Flags; what the code asks for stays, and is killed at need."""

    form = FlagForm
    noun = "flag"
    sheets = (KillSheet, ReviveSheet)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.why_view)
        return [
            path("<uuid:object_id>/why/", view, name="flags_featureflag_why"),
            *super().get_urls(),
        ]

    def why_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        flag: Any = self.get_object(request, str(object_id))
        if flag is None:
            raise Http404
        if not self.has_view_permission(request, flag):
            raise PermissionDenied
        form = WhyForm(request.GET or None)
        found = form.cleaned_data["organization"] if form.is_valid() else None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Why is it on?"),
            "form": form,
            "original": flag,
            "organization": found,
            "steps": list(traced(flag, found)) if found else [],
            "back": self.page_of(flag),
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/flag_why.html", context, status=status)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        answer = super().render_change_form(request, context, *args, **kwargs)
        if flag := kwargs.get("obj"):
            where = reverse("admin:flags_featureflag_why", args=[flag.pk])
            why = {"url": where, "words": _("Why is it on?"), "is_danger": False}
            context["tools"].insert(0, why)
        return answer

    def has_delete_permission(
        self, request: HttpRequest, obj: FeatureFlag | None = None
    ) -> bool:
        return obj is not None and super().has_delete_permission(request, obj)

    def deletion_refusal(self, obj: FeatureFlag) -> str | Promise:
        if obj.key in DECLARED:
            return _("The code asks for %(key)s, so it stays. Kill it instead.") % {
                "key": obj
            }
        if OrganizationFeatureFlag.objects.filter(flag=obj).exists():
            return _(
                "Organizations have a switch of their own for %(key)s. Take those away"
                " first."
            ) % {"key": obj}
        return ""


def traced(flag: FeatureFlag, organization: Organization) -> Iterator[dict[str, Any]]:
    """Yield the rules of a flag in their order, and which of them decides."""
    with tenant(organization):
        own = OrganizationFeatureFlag.objects.filter(flag=flag)
        override = own.values_list("enabled", flat=True).first()
    asker = Asker(organization.pk, organization.plan, override)
    return marked(steps(flag, asker, ranks()))


def marked(found: Iterator[Step]) -> Iterator[dict[str, Any]]:
    """Yield steps; what comes after the first verdict is not asked any more."""
    decided = False
    for step in found:
        decides = not decided and step.verdict is not None
        yield {"step": step, "decides": decides, "is_asked": decides or not decided}
        decided = decided or decides


def switches(organization: Organization) -> str:
    """Return the table of an organization's flags: on or off, and by what."""
    with tenant(organization):
        rows = OrganizationFeatureFlag.objects.values_list("flag_id", "enabled")
        own = dict(rows)
    known, lines = ranks(), []
    for flag in FeatureFlag.objects.order_by("key"):
        asker = Asker(organization.pk, organization.plan, own.get(flag.pk))
        step = judged(flag, asker, known)
        where = reverse("admin:flags_featureflag_why", args=[flag.pk])
        why = f"{where}?organization={organization.slug}"
        lines.append({"flag": flag, "step": step, "why": why})
    return render_to_string("admin/flags.html", {"lines": lines})
