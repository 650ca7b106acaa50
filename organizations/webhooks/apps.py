"""Events sent to other programs, signed, until they are taken."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Endpoints, and what was sent to them."""

    name = "organizations.webhooks"
    label = "webhooks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from organizations.webhooks import jobs, reading  # noqa: F401
