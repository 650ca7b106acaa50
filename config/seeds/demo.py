"""The demo: two organizations that share two people, and a member of staff."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from config.seeds import DEMO_SIGN_INS
from config.seeds.acme import ACME
from config.seeds.drafts import Colleague, Draft, Story
from config.seeds.groups import make_auditor, make_teams
from config.seeds.hooks import add_hooks
from config.seeds.money import subscribe
from config.seeds.people import make_person
from config.seeds.pictures import add_pictures
from config.seeds.startup import STARTUP
from organizations import flows
from organizations.api.flows import create_key
from organizations.invitations.flows import invite
from organizations.models import Organization, Role
from organizations.tenancy import no_context, tenant
from organizations.tenancy.models import uuid7
from tasks.changesets.flows import edit_tasks
from tasks.changesets.selection import Selection
from tasks.choices import Priority
from tasks.comments.flows import write_comment
from tasks.flows import create_task
from tasks.labels.flows import create_label
from tasks.labels.models import Label
from tasks.models import Task

STORIES = (ACME, STARTUP)
STAFF_EMAIL, STAFF_PASSWORD = DEMO_SIGN_INS[-1][1:]


def addresses() -> list[str]:
    """Return every address the demo takes."""
    people = [person.email for story in STORIES for person in story.people]
    return [*people, STAFF_EMAIL]


@transaction.atomic
def tell() -> None:
    """Make the whole demo, or nothing of it."""
    everybody: dict[str, User] = {}
    for story in STORIES:
        tell_one(story, everybody)
    make_person(
        email=STAFF_EMAIL,
        password=STAFF_PASSWORD,
        first_name="Olga",
        last_name="Petrenko",
        is_staff=True,
        is_superuser=True,
        onboarding_completed=True,
    )


def tell_one(story: Story, everybody: dict[str, User]) -> Organization:
    """Make one organization with its people, its plan and its work."""
    for colleague in story.people:
        if colleague.email not in everybody:
            everybody[colleague.email] = person_of(colleague)
    owner = everybody[story.people[0].email]
    organization = flows.create_organization(
        user=owner, name=story.name, slug=story.slug, task_prefix=story.task_prefix
    )
    with no_context(), tenant(organization, owner):
        for colleague in story.people[1:]:
            flows.add_member(
                organization=organization,
                user=everybody[colleague.email],
                role=Role(colleague.role),
                by=owner,
            )
        subscribe(story, organization, owner)
        invite(
            organization=organization,
            by=owner,
            entries=story.invited,
            role=Role.MEMBER,
        )
        if story.auditor:
            make_auditor(everybody[f"{story.auditor}@example.com"], by=owner)
        make_teams(
            {
                name: [everybody[f"{first}@example.com"] for first in people]
                for name, people in story.teams
            },
            by=owner,
        )
    add_work(story, organization, everybody)
    with no_context(), tenant(organization, owner):
        add_pictures(reversed(story.pictures), by=owner)
        add_keys(story, by=owner)
    tidy(organization, owner)
    if story.hooks:
        with no_context(), tenant(organization, owner):
            add_hooks(by=owner)
    flows.remember_organization(user=owner, organization=organization)
    return organization


def add_keys(story: Story, by: User) -> None:
    """Make the story's keys, whose secrets nobody keeps."""
    for name, scopes, days in story.keys:
        end = None if days is None else timezone.now() + timedelta(days=days)
        create_key(name=name, scopes=scopes, expires_at=end, by=by)


def person_of(colleague: Colleague) -> User:
    return make_person(
        email=colleague.email,
        password=colleague.password,
        first_name=colleague.first_name,
        last_name=colleague.last_name,
        onboarding_completed=True,
    )


def add_work(
    story: Story, organization: Organization, everybody: dict[str, User]
) -> None:
    """Make the story's tasks, each by somebody who may."""
    authors = [
        everybody[person.email] for person in story.people if person.role != Role.VIEWER
    ]
    owner = authors[0]
    with no_context(), tenant(organization, owner):
        labels = {
            create_label(by=owner, name=name, colour=colour): words
            for name, colour, words in story.labels
        }
    # The newest comes first in every list, so the story is told backwards.
    for position, draft in enumerate(reversed(story.tasks)):
        author = authors[position % len(authors)]
        with no_context(), tenant(organization, author):
            add_task(draft, author, everybody, labels)


def tidy(organization: Organization, owner: User) -> None:
    """Put a task in the trash, and change the two oldest at once."""
    with no_context(), tenant(organization, owner):
        create_task(by=owner, title="Print the old price list").remove(by=owner)
        oldest = Task.objects.order_by("number").values_list("pk", flat=True)[:2]
        edit_tasks(
            selection=Selection.of(list(oldest), None),
            by=owner,
            changes={"priority": Priority.LOW, "due_date": None},
        )


def add_task(
    draft: Draft,
    author: User,
    everybody: dict[str, User],
    labels: dict[Label, tuple[str, ...]],
) -> None:
    due = None
    if draft.due is not None:
        due = timezone.localdate() + timedelta(days=draft.due)
    task = create_task(
        by=author,
        title=draft.title,
        description=draft.description,
        status=draft.status,
        priority=draft.priority,
        due_date=due,
        assignees=[everybody[f"{name}@example.com"] for name in draft.people],
        labels=[
            label
            for label, words in labels.items()
            if any(word in draft.title.lower() for word in words)
        ],
    )
    for name, words in draft.talk:
        speaker = everybody[f"{name}@example.com"]
        write_comment(task=task, by=speaker, body=words, sent_as=uuid7())
