"""How comments look in the operator's console."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from organizations.admin import PeopleInline, SetFilter
from tasks.comments.models import Comment, Mention


class MentionInline(PeopleInline):
    """Who is mentioned in a comment."""

    model = Mention
    fields = readonly_fields = ("name", "user", "created_at")
    verbose_name_plural = _("mentions")


class CommentAdmin(admin.ModelAdmin):
    """Comments of all organizations, the trash included."""

    list_display = (
        "start",
        "organization",
        "task",
        "author",
        "deleted_at",
        "created_at",
    )
    list_filter = (("deleted_at", SetFilter),)
    list_select_related = ("organization", "task", "author")
    search_fields = ("body", "organization__name")
    search_help_text = _("Words or organization")
    ordering = ("-created_at", "-id")
    fields = (
        "organization",
        "task",
        "author",
        "body",
        "created_at",
        "edited_at",
        "deleted_at",
    )
    inlines = (MentionInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return Comment.with_trash.order_by(*self.ordering)

    @admin.display(description=_("comment"))
    def start(self, comment: Comment) -> str:
        return str(comment)
