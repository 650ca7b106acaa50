"""The console's site: staff only, behind the same sign-in as everybody."""

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _


class OperatorSite(AdminSite):
    """Django's admin; signing in happens on our own rate-limited page."""

    site_title = _("Insula operator")
    site_header = _("Insula operator")
    index_title = _("Overview")
    enable_nav_sidebar = False

    def login(
        self, request: HttpRequest, extra_context: dict | None = None
    ) -> HttpResponse:
        return login_required(self.index)(request)


site = OperatorSite(name="admin")
