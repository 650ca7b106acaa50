"""An organization as one file."""

from django.apps import AppConfig


class ArchivesConfig(AppConfig):
    """Archives that owners ask for, and those that are taken in."""

    name = "organizations.archives"
    label = "archives"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from organizations.archives import jobs, notices  # noqa: F401

        notices.connect()
