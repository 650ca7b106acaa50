"""Changes of many tasks at once, and the way back from them."""

from django.apps import AppConfig


class ChangesetsConfig(AppConfig):
    """What was done to many tasks, for as long as it can be undone."""

    name = "tasks.changesets"
    label = "changesets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tasks.changesets import receivers

        receivers.connect()
