"""Forms about pictures."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from organizations.forms import visible_name
from organizations.gallery.models import ALT_LENGTH, NAME_LENGTH


class FilesInput(forms.FileInput):
    """A choice of files, as many as one likes."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files as they came; each is looked into by itself, and may be refused alone."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [file for file in data or () if isinstance(file, UploadedFile)]
        if not files:
            raise forms.ValidationError(self.error_messages["required"], "required")
        if len(files) > settings.PICTURES_AT_ONCE:
            words = _("These are %(count)s pictures; %(most)s can be added at once.")
            facts = {"count": len(files), "most": settings.PICTURES_AT_ONCE}
            raise forms.ValidationError(words, "many", facts)
        return files


class UploadForm(forms.Form):
    """The pictures that are added to the gallery."""

    pictures = FilesField(
        label=_("Pictures"),
        error_messages={"required": _("Choose at least one picture first.")},
    )


class ImageForm(forms.Form):
    """What a picture is called, and what is on it."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        validators=[visible_name],
        error_messages={"required": _("Give it a name.")},
    )
    alt = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=ALT_LENGTH,
        help_text=_("Read out to people who cannot see the picture."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
