"""What staff note about people and organizations, which only staff read."""

from django.apps import AppConfig


class NotesConfig(AppConfig):
    """Notes of staff, gone with whom they are about."""

    name = "organizations.notes"
    label = "notes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from organizations.notes import erasure

        erasure.connect()
