"""Why a job failed; the queue keeps only that it did."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob

from organizations.tenancy.models import uuid7

MOST_CHARACTERS = 8_000


class JobFailure(models.Model):
    """One try of one job that ended with an error; it goes with the job."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # The real key, with its cascade, is the migration's: the queue is not ours.
    job = models.ForeignKey(
        ProcrastinateJob,
        models.DO_NOTHING,
        related_name="failures",
        db_constraint=False,
        db_index=False,
        verbose_name=_("job"),
    )
    attempt = models.PositiveSmallIntegerField(_("try"))
    error = models.CharField(_("error"), max_length=300)
    trace = models.TextField(_("where"), blank=True)
    # Not the database's: to read it back would take the right to read.
    created_at = models.DateTimeField(_("when"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("failure")
        verbose_name_plural = _("failures")
        indexes: ClassVar = [
            models.Index(fields=["job", "-created_at"], name="failures_of_job"),
        ]

    def __str__(self) -> str:
        return self.error
