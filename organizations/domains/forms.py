"""Forms about mail domains and joining through them."""

from typing import Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator
from django.utils.translation import gettext_lazy as _

from organizations.domains.models import Joining
from organizations.models import Role

# Anybody can have an address there: it says nothing of where they belong.
FREE_MAIL: Final = frozenset(
    [
        "aol.com",
        "gmail.com",
        "gmx.com",
        "gmx.de",
        "gmx.net",
        "googlemail.com",
        "hotmail.com",
        "icloud.com",
        "live.com",
        "mail.com",
        "mail.ru",
        "me.com",
        "msn.com",
        "outlook.com",
        "proton.me",
        "protonmail.com",
        "qq.com",
        "t-online.de",
        "web.de",
        "yahoo.com",
        "yandex.com",
        "yandex.ru",
        "163.com",
    ]
)
ROLES: Final = [(one.value, one.label) for one in (Role.MEMBER, Role.VIEWER)]
is_domain = DomainNameValidator()


class DomainForm(forms.Form):
    """The domain that an organization says is its own."""

    domain = forms.CharField(
        label=_("Domain"),
        max_length=253,
        help_text=_("What stands behind the @ of your colleagues: example.com"),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_domain(self) -> str:
        domain: str = self.cleaned_data["domain"].lower().lstrip("@").rstrip(".")
        try:
            is_domain(domain)
        except ValidationError as error:
            words = _("That is not a domain. Write it like example.com.")
            raise ValidationError(words) from error
        if domain in FREE_MAIL:
            words = _("Anybody can have an address of %(domain)s.")
            raise ValidationError(words % {"domain": domain})
        return domain


class JoiningForm(forms.Form):
    """How people of a domain get in, and as what."""

    joining = forms.ChoiceField(
        label=_("People of this domain join"), choices=Joining.choices
    )
    role = forms.ChoiceField(label=_("As"), choices=ROLES)


class JoinForm(forms.Form):
    """Which organization somebody wants to join."""

    organization_id = forms.UUIDField()


class PlaceForm(forms.Form):
    """Where a page of requests begins."""

    after = forms.UUIDField(required=False)
