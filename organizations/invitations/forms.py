"""Forms for inviting: a list of addresses, or a link."""

from collections.abc import Collection
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator
from django.utils.translation import gettext_lazy as _

from organizations.invitations.addresses import domains_in, in_table, pasted
from organizations.permissions import givable
from organizations.teams.models import Team

MOST_AT_ONCE: Final = 200
LARGEST_FILE: Final = 100_000
is_domain = DomainNameValidator()


class TeamField(forms.ModelChoiceField):
    """A team of the organization; there may be none to choose from."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Team.objects.none(),
            label=_("Team"),
            required=False,
            empty_label=_("No team"),
            error_messages={"invalid_choice": _("There is no such team.")},
            **kwargs,
        )


class WithTeams(forms.Form):
    """Offers the teams, the roles one may give, and that of newcomers first."""

    def __init__(
        self, *args: Any, organization: Any, own: Collection[str], **kwargs: Any
    ) -> None:
        first = {"role": organization.joining_role}
        kwargs["initial"] = first | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        field: Any = self.fields["role"]
        field.choices = [(role.value, role.label) for role in givable(own)]
        field = self.fields["team"]
        field.queryset = Team.objects.order_by("name")
        if not field.queryset.exists():
            del self.fields["team"]


class InviteForm(WithTeams):
    """Whom to invite, pasted or in a file, as what and into which team."""

    addresses = forms.CharField(
        label=_("E-mail addresses"),
        required=False,
        max_length=50_000,
        help_text=_("One on each line, or separated by commas."),
        widget=forms.Textarea(
            attrs={"rows": 5, "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    table = forms.FileField(
        label=_("Or a CSV file"),
        required=False,
        help_text=_("Its column “email”, or its first one, holds the addresses."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    role = forms.ChoiceField(label=_("Role"))
    team = TeamField()

    def clean_table(self) -> str:
        file: Any = self.cleaned_data["table"]
        if not file:
            return ""
        if file.size > LARGEST_FILE:
            raise ValidationError(_("That file is too large: 100 kB at most."))
        try:
            text: str = file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            words = _("That file is not text. Save it as CSV in UTF-8.")
            raise ValidationError(words) from error
        if "\0" in text:
            raise ValidationError(_("That file is not text. Save it as CSV in UTF-8."))
        return text

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        entries = pasted(values.get("addresses", ""))
        entries += in_table(values.get("table", ""))
        values["entries"] = list(dict.fromkeys(entries))
        if not entries and not self.errors:
            self.add_error("addresses", _("Write at least one address."))
        if len(values["entries"]) > MOST_AT_ONCE:
            words = _("%(n)s addresses are too many at once: 200 at most.")
            self.add_error("addresses", words % {"n": len(values["entries"])})
        return values


class LinkForm(WithTeams):
    """What a link lets people become, for how long, how often and from where."""

    role = forms.ChoiceField(label=_("Role"))
    team = TeamField()
    days = forms.TypedChoiceField(
        label=_("Works for"),
        coerce=int,
        initial=7,
        choices=[
            (1, _("1 day")),
            (7, _("7 days")),
            (30, _("30 days")),
            (90, _("90 days")),
        ],
    )
    max_uses = forms.IntegerField(
        label=_("How many people"),
        required=False,
        min_value=1,
        max_value=10_000,
        help_text=_("Left empty, as many as there are seats."),
    )
    allowed_domains = forms.CharField(
        label=_("Only addresses of"),
        required=False,
        max_length=2_000,
        help_text=_("Domains such as example.com. Left empty, any."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_allowed_domains(self) -> list[str]:
        domains = list(dict.fromkeys(domains_in(self.cleaned_data["allowed_domains"])))
        for domain in domains:
            try:
                is_domain(domain)
            except ValidationError as error:
                words = _("“%(domain)s” is not a domain.") % {"domain": domain}
                raise ValidationError(words) from error
        return domains


class MineForm(forms.Form):
    """Which of one's own invitations to accept."""

    organization_id = forms.UUIDField()
    invitation = forms.UUIDField()


class PlaceForm(forms.Form):
    """Where a page of invitations begins."""

    after = forms.UUIDField(required=False)
