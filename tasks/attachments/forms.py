"""Forms about attachments."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from organizations.limits.words import size_words


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files in one field, each of them looked at."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        uploads = data if isinstance(data, list | tuple) else [data]
        if len(uploads) > settings.ATTACHMENTS_MOST:
            words = _("These are %(count)s files; a task has %(most)s at most.")
            facts = {"count": len(uploads), "most": settings.ATTACHMENTS_MOST}
            raise forms.ValidationError(words, "many", facts)
        clean = super().clean
        return [self.measured(clean(one)) for one in uploads or [None]]

    def measured(self, upload: UploadedFile) -> UploadedFile:
        if (upload.size or 0) > settings.ATTACHMENT_MAX_BYTES:
            words = _("%(name)s is larger than %(limit)s. Choose a smaller file.")
            limit = size_words(settings.ATTACHMENT_MAX_BYTES)
            raise forms.ValidationError(words % {"name": upload.name, "limit": limit})
        return upload


class FilesForm(forms.Form):
    """Files for a task."""

    uploads = FilesField(
        label=_("Files"),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("A file is empty. Choose another one."),
        },
    )

    def add_too_many(self) -> None:
        """Say how many files a task may have."""
        words = _("A task has at most %(most)s files. Remove one first.")
        self.add_error("uploads", words % {"most": settings.ATTACHMENTS_MOST})
