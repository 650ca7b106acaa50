"""Where a task can stand, and how much it can matter."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a task stands, in the order of a board's columns."""

    BACKLOG = "backlog", _("Backlog")
    TODO = "todo", _("To do")
    IN_PROGRESS = "in_progress", _("In progress")
    IN_REVIEW = "in_review", _("In review")
    DONE = "done", _("Done")


class Priority(models.IntegerChoices):
    """How much a task matters; larger is more, so that it sorts."""

    LOW = 1, _("Low")
    MEDIUM = 3, _("Medium")
    HIGH = 5, _("High")
