"""Banners in the console: written, timed in UTC, looked at before they show."""

from collections.abc import Callable
from datetime import UTC
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.banners.admin import BannerAdmin
from accounts.banners.models import Banner, Placement
from config.operator.audited import AuditedAdmin

LABEL_LENGTH = 80


def in_utc(view: Callable[..., Any]) -> Callable[..., Any]:
    """Draw a page of the console, and read its form, in UTC."""

    @wraps(view)
    def shown(*args: Any, **kwargs: Any) -> HttpResponse:
        with timezone.override(UTC):
            answer: Any = view(*args, **kwargs)
            return answer.render() if isinstance(answer, TemplateResponse) else answer

    return shown


class BannersAdmin(AuditedAdmin, BannerAdmin):
    """Banners; each has a page that shows it as its readers see it."""

    plural = gettext_lazy("Banners")

    changelist_view = in_utc(AuditedAdmin.changelist_view)
    changeform_view = in_utc(AuditedAdmin.changeform_view)

    def label_of(self, obj: Banner) -> str:
        return Truncator(obj.text).chars(LABEL_LENGTH)

    def has_delete_permission(
        self, request: HttpRequest, obj: Banner | None = None
    ) -> bool:
        return obj is not None and super().has_delete_permission(request, obj)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.preview_view)
        return [
            path("<uuid:object_id>/preview/", view, name="banners_banner_preview"),
            *super().get_urls(),
        ]

    def preview_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        banner = self.get_object(request, str(object_id))
        if banner is None:
            raise Http404
        if not self.has_view_permission(request, banner):
            raise PermissionDenied
        places = (Placement.APP, Placement.LANDING)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview"),
            "banner": banner,
            "places": [(place, banner.stands_on(place)) for place in places],
            "themes": (("light", _("Light")), ("dark", _("Dark"))),
            "back": reverse("admin:banners_banner_change", args=[banner.pk]),
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        return TemplateResponse(request, "admin/banner_preview.html", context)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if banner := kwargs.get("obj"):
            where = reverse("admin:banners_banner_preview", args=[banner.pk])
            preview = {"url": where, "words": _("Preview"), "is_danger": False}
            context |= {"tools": [preview], "heading": self.label_of(banner)}
        return super().render_change_form(request, context, *args, **kwargs)
