"""Projects, labels, items and notes: every kind of relation inside one tenant."""

from typing import ClassVar

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models

from organizations.tenancy.fields import TenantForeignKey
from organizations.tenancy.models import SoftDeleteModel, TenantModel


class Project(TenantModel):
    """One project; names are unique within an organization."""

    name = models.TextField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "name"], name="lab_project_name_uniq"
            )
        ]


class Label(TenantModel):
    """One label."""

    name = models.TextField()


class Item(SoftDeleteModel):
    """One thing in a project, perhaps with labels."""

    project = TenantForeignKey(Project, models.CASCADE, null=True)
    keeper = TenantForeignKey(
        Label, models.SET_NULL, null=True, related_name="kept_items"
    )
    title = models.TextField()
    labels = models.ManyToManyField(Label, through="ItemLabel")


class ItemLabel(TenantModel):
    """One label on one item."""

    item = TenantForeignKey(Item, models.CASCADE)
    label = TenantForeignKey(Label, models.CASCADE)


class Note(TenantModel):
    """A note on anything, by a generic key."""

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.UUIDField()
    target = GenericForeignKey()
