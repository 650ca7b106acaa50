"""The job queue in the console."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config.operator.audited import ReadOnlyAdmin


class OpenFilter(admin.SimpleListFilter):
    """Jobs that somebody still waits for."""

    title = _("not done")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.exclude(status="succeeded") if self.value() else queryset


class JobsAdmin(ReadOnlyAdmin):
    """Jobs as the queue has them: ids only, nobody's data."""

    plural = _("Jobs")
    list_display = (
        "id",
        "task_name",
        "queue_name",
        "status",
        "attempts",
        "scheduled_at",
    )
    list_display_links = ("id", "task_name")
    list_filter = (OpenFilter, "status", "queue_name")
    search_fields = ("task_name",)
    ordering = ("-id",)
    fields = (
        "id",
        "task_name",
        "queue_name",
        "status",
        "attempts",
        "scheduled_at",
        "priority",
        "args",
        "lock",
        "queueing_lock",
    )
