"""What people of the cast are told, as their inboxes and their mail show it."""

import re
import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail

from organizations.audit.models import AuditEntry
from organizations.notifications.models import Notification, Preference
from organizations.tenancy import no_context, tenant
from tasks.comments.flows import write_comment
from tasks.flows import create_task
from tests.comments.conftest import HTMX  # noqa: F401

LINE = re.compile(r"/inbox/([0-9a-f-]{36})/\"")


class Told:
    """The inboxes of an organization, and what makes them fuller."""

    def __init__(self, cast: SimpleNamespace, run_jobs: Any) -> None:
        self.cast, self.run = cast, run_jobs

    def inside(self, person: Any = None) -> Any:
        return tenant(self.cast.acme, person)

    def task(self, title: str = "Order tyres", by: Any = None, **values: Any) -> Any:
        """Make a task of Alice's and let everybody be told of it."""
        owner = by or self.cast.alice
        with no_context(), self.inside(owner):
            made = create_task(by=owner, title=title, **values)
        self.run()
        return made

    def written(self, by: Any, task: Any = None) -> Notification:
        """Mention Alice in a comment, without a browser whose session has an end."""
        about = task or self.task()
        with no_context(), self.inside(by):
            write_comment(
                task=about, by=by, body="Look, @Alice Example", sent_as=uuid.uuid4()
            )
        self.run()
        return self.rows(self.cast.alice)[-1]

    def member(self, person: Any) -> Any:
        with no_context(), self.inside():
            return self.cast.acme.memberships.get(user=person)

    def rows(self, person: Any) -> list[Notification]:
        with no_context(), self.inside(person):
            return list(Notification.objects.order_by("pk"))

    def kinds(self, person: Any) -> list[str]:
        return [row.kind for row in self.rows(person)]

    def say(self, client: Any, task: Any, body: str) -> None:
        """Comment on a task as somebody, and let everybody be told of it."""
        answer = client.post(f"/tasks/{task.pk}/comments/new/", {"body": body})
        assert answer.status_code == 302
        self.run()

    def mention(self, client: Any, task: Any = None) -> Notification:
        """Let somebody mention Alice; return what she was told last."""
        self.say(client, task or self.task(), "Look, @Alice Example")
        return self.rows(self.cast.alice)[-1]

    def mails(self, person: Any) -> list[Any]:
        return [one for one in mail.outbox if one.to == [person.email]]

    def choose(self, person: Any, kind: str, channel: str, *, is_on: bool) -> None:
        with no_context(), self.inside(person):
            Preference.objects.create(
                user=person, kind=kind, channel=channel, is_on=is_on
            )

    def actions(self, word: str) -> list[AuditEntry]:
        with no_context(), self.inside():
            found = AuditEntry.objects.filter(action__contains=word)
            return list(found.order_by("sequence"))


@pytest.fixture
def told(cast: SimpleNamespace, run_jobs: Any) -> Told:
    run_jobs()
    mail.outbox.clear()
    return Told(cast, run_jobs)


def lines(page: str) -> list[str]:
    """Return the ids of the lines of an inbox."""
    return LINE.findall(page)
