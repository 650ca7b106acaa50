"""What the dialog behind Ctrl+K offers: pages, tasks and articles."""

from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from config.guide import places
from config.guide.places import Group, Place
from config.guide.searching import MOST_WORDS, find, words_of
from config.guide.shelf import language
from tasks.filters import Filters
from tasks.queries import task_list

MOST_TASKS: Final = 5
MOST_ARTICLES: Final = 5


def offers(request: Any, text: str) -> list[Group]:
    """Return all that may be meant; nothing typed means every page there is."""
    words = words_of(text)[:MOST_WORDS]
    if text and not words:
        return []
    found = [places.matching(group, words) for group in places.groups(request)]
    if words:
        found += [tasks(request, text), articles(text)]
    return [group for group in found if group.places]


def tasks(request: Any, text: str) -> Group:
    """Return the tasks that the list's own search finds first."""
    title = _("Tasks that fit")
    if "tasks.view" not in request.abilities:
        return Group(title, [])
    rows = task_list(Filters(words=text), request.user.pk).rows[:MOST_TASKS]
    prefix = request.organization.task_prefix
    return Group(
        title,
        [
            Place(f"{prefix}-{row.number} {row.title}", address_of(row.id))
            for row in rows
        ],
    )


def address_of(key: str) -> str:
    return reverse("tasks:task_detail", args=[key])


def articles(text: str) -> Group:
    """Return what the docs say of it, an article once."""
    hits = find(text, language())
    known = {hit.article.name: hit for hit in reversed(hits)}
    best = [hit for hit in hits if known[hit.article.name] is hit][:MOST_ARTICLES]
    return Group(_("Docs"), [Place(hit.article.title, hit.url) for hit in best])
