"""What was there when a form was checked, and is gone when it is written."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from organizations.flows import broken_rule
from tasks.models import MEMBER_RULE, NotAMember, Task

# The keys of the database that break, and what a form is then told, by its fields.
PEOPLE = ("assignees", "assignee")
GONE = {
    MEMBER_RULE: (PEOPLE, _("Somebody you chose has just left. Choose again.")),
    "tasks_task_team_id_tenant_fk": (
        ("team",),
        _("That team was just deleted. Choose again."),
    ),
    "labels_tasklabel_label_id_tenant_fk": (
        ("labels",),
        _("A label you chose was just deleted. Choose again."),
    ),
}


@contextmanager
def asking_again(form: Any) -> Iterator[None]:
    """Turn what went after the check into an error of the form; nothing is written.

    A task that went itself is a missing one.
    """
    try:
        yield
    except Task.DoesNotExist as error:
        raise Http404 from error
    except NotAMember:
        refuse(form, MEMBER_RULE)
    except IntegrityError as error:
        if broken_rule(error) not in GONE:
            raise
        refuse(form, broken_rule(error))


def refuse(form: Any, rule: str) -> None:
    names, sentence = GONE[rule]
    form.add_error(
        next((name for name in names if name in form.fields), None), sentence
    )
