"""The first tasks of a newcomer: what the product adds to the set-up."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.forms import visible_text
from organizations.limits.answers import told_by
from organizations.onboarding.kinds import Kind, StepForm, kinds
from tasks.flows import create_tasks
from tasks.models import Task

FIRST_TASKS: Final = "first_tasks"
MOST: Final = 3


class FirstTasksForm(StepForm):
    """Up to three titles; each that is written becomes a task."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        longest = Task._meta.get_field("title").max_length
        for number in range(1, MOST + 1):
            self.fields[f"title_{number}"] = forms.CharField(
                label=_("Task %(number)d") % {"number": number},
                max_length=longest,
                validators=[visible_text],
                required=number == 1 and not self.again,
                error_messages={"required": _("Write one task, or skip this.")},
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )

    def so_far(self) -> list[str]:
        own = Task.objects.filter(created_by=self.request.user).order_by("-pk")
        return list(own.values_list("title", flat=True)[:MOST])

    def act(self) -> bool:
        titles = [title for title in self.cleaned_data.values() if title]
        if titles:
            drafts = [{"title": title} for title in titles]
            with told_by(self, self.request):
                create_tasks(by=self.request.user, drafts=drafts)
        return not self.errors


def connect() -> None:
    """Make the step known, once."""
    kinds[FIRST_TASKS] = Kind(
        label=_("First tasks"),
        title=_("What is to be done first?"),
        text=_("Write down up to three things. Details can follow later."),
        form=FirstTasksForm,
        ability="tasks.edit",
    )
