"""What a key may be given: the abilities that endpoints ask for, in groups.

A test compares it with what the endpoints say.
"""

from collections.abc import Collection, Iterable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

READ, WRITE = _("read"), _("write")
Scopes = tuple[tuple[str, Promise], ...]

# Group: its abilities, each with the word it has there.
OFFERED: Final[tuple[tuple[Promise, Scopes], ...]] = (
    (
        _("Tasks"),
        (("tasks.view", READ), ("tasks.edit", WRITE), ("tasks.delete", _("delete"))),
    ),
    (
        _("Members"),
        (
            ("members.view", READ),
            ("members.edit", WRITE),
            ("members.invite", _("invite")),
        ),
    ),
    (_("Teams"), (("teams.view", READ), ("teams.edit", WRITE))),
    (_("Gallery"), (("gallery.view", READ), ("gallery.edit", WRITE))),
    (_("Audit log and events"), (("audit.view", READ),)),
)
ABILITIES: Final = tuple(name for _group, scopes in OFFERED for name, _word in scopes)


def choices(own: Collection[str]) -> list[tuple[Promise, Scopes]]:
    """Return the groups with what somebody may give: nothing they may not do."""
    mine = [
        (group, tuple(scope for scope in scopes if scope[0] in own))
        for group, scopes in OFFERED
    ]
    return [(group, scopes) for group, scopes in mine if scopes]


def in_words(given: Iterable[str]) -> list[str]:
    """Return scopes as people read them: "Tasks: read, write"."""
    has = set(given)
    return [
        f"{group}: {', '.join(str(word) for _name, word in scopes)}"
        for group, scopes in choices(has)
    ]
