"""Forms about comments."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from organizations.forms import visible_text
from organizations.tenancy.models import uuid7
from tasks import markdown
from tasks.comments.mentions import drawn, mentioned
from tasks.comments.models import MOST_CHARACTERS
from tasks.forms import MOST_WRITTEN, Previewed


class EditForm(Previewed):
    """What somebody says."""

    written = "body"

    body = forms.CharField(
        label=_("Comment"),
        max_length=MOST_CHARACTERS,
        validators=[visible_text],
        error_messages={"required": _("Write something first.")},
        widget=forms.Textarea(
            attrs={"rows": 3, "placeholder": _("Write a comment. @ names a colleague")}
        ),
    )

    def draw(self, text: str) -> SafeString:
        return drawn(text, mentioned(text).values())


class CommentForm(EditForm):
    """A new comment, which knows the form it came by: sent twice, it is one."""

    sent_as = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sent_as"].initial = uuid7

    def clean_sent_as(self) -> UUID:
        return self.cleaned_data["sent_as"] or uuid7()


class PreviewForm(forms.Form):
    """A text that nobody has sent yet: a description, or a comment with its names."""

    description = forms.CharField(required=False, max_length=MOST_WRITTEN)
    body = forms.CharField(required=False, max_length=MOST_CHARACTERS)

    @property
    def preview(self) -> SafeString:
        said = self.cleaned_data["body"]
        if said:
            return drawn(said, mentioned(said).values())
        return markdown.render(self.cleaned_data["description"])


class PeopleForm(forms.Form):
    """The beginning of a colleague's name."""

    q = forms.CharField(required=False, max_length=100)
