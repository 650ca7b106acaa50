"""Forms about comments."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.forms import visible_text
from organizations.tenancy.models import uuid7
from tasks.comments.models import MOST_CHARACTERS


class EditForm(forms.Form):
    """What somebody says."""

    body = forms.CharField(
        label=_("Comment"),
        max_length=MOST_CHARACTERS,
        validators=[visible_text],
        error_messages={"required": _("Write something first.")},
        widget=forms.Textarea(
            attrs={"rows": 3, "placeholder": _("Write a comment. @ names a colleague")}
        ),
    )


class CommentForm(EditForm):
    """A new comment, which knows the form it came by: sent twice, it is one."""

    sent_as = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sent_as"].initial = uuid7

    def clean_sent_as(self) -> UUID:
        return self.cleaned_data["sent_as"] or uuid7()


class PeopleForm(forms.Form):
    """The beginning of a colleague's name."""

    q = forms.CharField(required=False, max_length=100)
