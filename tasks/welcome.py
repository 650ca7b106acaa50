"""The first tasks of a newcomer: what the product adds to the set-up."""

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from organizations.forms import visible_text
from organizations.limits.answers import told_by
from organizations.onboarding.kinds import Kind, StepForm, kinds
from tasks.flows import create_tasks
from tasks.models import Task

FIRST_TASKS: Final = "first_tasks"
MOST: Final = 3
# So long after it was sent the same list is a second click, and no second wish.
A_MOMENT: Final = timedelta(seconds=30)


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
            drafts, by = [{"title": title} for title in titles], self.request.user
            with told_by(self, self.request), transaction.atomic():
                if not sent_before(by, titles):
                    create_tasks(by=by, drafts=drafts)
        return not self.errors


def sent_before(user: User, titles: list[str]) -> bool:
    """Whether somebody has just made these tasks, once their other requests are done.

    A second click sends the same again, and by then the step may well be done.
    """
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    own = Task.objects.filter(created_by=user, created_at__gt=Now() - A_MOMENT)
    return set(titles) <= set(own.values_list("title", flat=True))


def connect() -> None:
    """Make the step known, once."""
    kinds[FIRST_TASKS] = Kind(
        label=_("First tasks"),
        title=_("What is to be done first?"),
        text=_("Write down up to three things. Details can follow later."),
        form=FirstTasksForm,
        ability="tasks.edit",
    )
