"""How tasks look in the operator's console, which records what is done to them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from organizations.admin import PeopleInline, SetFilter
from tasks.models import Task, TaskAssignee


class TaskAssigneeInline(PeopleInline):
    """Who does a task; assigning is the organization's own affair."""

    model = TaskAssignee
    fields = readonly_fields = ("user", "created_at")
    verbose_name_plural = _("assignees")


class TaskAdmin(admin.ModelAdmin):
    """Tasks of all organizations, the trash included."""

    list_display = (
        "key",
        "title",
        "organization",
        "status",
        "priority",
        "due_date",
        "deleted_at",
        "created_at",
    )
    list_display_links = ("key", "title")
    list_filter = ("status", "priority", ("deleted_at", SetFilter))
    list_select_related = ("organization",)
    search_fields = ("title", "organization__name")
    search_help_text = _("Title or organization")
    ordering = ("-created_at", "-id")
    fields = (
        "key",
        "organization",
        "title",
        "description",
        "status",
        "priority",
        "due_date",
        "created_by",
        "created_at",
        "completed_at",
        "deleted_at",
    )
    readonly_fields = (
        "key",
        "organization",
        "status",
        "created_by",
        "created_at",
        "completed_at",
        "deleted_at",
    )
    inlines = (TaskAssigneeInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = Task.with_trash.select_related("organization", "created_by")
        return rows.order_by(*self.ordering)

    @admin.display(description=_("key"), ordering="number")
    def key(self, task: Any) -> str:
        return f"{task.organization.task_prefix}-{task.number}"
