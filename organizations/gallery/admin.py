"""How pictures look in the operator's console; what is on them is nobody's there."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from organizations.admin import SetFilter
from organizations.gallery.models import Image
from organizations.limits.words import size_words


class ImageAdmin(admin.ModelAdmin):
    """Pictures of all organizations, the trash included."""

    list_display = ("name", "organization", "in_words", "deleted_at", "created_at")
    list_filter = (("deleted_at", SetFilter),)
    list_select_related = ("organization",)
    search_fields = ("name", "organization__name")
    search_help_text = _("Name or organization")
    ordering = ("-created_at", "-id")
    fields = (
        "organization",
        "name",
        "alt",
        "in_words",
        "width",
        "height",
        "file",
        "uploaded_by",
        "created_at",
        "deleted_at",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = Image.with_trash.select_related("organization", "uploaded_by")
        return rows.order_by(*self.ordering)

    @admin.display(description=_("size"), ordering="size")
    def in_words(self, image: Image) -> str:
        return size_words(image.size)
