"""Tasks brought over from a file."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Files of CSV or JSON that become tasks."""

    name = "tasks.imports"
    label = "imports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tasks.imports import copies, jobs  # noqa: F401

        copies.connect()
