"""Comments, who is mentioned in them, and who follows a task."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.tenancy.fields import TenantForeignKey
from organizations.tenancy.models import SoftDeleteModel, TenantModel
from tasks.models import Task

MOST_CHARACTERS = 20_000


class Comment(SoftDeleteModel):
    """What one person, or a program, said about one task; a removed one can be
    brought back."""

    task = TenantForeignKey(
        Task, models.CASCADE, related_name="comments", db_index=False
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    # What the program was called that wrote it; "" for a person's.
    author_name = models.CharField(
        max_length=201, blank=True, default="", db_default="", editable=False
    )
    body = models.TextField(_("comment"), max_length=MOST_CHARACTERS)
    edited_at = models.DateTimeField(null=True, editable=False)
    # The form it came by: sent twice, it is one comment.
    sent_as = models.UUIDField(editable=False)

    search = models.GeneratedField(
        expression=SearchVector("body", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta(SoftDeleteModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "author", "sent_as"], name="comments_sent_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(body=""), name="comments_not_empty"
            ),
            models.CheckConstraint(
                condition=models.Q(author__isnull=False) | ~models.Q(author_name=""),
                name="comments_somebody_wrote",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "task", "-created_at", "-id"],
                name="comments_of_task",
            ),
            GinIndex(fields=["search"], name="comments_search"),
        ]

    def __str__(self) -> str:
        return self.body[:80]


class Mention(TenantModel):
    """One member named in one comment, by the name they had then.

    It ends with their place in the organization, by a key of its own (0002).
    """

    comment = TenantForeignKey(
        Comment, models.CASCADE, related_name="mentions", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    name = models.CharField(max_length=201)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "comment", "user"], name="comments_mention_uniq"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "user", "comment"],
                name="comments_mention_user",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TaskWatcher(TenantModel):
    """One person's word that they follow one task, or no longer do.

    Who made or does a task follows it without a row; it ends with their place in the
    organization, by a key of its own (0002).
    """

    task = TenantForeignKey(Task, models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    stopped_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "task", "user"], name="comments_watcher_uniq"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "user", "task"], name="comments_watcher_user"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.user_id}"
