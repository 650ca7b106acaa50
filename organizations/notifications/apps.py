"""What people are told: in their inbox, by mail, once a day."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The inbox, and what each person wants to hear."""

    name = "organizations.notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from organizations.notifications import copies, erasure, people, telling

        telling.connect()
        people.connect()
        copies.connect()
        erasure.connect()
