"""The job queue in the console: how it stands, why jobs failed, another try."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from config.operator.audited import ReadOnlyAdmin
from config.operator.filters import FailedMailsFilter
from config.queue import standing, try_again
from organizations.failures.models import JobFailure


class OpenFilter(admin.SimpleListFilter):
    """Jobs that somebody still waits for."""

    title = _("not done")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.exclude(status="succeeded") if self.value() else queryset


class FailureInline(admin.TabularInline):
    """Why a job failed, the last try first."""

    model = JobFailure
    fields = readonly_fields = ("created_at", "attempt", "error", "trace")
    ordering = ("-created_at",)
    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("procrastinate.view_procrastinatejob")  # type: ignore[union-attr]

    def has_add_permission(self, *args: object) -> bool:
        return False

    def has_change_permission(self, *args: object) -> bool:
        return False


class JobsAdmin(ReadOnlyAdmin):
    """Jobs as the queue has them: ids only, nobody's data."""

    plural = _("Jobs")
    change_list_template = "admin/jobs.html"
    list_display = (
        "id",
        "task_name",
        "status",
        "attempts",
        "scheduled_at",
        "error",
    )
    list_display_links = ("id", "task_name")
    list_filter = (OpenFilter, "status", "queue_name", FailedMailsFilter)
    search_fields = ("task_name",)
    search_help_text = _("Name of the job, or id of a person or an organization")
    ordering = ("-id",)
    inlines = (FailureInline,)
    actions = ("retry",)
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

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        newest = JobFailure.objects.filter(job=OuterRef("pk")).order_by("-created_at")
        rows = super().get_queryset(request)
        return rows.annotate(last_error=Subquery(newest.values("error")[:1]))

    @admin.display(description=_("last error"))
    def error(self, job: Any) -> str | None:
        found: str | None = job.last_error
        return found

    def changelist_view(
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        found = standing("operator")
        return super().changelist_view(request, {"standing": found})

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        try:
            key = str(UUID(search_term.strip()))
        except ValueError:
            return super().get_search_results(request, queryset, search_term)
        # Whom a job is about is among its arguments.
        return queryset.filter(args__icontains=key), False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("procrastinate.change_procrastinatejob")  # type: ignore[union-attr]

    @admin.action(description=_("Try again"), permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: QuerySet) -> None:
        retried = try_again(list(queryset.order_by("pk")), by=request.user)
        words = ngettext(
            "%(count)d job is tried again.",
            "%(count)d jobs are tried again.",
            len(retried),
        )
        self.message_user(request, words % {"count": len(retried)})
