"""What an organization allows staff, and what it is shown of their stays."""

from django.apps import AppConfig


class SupportConfig(AppConfig):
    """Grants of write access, and the record of what staff looked at."""

    name = "organizations.support"
    label = "support"
    default_auto_field = "django.db.models.BigAutoField"
