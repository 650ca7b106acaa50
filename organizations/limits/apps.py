"""How much of each thing an organization has, and may have."""

from django.apps import AppConfig


class LimitsConfig(AppConfig):
    """Counters, and what happens at the end of them."""

    name = "organizations.limits"
    label = "limits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from organizations.limits import jobs  # noqa: F401
