"""Every key of the product, once: the sheet behind "?" and the scripts read it here."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What has a name on a keyboard and not a letter, and a letter that takes Shift.
DRAWN: Final = {
    "Enter": "↵",
    "Escape": "Esc",
    "X": "⇧ x",
    "Ctrl+k": "Ctrl k",
    "Meta+k": "⌘ k",
}
ARROWS: Final = ("←", "↑", "↓", "→")
EDITABLE: Final = "a.st, a.move, a[data-menu]"
INBOX: Final = ".inbox .what a"
TASKS: Final = ".task .title a, #board"
# A drawer has ways on and a way out, too.
WAYS: Final = f"{TASKS}, [data-step], [data-drawer-close]"


@dataclass(frozen=True)
class Key:
    """What some keys do, and what a page must have for them to do it."""

    keys: tuple[str, ...]
    does: Promise | str
    where: str = ""

    @property
    def drawn(self) -> list[tuple[str, list[str]]]:
        """Return each key as a script knows it, and as it is drawn."""
        return [(key, DRAWN.get(key, key).split()) for key in self.keys]


def to(key: str, does: Promise | str) -> Key:
    """Return a key that presses what carries it."""
    return Key((key,), does, f"[data-hotkey='{key}']")


GROUPS: Final = (
    (
        _("Everywhere"),
        (
            to("c", _("New task")),
            to("/", _("Search")),
            Key(("Ctrl+k", "Meta+k"), _("Jump to page"), "[data-hotkey='Ctrl+k']"),
            to("g t", _("Go to tasks")),
            to("g b", _("Go to the board")),
            to("g i", _("Go to the inbox")),
            to("g l", _("Show as a list")),
            to("g y", _("Go to my tasks")),
            to("g g", _("Go to the gallery")),
            to("g m", _("Go to members")),
            to("g d", _("Go to developers")),
            Key(("?",), _("This list")),
        ),
    ),
    (
        _("Inbox"),
        (
            Key(("j", "k"), _("Next, previous"), INBOX),
            Key(("Enter",), _("Open it"), INBOX),
            Key(("e",), _("Archive"), INBOX),
            Key(("u",), _("Mark as read, or unread"), INBOX),
        ),
    ),
    (
        _("Lists and the board"),
        (
            Key(("j", "k"), _("Next, previous task"), WAYS),
            Key(ARROWS, _("Walk over the board"), "#board"),
            Key(("Enter",), _("Open the task"), TASKS),
            Key(("x",), _("Select the task"), ".task .pick"),
            Key(("X",), _("Select up to here"), "#bulk"),
            Key(("Escape",), _("Close what is open"), WAYS),
        ),
    ),
    (
        _("The task, or what is selected"),
        (
            Key(("s",), _("Status"), EDITABLE),
            Key(("p",), _("Priority"), EDITABLE),
            Key(("a",), _("Assign"), EDITABLE),
            Key(("l",), _("Label"), EDITABLE),
            Key(("d",), _("Due date"), EDITABLE),
            Key(("t",), _("Team"), EDITABLE),
            Key(("e",), _("Edit"), EDITABLE),
        ),
    ),
)
