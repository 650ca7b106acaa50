"""Labels, and which tasks have them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from django.db import IntegrityError, models, transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from organizations.audit.recording import record
from organizations.flows import broken_rule
from organizations.tenancy.fields import TenantForeignKey
from organizations.tenancy.models import TenantModel

NAME_RULE = "labels_name_uniq"
# Beyond these a list of labels sorts nothing any more.
MOST = 200


class NameTaken(Exception):
    """Another label of the organization is called so."""


class TooMany(Exception):
    """An organization has as many labels as it can have."""


@contextmanager
def refusing_names() -> Iterator[None]:
    """Turn the database's refusal of a second label of a name into NameTaken."""
    try:
        yield
    except IntegrityError as error:
        if broken_rule(error) == NAME_RULE:
            raise NameTaken from error
        raise


class Colour(models.TextChoices):
    """The colour of a label's dot."""

    BLUE = "blue", _("Blue")
    GREEN = "green", _("Green")
    AMBER = "amber", _("Amber")
    RED = "red", _("Red")
    VIOLET = "violet", _("Violet")
    ACCENT = "accent", _("Brick")


class Label(TenantModel):
    """One word by which an organization sorts its tasks."""

    name = models.CharField(_("name"), max_length=40)
    colour = models.CharField(
        _("colour"), max_length=10, choices=Colour, default=Colour.BLUE
    )

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint("organization", Lower("name"), name=NAME_RULE),
            models.CheckConstraint(
                condition=~models.Q(name=""), name="labels_name_not_empty"
            ),
            models.CheckConstraint(
                condition=models.Q(colour__in=Colour.values), name="labels_colour"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def change(self, *, by: Any, name: str, colour: str) -> bool:
        """Rename or recolour; False when it is so already, or NameTaken."""
        after = {"name": name, "colour": colour}
        with refusing_names(), transaction.atomic():
            # DoesNotExist when somebody deletes it meanwhile.
            self.refresh_from_db(from_queryset=Label.objects.select_for_update())
            before = {"name": self.name, "colour": self.colour}
            if before == after:
                return False
            self.name, self.colour = name, colour
            self.save(update_fields=["name", "colour"])
            record("label.changed", self, by=by, before=before, after=after)
        return True

    def remove(self, *, by: Any) -> int:
        """Delete the label for good; return how many tasks had it."""
        with transaction.atomic():
            # Of two removals at once, the second finds nothing.
            if not Label.objects.select_for_update().filter(pk=self.pk):
                return 0
            count = TaskLabel.objects.filter(label=self).count()
            record("label.removed", self, by=by, before={"tasks": count})
            self.delete()
        return count


def held(labels: Iterable[Label]) -> list[Label]:
    """Return which of some labels there still are, and stay for the transaction."""
    keys = {label.pk for label in labels}
    if not keys:
        return []
    rows = Label.objects.filter(pk__in=keys).order_by("pk")
    return list(rows.select_for_update(no_key=True))


class TaskLabel(TenantModel):
    """One label on one task."""

    task = TenantForeignKey(
        "tasks.Task", models.CASCADE, related_name="+", db_index=False
    )
    label = TenantForeignKey(Label, models.CASCADE, related_name="+", db_index=False)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "task", "label"], name="labels_tasklabel_uniq"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "label", "task"], name="labels_tasklabel_label"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.label_id}"
