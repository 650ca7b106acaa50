"""Files that belong to a task."""

from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    """Attachments: kept, shown to members only, counted against the plan."""

    name = "tasks.attachments"
    label = "attachments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tasks.attachments import copies, page

        copies.connect()
        page.connect()
