"""What was recorded, told to others: inboxes, programs, and whoever asks for it."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The outbox, and what the product counts."""

    name = "organizations.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from organizations.events import jobs, receivers  # noqa: F401

        receivers.connect()
