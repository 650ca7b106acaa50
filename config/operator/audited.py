"""The base of every page of the console: what staff change is recorded with it."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.files import File
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from organizations.audit.models import AuditEntry, PlatformEntry
from organizations.audit.recording import organization_of, record

HISTORY = 100


class AuditedAdmin(admin.ModelAdmin):
    """Writes an audit entry for each thing added, changed or deleted.

    The entry is the object's organization's, where it has one, and the platform's
    otherwise; the request's transaction holds both.
    """

    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
    # What the action's name begins with; the model's name unless said otherwise.
    noun = ""
    # What the product's own flows call the same act.
    verbs: ClassVar[dict[str, str]] = {}
    # What the rows are called together; the model's word unless said otherwise.
    plural: str | Promise = ""

    def title(self) -> str:
        """Return what the list is called in navigation and headings."""
        return capfirst(str(self.plural or self.opts.verbose_name_plural))

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        changed = [] if add else form.changed_data
        names = form.cleaned_data if add else changed
        return {
            "before": {name: plain(form.initial.get(name)) for name in changed},
            "after": {name: plain(form.cleaned_data.get(name)) for name in names},
        }

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        self.note(request, "created", obj, after=message["after"])

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        if message["after"]:
            self.note(request, "changed", obj, **message)

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Any]) -> None:
        for obj in queryset:
            self.note(request, "deleted", obj)

    def note(self, request: HttpRequest, verb: str, obj: Any, **values: Any) -> None:
        """Record one act of staff on an object."""
        noun = self.noun or obj._meta.model_name
        action = f"{noun}.{self.verbs.get(verb, verb)}"
        record(action, obj, by=request.user, label=self.label_of(obj), **values)

    def label_of(self, obj: Any) -> str:
        """Return what history calls an object."""
        return str(obj)

    def deletion_refusal(self, obj: Any) -> str | Promise:
        """Return why an object must stay; nothing when it may go."""
        return ""

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        obj = self.get_object(request, object_id)
        refusal = self.deletion_refusal(obj) if obj is not None else ""
        if not refusal:
            return super().delete_view(request, object_id, extra_context)
        self.message_user(request, str(refusal), messages.ERROR)
        options = self.opts
        name = f"admin:{options.app_label}_{options.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[object_id]))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        obj = self.get_object(request, object_id)
        if obj is None or not self.has_view_permission(request, obj):
            missing: Any = super()
            return missing._get_obj_does_not_exist_redirect(
                request, self.opts, object_id
            )
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %s") % obj,
            "entries": history(obj),
            "object": obj,
            "opts": self.opts,
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        return TemplateResponse(request, "admin/object_history.html", context)


class ReadOnlyAdmin(AuditedAdmin):
    """Shows rows that nobody changes by hand."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def history(obj: models.Model) -> list[Any]:
    """Return the newest entries about an object."""
    own = organization_of(obj)
    about = {"target_type": obj._meta.label_lower, "target_id": str(obj.pk)}
    if own is None:
        found = PlatformEntry.objects.filter(**about)
    else:
        found = AuditEntry.objects.filter(organization_id=own, **about)
    newest = found.select_related("actor").order_by("-created_at", "-id")
    return list(newest[:HISTORY])


def plain(value: Any) -> Any:
    """Return a form's value as JSON knows it."""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, models.QuerySet | list | tuple | set):
        return sorted(str(plain(each)) for each in value)
    if isinstance(value, File):
        return str(value)
    return value
