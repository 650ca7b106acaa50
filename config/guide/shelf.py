"""Which articles there are, in the order they are read, and where each one stands."""

from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from config.guide.drawing import Article, drawn

FOLDER: Final = Path(__file__).parent / "articles"
# Whoever asks for another language reads this one.
FIRST: Final = "en"
# A group's title, and its articles by the names of their files.
GROUPS: Final[tuple[tuple[Promise, tuple[str, ...]], ...]] = (
    (_("Getting started"), ("first-steps", "organizations", "keyboard")),
    (_("People"), ("inviting", "joining", "roles", "teams")),
    (
        _("Tasks"),
        (
            "tasks",
            "finding",
            "comments",
            "labels-and-files",
            "many-at-once",
            "import-and-export",
        ),
    ),
    (_("Your account"), ("inbox", "security", "privacy")),
    (_("Running an organization"), ("plans",)),
    (_("For developers"), ("api-keys", "webhooks")),
)
ORDER: Final = tuple(name for _title, names in GROUPS for name in names)


class Group(NamedTuple):
    """Articles under one title of the contents."""

    title: Promise
    articles: list[Article]


def language() -> str:
    """Return the language of the articles that somebody reads."""
    spoken = (get_language() or FIRST).partition("-")[0]
    return spoken if (FOLDER / spoken).is_dir() else FIRST


@cache
def article(name: str, spoken: str) -> Article:
    """Return an article in a language, drawn once a process; KeyError without one."""
    if name not in ORDER:
        raise KeyError(name)
    path = FOLDER / spoken / f"{name}.md"
    return drawn(name, path.read_text(encoding="utf-8"), spoken)


def groups(spoken: str) -> list[Group]:
    """Return the contents in a language."""
    return [
        Group(title, [article(name, spoken) for name in names])
        for title, names in GROUPS
    ]


def beside(name: str, spoken: str) -> tuple[Article | None, Article | None]:
    """Return the article before one and the one after it."""
    at = ORDER.index(name)
    around = (*ORDER[max(at - 1, 0) : at], *ORDER[at + 1 : at + 2])
    known = {each: article(each, spoken) for each in around}
    before = known.get(ORDER[at - 1]) if at else None
    return before, known.get(ORDER[at + 1]) if at + 1 < len(ORDER) else None
