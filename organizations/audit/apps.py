"""Who did what, when and from where: written once, never changed."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The append-only record of every change."""

    name = "organizations.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from organizations.audit import receivers

        receivers.connect()
