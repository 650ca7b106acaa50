"""Staff who look on as a person, for a reason and for a while."""

from django.apps import AppConfig


class ImpersonationConfig(AppConfig):
    """The table of impersonations, and the sessions they happen in."""

    name = "accounts.impersonation"
    label = "impersonation"
    default_auto_field = "django.db.models.BigAutoField"
