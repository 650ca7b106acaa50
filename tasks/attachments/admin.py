"""How attachments look in the operator's console."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from organizations.admin import SetFilter
from organizations.limits.words import size_words
from tasks.attachments.models import Attachment


class AttachmentAdmin(admin.ModelAdmin):
    """Files of all organizations' tasks, the trash included; never what is in them."""

    list_display = (
        "name",
        "organization",
        "task",
        "kept",
        "content_type",
        "deleted_at",
        "created_at",
    )
    list_filter = (("deleted_at", SetFilter),)
    list_select_related = ("organization", "task")
    search_fields = ("name", "organization__name")
    search_help_text = _("Name or organization")
    ordering = ("-created_at", "-id")
    fields = (
        "organization",
        "task",
        "name",
        "content_type",
        "kept",
        "path",
        "uploaded_by",
        "created_at",
        "deleted_at",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return Attachment.with_trash.order_by(*self.ordering)

    @admin.display(description=_("size"), ordering="size")
    def kept(self, file: Attachment) -> str:
        return size_words(file.kept_bytes)
