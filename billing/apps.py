"""Money: plans, subscriptions, what was paid for."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """Plans and subscriptions."""

    name = "billing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from billing import entitlement, notices, receivers

        receivers.connect()
        notices.connect()
        entitlement.connect()
