"""What staff give an organization: limits of its own, a standing, a plan."""

from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import comping, granting
from billing.gateway import Refused as StripeRefused
from billing.gateway import StripeAway
from billing.models import Plan, Subscription
from billing.pricing import OverridesForm, written
from billing.syncing import sync
from config.operator.sheets import Reasoned, Refused, Sheet
from organizations.models import Organization, Standing
from organizations.tenancy import tenant

LONGEST: Final = timedelta(days=3660)
CUSTOMERS: Final = "organizations.change_organization"
MONEY: Final = "billing.change_subscription"
UNTOUCHED: Final = gettext_lazy("Nothing was different.")


class OfOrganization(Sheet):
    """An act on an organization, on its own page or on its subscription's."""

    @property
    def about(self) -> Organization:
        return organization_of(self.row)


def organization_of(row: Any) -> Organization:
    """Return whose page it is: an organization's, or its subscription's."""
    return row if isinstance(row, Organization) else row.organization


def subscription_of(row: Any) -> Subscription | None:
    if isinstance(row, Subscription):
        return row
    return Subscription.objects.filter(organization_id=row.pk).first()


class LimitsSheet(Reasoned, OverridesForm):
    """Limits of an organization's own."""

    name = "limits"
    title = gettext_lazy("Limits")
    button = gettext_lazy("Limits")
    lead = gettext_lazy(
        "A number replaces the plan's; what is left empty is as in the plan."
    )
    permission = CUSTOMERS
    field_order = ("members", "tasks", "storage_bytes", "api_keys", "webhooks")

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.initial = written(row.limit_overrides)
        self.order_fields((*self.field_order, "lifted", "reason"))

    def act(self, by: Any) -> str:
        with tenant(self.row, by):
            done = granting.override_limits(
                organization=self.row,
                overrides=self.overrides(),
                by=by,
                reason=self.cleaned_data["reason"],
            )
        return _("The limits are changed.") if done else str(UNTOUCHED)


class StandingSheet(Reasoned):
    """What an organization may do while its bills are open."""

    name = "standing"
    title = gettext_lazy("Standing")
    button = gettext_lazy("Standing")
    lead = gettext_lazy(
        "Late payments change it by themselves, step by step. What you close here stays"
        " closed until you open it; what you open stays open until the next step."
    )
    permission = CUSTOMERS
    standing = forms.ChoiceField(label=gettext_lazy("Standing"), choices=Standing)
    field_order = ("standing", "reason")

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.initial = {"standing": row.standing}

    def act(self, by: Any) -> str:
        with tenant(self.row, by):
            done = granting.set_standing(
                organization=self.row, by=by, **self.cleaned_data
            )
        return _("The standing is changed.") if done else str(UNTOUCHED)


class CompSheet(OfOrganization, Reasoned):
    """A plan that nobody pays for."""

    name = "comp"
    title = gettext_lazy("Give a plan")
    button = gettext_lazy("Give a plan")
    lead = gettext_lazy(
        "It is free of charge, at once and until its end; giving another replaces it."
        " The people who may pay are told a week before the end, and at the end."
    )
    permission = MONEY
    plan = forms.ModelChoiceField(label=gettext_lazy("Plan"), queryset=Plan.objects)
    until = forms.DateTimeField(
        label=gettext_lazy("Ends"),
        required=False,
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
        ),
        help_text=gettext_lazy("In your own time zone. Left empty, it has no end."),
    )
    field_order = ("plan", "until", "reason")

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        found = subscription_of(row)
        if found is not None and found.is_comped:
            self.initial = {"plan": found.plan_id, "until": found.comped_until}

    def clean_until(self) -> datetime | None:
        until: datetime | None = self.cleaned_data["until"]
        now = timezone.now()
        if until and not now < until < now + LONGEST:
            raise forms.ValidationError(_("Choose a moment in the next ten years."))
        return until

    def act(self, by: Any) -> str:
        organization = self.about
        with tenant(organization, by):
            try:
                comping.comp(by=by, **self.cleaned_data)
            except comping.PaidAlready:
                words = _(
                    "%(name)s pays for a subscription at Stripe. End that one there"
                    " first, then give a plan."
                )
                raise Refused(words % {"name": organization}) from None
        words = _("%(name)s has %(plan)s free of charge.")
        return words % {"name": organization, "plan": self.cleaned_data["plan"]}


class EndCompSheet(OfOrganization, Reasoned):
    """The end of a plan that nobody pays for."""

    name = "end"
    title = gettext_lazy("End the given plan")
    button = gettext_lazy("End the given plan")
    lead = gettext_lazy(
        "The organization is on the plan that costs nothing at once. Nothing is deleted."
    )
    permission = MONEY
    is_danger = True

    @classmethod
    def fits(cls, row: Any) -> bool:
        found = subscription_of(row)
        return found is not None and found.is_comped

    def act(self, by: Any) -> str:
        organization = self.about
        with tenant(organization, by):
            done = comping.end_comp(by=by, reason=self.cleaned_data["reason"])
        return _("The given plan has ended.") if done else _("No plan was given.")


class SyncSheet(OfOrganization):
    """Reading a subscription again, without waiting for an event."""

    name = "sync"
    title = gettext_lazy("Read again from Stripe")
    button = gettext_lazy("Read again")
    lead = gettext_lazy("Our row is written as Stripe has it now.")
    permission = MONEY

    @classmethod
    def fits(cls, row: Any) -> bool:
        return bool(row.stripe_customer_id)

    def act(self, by: Any) -> str:
        return read_again(self.row, by)


def read_again(row: Subscription, by: Any) -> str:
    """Read a subscription from Stripe and return what came of it."""
    name = {"name": row.organization}
    try:
        with tenant(row.organization_id, by):
            changed = sync()
    except StripeAway:
        raise Refused(_("Stripe does not answer. Try again in a minute.")) from None
    except StripeRefused as refusal:
        words = _("Stripe refuses: %(words)s") % {"words": refusal}
        raise Refused(words) from None
    if changed:
        return _("%(name)s was different at Stripe, and is as there now.") % name
    return _("%(name)s was as at Stripe.") % name
