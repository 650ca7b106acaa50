"""The console's site: staff only, on the operator's connection, nothing unrecorded."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from config.operator import checkups
from config.operator.audited import AuditedAdmin
from config.operator.dashboard import dashboard
from config.operator.entrance import answer_as_operator
from config.operator.navigation import sections

# Signing in and out and passwords are the product's own, rate-limited pages; and a
# shortcut to an object's page would leave the console.
NOT_OURS = {
    "login",
    "logout",
    "password_change",
    "password_change_done",
    "view_on_site",
}


class OperatorSite(AdminSite):
    """Django's admin, entered only through the operator's context."""

    site_title = _("Insula operator")
    site_header = _("Insula operator")
    index_title = _("Overview")
    site_url = None
    enable_nav_sidebar = False
    empty_value_display = "–"

    def register(self, model: Any, admin_class: Any = None, **options: Any) -> None:
        if admin_class is None or not issubclass(admin_class, AuditedAdmin):
            raise TypeError(f"{model} needs an AuditedAdmin: its changes are recorded")
        super().register(model, admin_class, **options)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        own = [
            path("doctor/", self.admin_view(self.doctor), name="doctor"),
            path("isolation/", self.admin_view(self.isolation), name="isolation"),
        ]
        return own + [
            url
            for url in super().get_urls()
            if getattr(url, "name", "") not in NOT_OURS
        ]

    def doctor(self, request: HttpRequest) -> HttpResponse:
        return checkups.doctor(self, request)

    def isolation(self, request: HttpRequest) -> HttpResponse:
        return checkups.isolation(self, request)

    def admin_view(
        self, view: Callable[..., HttpResponse], cacheable: bool = False
    ) -> Callable[..., HttpResponse]:
        checked = super().admin_view(view, cacheable)

        @wraps(view)
        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            # Whoever is not staff is not told that there is a console.
            if not self.has_permission(request):
                raise Http404
            return answer_as_operator(
                request, lambda: checked(request, *args, **kwargs)
            )

        entered.access = "staff"  # type: ignore[attr-defined]
        return entered

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        return context | {"sections": sections(self, request)}

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        mine = dashboard(self, request)
        return super().index(request, mine | (extra_context or {}))

    def app_index(
        self,
        request: HttpRequest,
        app_label: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        # Our navigation knows no apps; the address is only reached by hand.
        return self.index(request, extra_context)


site = OperatorSite(name="admin")
