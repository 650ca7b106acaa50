"""The product: a board of tasks."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """Tasks and who does them."""

    name = "tasks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tasks import copies, welcome

        copies.connect()
        welcome.connect()
