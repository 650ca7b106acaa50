"""What cells mean: words of people and of other programs as a task's values."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.forms import can_be_seen, visible_name
from organizations.teams.models import Team
from tasks.choices import Priority, Status
from tasks.exports.cells import parted
from tasks.imports.texts import UNKEPT, Record, said
from tasks.labels.models import MOST as MOST_LABELS

LONGEST_TITLE: Final = 200
LONGEST_DESCRIPTION: Final = 50_000
LONGEST_LABEL: Final = 40
NO_WORD: Final = re.compile(r"[\W_]+")
BETWEEN: Final = re.compile(r"[;,\n]")
# Nothing was done earlier than this, and a day elsewhere is at most one ahead.
FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
AHEAD: Final = timedelta(days=1)

STATUSES: Final = {
    Status.BACKLOG: "backlog icebox triage later someday ideas wishlist",
    Status.TODO: "todo open new next planned ready pending unstarted notstarted"
    " reopened selectedfordevelopment",
    Status.IN_PROGRESS: "inprogress doing started active ongoing wip working"
    " indevelopment",
    Status.IN_REVIEW: "inreview review reviewing qa testing codereview intesting"
    " verify readyforreview",
    Status.DONE: "done closed complete completed finished fixed resolved released"
    " shipped",
}
PRIORITIES: Final = {
    Priority.LOW: "low lowest minor trivial p3 p4 p5 1 2",
    Priority.MEDIUM: "medium normal moderate default p2 3 nopriority none",
    Priority.HIGH: "high highest urgent critical blocker major immediate p0 p1 4 5",
}
STATUS_WORDS: Final = {w: s for s, words in STATUSES.items() for w in words.split()}
PRIORITY_WORDS: Final = {w: p for p, words in PRIORITIES.items() for w in words.split()}
NO_WORDS: Final = frozenset({"", "no", "n", "false", "0", "off", "open", "incomplete"})
DAY_FIRST: Final = ("%d/%m/%Y", "%d-%m-%Y", "%d/%m/%y")
MONTH_FIRST: Final = ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y")
OTHER_DAYS: Final = (
    "%d.%m.%Y",
    "%Y/%m/%d",
    "%d/%b/%y",
    "%d/%b/%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%a %b %d %Y",
)
# What follows a day in the exports of other programs: an hour, a zone.
HOUR: Final = re.compile(r"[T ]\d{1,2}:\d\d.*$", re.DOTALL)


class NotUnderstood(Exception):
    """A cell cannot be a value of its field; the message says why."""


@dataclass(frozen=True)
class Choices:
    """What the person who imports has decided, and what the organization has."""

    day_first: bool = True
    leave_unknown_people: bool = False
    leave_unknown_status: bool = False
    make_unknown_labels: bool = False
    leave_unknown_team: bool = False
    # How many labels can be made.
    room: int = MOST_LABELS
    people: Mapping[str, UUID] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)


@dataclass(frozen=True)
class Field:
    """A field that a column can be read into, and what such columns are called."""

    label: str | Promise
    read: Callable[[str, Choices], Any]
    # The most telling first.
    headings: tuple[str, ...]
    # Where it can be several: what reads a list of them.
    several: Callable[[list[str], Choices], Any] | None = None


def title(text: str, choices: Choices) -> str:
    text = text.strip()
    if len(text) > LONGEST_TITLE:
        raise NotUnderstood(
            _("The title is longer than %(n)s characters.") % {"n": LONGEST_TITLE}
        )
    if not can_be_seen(text):
        raise NotUnderstood(_("Nothing of the title can be seen."))
    return text


def description(text: str, choices: Choices) -> str:
    if len(text) > LONGEST_DESCRIPTION:
        raise NotUnderstood(
            _("The description is longer than %(n)s characters.")
            % {"n": f"{LONGEST_DESCRIPTION:,}"}
        )
    return text


def status(text: str, choices: Choices) -> Status | None:
    word = bare(text)
    found = STATUS_WORDS.get(word) or labelled(Status, word)
    if found is None and not choices.leave_unknown_status:
        raise NotUnderstood(_("There is no such status."))
    return found


def priority(text: str, choices: Choices) -> Priority:
    word = bare(text)
    found = PRIORITY_WORDS.get(word) or labelled(Priority, word)
    if found is None:
        raise NotUnderstood(_("There is no such priority."))
    return found


def completed(text: str, choices: Choices) -> datetime | Status | None:
    """The moment it was done, or a yes; a no leaves the status alone."""
    if bare(text) in NO_WORDS:
        return None
    try:
        found = moment_in(text, choices)
    except NotUnderstood:
        return Status.DONE
    return past(found)


def created_at(text: str, choices: Choices) -> datetime:
    return past(moment_in(text, choices))


def moment_in(text: str, choices: Choices) -> datetime:
    """Return a moment; without a zone it is that of UTC, and a day is its beginning."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        found = datetime.combine(due_date(text, choices), time.min)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def past(moment: datetime) -> datetime:
    now = timezone.now()
    if not FIRST <= moment <= now + AHEAD:
        raise NotUnderstood(_("That is not a moment between 1970 and today."))
    return min(moment.astimezone(UTC), now)


def due_date(text: str, choices: Choices) -> date:
    day = HOUR.sub("", text.strip())
    try:
        return date.fromisoformat(day)
    except ValueError:
        pass
    order = DAY_FIRST if choices.day_first else MONTH_FIRST
    for form in (*order, *OTHER_DAYS):
        try:
            return datetime.strptime(day, form).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    raise NotUnderstood(_("That is not a date."))


def assignees(text: str, choices: Choices) -> list[UUID]:
    """People by address or by full name; one name may hold a comma."""
    whole = choices.people.get(called(text))
    return [whole] if whole else doers(BETWEEN.split(text), choices)


def doers(names: list[str], choices: Choices) -> list[UUID]:
    found = []
    for part in filter(str.strip, names):
        person = choices.people.get(called(part))
        if person:
            found.append(person)
        elif not choices.leave_unknown_people:
            raise NotUnderstood(_("Nobody here has this address or name."))
    return found


def labels(text: str, choices: Choices) -> list[str]:
    """Labels by name, as the organization writes them; new ones as the file does."""
    return marks(parted(text), choices)


def marks(names: list[str], choices: Choices) -> list[str]:
    found = filter(None, map(str.strip, names))
    return [label(name, choices) for name in dict.fromkeys(found)]


def label(name: str, choices: Choices) -> str:
    known = choices.labels.get(name) or choices.labels.get(name.lower())
    if known:
        return known
    if not choices.make_unknown_labels:
        raise NotUnderstood(_("There is no such label."))
    if len(name) > LONGEST_LABEL:
        raise NotUnderstood(
            _("A label is longer than %(n)s characters.") % {"n": LONGEST_LABEL}
        )
    try:
        visible_name(name)
    except ValidationError as error:
        raise NotUnderstood(_("A label cannot be called so.")) from error
    return name


def team(text: str, choices: Choices) -> Team | None:
    name = text.strip()
    found = choices.teams.get(name) or choices.teams.get(name.lower())
    if found is None and not choices.leave_unknown_team:
        raise NotUnderstood(_("There is no such team."))
    return found


def bare(text: str) -> str:
    """Return a word without anything that is written in several ways."""
    return NO_WORD.sub("", text).casefold()


def called(text: str) -> str:
    return " ".join(text.split()).casefold()


def labelled(kind: Any, word: str) -> Any:
    """Return the choice whose label in the reader's language is a word."""
    return next((one for one in kind if bare(str(one.label)) == word), None)


FIELDS: Final = {
    "title": Field(
        gettext_lazy("Title"),
        title,
        (
            "title",
            "summary",
            "name",
            "taskname",
            "cardname",
            "subject",
            "task",
            "issue",
        ),
    ),
    "description": Field(
        gettext_lazy("Description"),
        description,
        ("description", "carddescription", "notes", "details", "body", "text"),
    ),
    "status": Field(
        gettext_lazy("Status"),
        status,
        ("status", "state", "listname", "list", "sectioncolumn", "section", "column"),
    ),
    "completed": Field(
        gettext_lazy("Completed"),
        completed,
        ("completed", "done", "complete", "completedat", "resolved", "finished"),
    ),
    "priority": Field(
        gettext_lazy("Priority"), priority, ("priority", "importance", "severity")
    ),
    "due_date": Field(
        gettext_lazy("Due date"),
        due_date,
        ("duedate", "due", "deadline", "dueon", "targetdate", "enddate"),
    ),
    "assignees": Field(
        gettext_lazy("Assignees"),
        assignees,
        ("assignees", "assigneeemail", "assignee", "assignedto", "members", "owner"),
        doers,
    ),
    "labels": Field(
        gettext_lazy("Labels"), labels, ("labels", "label", "tags", "tag"), marks
    ),
    "team": Field(gettext_lazy("Team"), team, ("team", "teamname")),
    "created_at": Field(
        gettext_lazy("Created"),
        created_at,
        ("createdat", "created", "creationdate", "datecreated", "createdon"),
    ),
}


@dataclass(frozen=True)
class Problem:
    """Why a line cannot be made into a task."""

    line: int
    heading: str
    value: str
    text: str


class Converter:
    """Makes drafts of tasks from records, as the columns were chosen."""

    def __init__(
        self, columns: Mapping[str, int], headings: list[str], choices: Choices
    ) -> None:
        self.columns, self.headings, self.choices = columns, headings, choices
        # The labels to be made for what was read so far, by their words.
        self.new: dict[str, str] = {}

    def draft(self, record: Record) -> tuple[dict[str, Any], list[Problem]]:
        """Return a task's values, and everything that is wrong with them."""
        if record.fault:
            return {}, [Problem(record.line, "", "", record.fault)]
        values: dict[str, Any] = {}
        problems = []
        for name, place in self.columns.items():
            cell = record.cells[place] if place < len(record.cells) else ""
            try:
                self.read(name, cell, values)
            except NotUnderstood as error:
                heading, shown = self.headings[place], said(cell)[:200]
                problems.append(Problem(record.line, heading, shown, str(error)))
        return whole(values), problems or self.crowded(record, values)

    def crowded(self, record: Record, values: dict[str, Any]) -> list[Problem]:
        """Note the labels that a line needs made; a problem when there is no room."""
        named = {name.lower(): name for name in values.get("labels", ())}
        new = {word: n for word, n in named.items() if word not in self.choices.labels}
        if new and len(new.keys() | self.new.keys()) > self.choices.room:
            text = _("It needs a new label, and there can be %(n)s at most.")
            heading = self.headings[self.columns["labels"]]
            shown = "; ".join(new.values())[:200]
            return [Problem(record.line, heading, shown, text % {"n": MOST_LABELS})]
        self.new |= {word: name for word, name in new.items() if word not in self.new}
        return []

    def read(self, name: str, cell: Any, values: dict[str, Any]) -> None:
        """Add what a cell says to the values, unless it says nothing."""
        field, text = FIELDS[name], plain(cell)
        if isinstance(text, list) and field.several:
            values[name] = field.several(text, self.choices)
        elif isinstance(text, list):
            raise NotUnderstood(_("It is several values; this takes one."))
        elif text.strip():
            values[name] = field.read(text, self.choices)
        elif name == "title":
            raise NotUnderstood(_("There is no title."))


def plain(cell: Any) -> str | list[str]:
    """Return a cell as text, or as the texts of a list."""
    if isinstance(cell, list):
        return [alone(one) for one in cell]
    return alone(cell)


def alone(value: Any) -> str:
    if isinstance(value, dict | list):
        raise NotUnderstood(_("Values inside of values cannot be read."))
    if isinstance(value, bool):
        return str(value).lower()
    text = "" if value is None else str(value)
    if UNKEPT.search(text):
        raise NotUnderstood(_("It holds characters that are no text."))
    return text


def whole(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values with what "completed" says about the status."""
    done = values.pop("completed", None)
    if isinstance(done, datetime):
        values["completed_at"] = done
    return values | {"status": Status.DONE} if done else values
