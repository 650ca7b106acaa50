"""Where a task was opened from: a list, the board or one's own tasks, and its filters."""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from organizations.http import TenantRequest
from tasks.filters import Filters, read

LIST, BOARD, MINE = "list", "board", "mine"
PAGES = {
    LIST: "tasks:task_list",
    BOARD: "tasks:task_board",
    MINE: "tasks:my_tasks",
}
AS_IT_BEGINS = Filters()
TASK_PAGE = re.compile(r"/[0-9a-f-]+/")


@dataclass(frozen=True)
class Origin:
    """A page that shows tasks, as the address of each of them repeats it."""

    view: str = LIST
    filters: Filters = AS_IT_BEGINS

    @property
    def name(self) -> str:
        names = {
            LIST: gettext("Tasks"),
            BOARD: gettext("Board"),
            MINE: gettext("My tasks"),
        }
        return names[self.view]

    @property
    def query(self) -> str:
        """The query string of a task's address; nothing for the list as it begins."""
        asked = "" if self.filters == AS_IT_BEGINS else self.filters.address()
        if self.view == LIST:
            return asked
        return f"{asked}&view={self.view}" if asked else f"?view={self.view}"

    @property
    def address(self) -> str:
        """The way back to the page."""
        asked = "" if self.filters == AS_IT_BEGINS else self.filters.address()
        return reverse(PAGES[self.view]) + asked

    def task(self, number: int) -> str:
        """Return the address of a task that is opened from here."""
        return reverse("tasks:task_numbered", args=[number]) + self.query


def origin_of(query: QueryDict) -> Origin:
    """Return the page an address names; what it says badly is left out."""
    view = query.get("view", LIST)
    if view == MINE:
        return Origin(MINE)
    found = replace(read(query), cursor=None)
    return on_board(found) if view == BOARD else Origin(LIST, found)


def on_board(filters: Filters) -> Origin:
    """Return the board with these filters; it has an order of its own."""
    return Origin(BOARD, replace(filters, sort="", group="", picking="", cursor=None))


def came_from(request: TenantRequest) -> str:
    """Return the page of ours that led here, as a path."""
    try:
        address = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    if address.netloc != request.get_host() or not address.path:
        return ""
    return f"{address.path}?{address.query}" if address.query else address.path


def task_page(request: TenantRequest, pk: object) -> str:
    """Return a task's page as it was left, with the page it was opened from, or plain."""
    came, _, query = came_from(request).partition("?")
    rest = came.removeprefix(reverse("tasks:task_list")[:-1])
    if rest != came and TASK_PAGE.fullmatch(rest):
        return f"{came}?{query}" if query else came
    return reverse("tasks:task_detail", args=[pk])
