"""What a plan or its bills do not allow, in words for people."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.limits.models import Key
from organizations.limits.words import amount_words, size_words
from organizations.models import Standing

# Of what is counted as such: 500 of 500 tasks.
COUNTED: Final[dict[str, Promise]] = {
    Key.TASKS: gettext_lazy("tasks"),
    Key.API_KEYS: gettext_lazy("API keys"),
    Key.WEBHOOKS: gettext_lazy("webhooks"),
}


class PlanRefusal(Exception):
    """The plan or its bills do not allow something; the text says what and why."""

    @property
    def title(self) -> str:
        raise NotImplementedError


class LimitReached(PlanRefusal):
    """An organization would have more of something than it may."""

    def __init__(self, key: str, used: int, limit: int, more: int = 1) -> None:
        super().__init__(key, used, limit, more)
        self.key, self.used, self.limit, self.more = key, used, limit, more

    @property
    def left(self) -> int:
        """How many would still fit."""
        return max(0, self.limit - self.used)

    @property
    def title(self) -> str:
        return _("The limit is reached")

    def __str__(self) -> str:
        if self.key == Key.STORAGE:
            return no_room(self.left, self.limit)
        numbers = {
            "used": amount_words(self.key, self.used),
            "limit": amount_words(self.key, self.limit),
            "left": self.left,
            "things": COUNTED.get(self.key, ""),
        }
        if self.key == Key.MEMBERS:
            return _("All seats are taken: %(used)s of %(limit)s.") % numbers
        if self.left:
            words = _(
                "That is too much at once: %(used)s of %(limit)s %(things)s are there,"
                " and %(left)s more would fit."
            )
            return words % numbers
        return _("The limit is reached: %(used)s of %(limit)s %(things)s.") % numbers


def no_room(left: int, limit: int) -> str:
    """Return what is said of a file that does not fit."""
    words = _(
        "There is no room for this file: %(left)s of %(limit)s are left. What is in"
        " the trash still counts; deleting it for good makes room."
    )
    return words % {"left": size_words(left), "limit": size_words(limit)}


class OverLimit(PlanRefusal):
    """The plan has become smaller than what is there: that can only be read."""

    def __init__(self, key: str, used: int, limit: int) -> None:
        super().__init__(key, used, limit)
        self.key, self.used, self.limit = key, used, limit

    @property
    def title(self) -> str:
        return _("Read-only until it fits")

    def __str__(self) -> str:
        numbers = {
            "used": amount_words(self.key, self.used),
            "limit": amount_words(self.key, self.limit),
            "things": COUNTED.get(self.key, ""),
        }
        if self.key == Key.STORAGE:
            words = _(
                "The plan has room for %(limit)s of files, and %(used)s are kept. No"
                " file can be added until there are fewer, or the plan is larger."
            )
        elif self.key == Key.MEMBERS:
            words = _(
                "The plan has %(limit)s seats, and %(used)s are taken. Nobody can be"
                " invited or let in until there are fewer, or the plan is larger."
            )
        else:
            words = _(
                "The plan has room for %(limit)s %(things)s, and there are %(used)s."
                " They are read-only until there are fewer, or the plan is larger."
            )
        return words % numbers


class BadStanding(PlanRefusal):
    """The organization's bills are unpaid for so long that it is closed by degrees."""

    def __init__(self, standing: str) -> None:
        super().__init__(standing)
        self.standing = standing

    @property
    def title(self) -> str:
        return _("A payment is overdue")

    def __str__(self) -> str:
        if self.standing == Standing.READ_ONLY:
            return _(
                "Everything can be read and exported, and nothing can be changed, until"
                " it is paid."
            )
        return _(
            "Until it is paid nothing is open here but billing and the export of tasks."
            " Nothing is lost."
        )


def told_outside(refusal: PlanRefusal) -> str:
    """Return why somebody is not let in, as far as it is theirs to know."""
    if isinstance(refusal, LimitReached):
        return _("No seat is left there. Ask an owner or admin.")
    return _("Nobody can join there at the moment. Ask an owner or admin.")
