"""The map: the product, accounts, the console, health."""

from django.conf import settings
from django.urls import include, path

from config import errors, health
from config.api import api

urlpatterns = [
    path("", include("organizations.urls")),
    path("join/", include("organizations.invitations.join")),
    path("organizations/domains/", include("organizations.domains.urls")),
    path("organizations/invitations/", include("organizations.invitations.urls")),
    path("organizations/limits/", include("organizations.limits.urls")),
    path("organizations/members/", include("organizations.members.urls")),
    path("organizations/roles/", include("organizations.roles.urls")),
    path("organizations/teams/", include("organizations.teams.urls")),
    path("organizations/support/", include("organizations.support.urls")),
    path("pictures/", include("organizations.pictures.urls")),
    path("gallery/", include("organizations.gallery.urls")),
    path("organizations/security/", include("organizations.security.urls")),
    path("audit/", include("organizations.audit.urls")),
    path("inbox/", include("organizations.notifications.urls")),
    path("welcome/", include("organizations.onboarding.urls")),
    path("developers/events/", include("organizations.events.urls")),
    path("developers/keys/", include("organizations.api.urls")),
    path("developers/webhooks/", include("organizations.webhooks.urls")),
    path("organizations/settings/export/", include("organizations.archives.urls")),
    path("", include("billing.urls")),
    path("tasks/labels/", include("tasks.labels.urls")),
    path("tasks/", include("tasks.changesets.urls")),
    path("tasks/export/", include("tasks.exports.urls")),
    path("tasks/import/", include("tasks.imports.urls")),
    path("tasks/", include("tasks.urls")),
    path("tasks/", include("tasks.attachments.urls")),
    path("tasks/", include("tasks.comments.urls")),
    path("billing/stripe/events/", include("billing.intake.urls")),
    path("accounts/data/", include("organizations.personal.urls")),
    path("accounts/banners/", include("accounts.banners.urls")),
    path("accounts/", include("accounts.urls")),
    path("", include("config.guide.urls")),
    path("api/v1/", include("config.reference.urls")),
    path("api/v1/", api.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
if settings.BILLING_DOUBLE:
    urlpatterns.append(path("fakestripe/", include("billing.fakestripe.urls")))
if settings.HAS_CONSOLE:
    from config.operator.site import site

    urlpatterns.append(path("admin/", site.urls))

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler429 = errors.too_many_tries
handler500 = errors.server_error
