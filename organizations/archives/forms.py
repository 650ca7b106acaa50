"""The archive to be taken in, and the organization's address that confirms it."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from organizations.archives import signing
from organizations.archives.models import UNDERWAY, Arrival, Refusal
from organizations.archives.reading import ArchiveFile, Unreadable
from organizations.forms import AddressForm
from organizations.models import Organization

UNDERWAY_ALREADY = _("An archive is underway already: take it in or cancel it first.")


class ArchiveForm(forms.Form):
    """One archive of the organization; who signed it is looked at before all else."""

    file = forms.FileField(
        label=_("Archive"),
        max_length=500,
        help_text=_("A ZIP that was downloaded under Export, as it was."),
        error_messages={"empty": _("That file is empty.")},
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization_id = organization.pk

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.ARCHIVE_MAX_BYTES:
            most = filesizeformat(settings.ARCHIVE_MAX_BYTES)
            raise ValidationError(
                _("That file is too large: %s at most. Staff can take in larger ones.")
                % most
            )
        try:
            self.archive = ArchiveFile(file, signing.own_keys())
        except Unreadable as error:
            raise ValidationError(str(error.why.label)) from error
        if self.archive.organization_id != self.organization_id:
            raise ValidationError(str(Refusal.ANOTHER.label))
        return file

    def clean(self) -> dict[str, Any]:
        if Arrival.objects.filter(stage__in=UNDERWAY).exists():
            raise ValidationError(UNDERWAY_ALREADY)
        return self.cleaned_data


class ConfirmForm(AddressForm):
    """The address, typed by whoever takes an archive in over the organization."""

    hint = _("Type %(slug)s, so that nothing is replaced by mistake.")
    refusal = _("That is not its address. Nothing was replaced.")
