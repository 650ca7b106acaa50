"""What people say about a task, and who follows it."""

from django.apps import AppConfig


class CommentsConfig(AppConfig):
    """Comments, mentions and watchers."""

    name = "tasks.comments"
    label = "comments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tasks.comments import copies, notices, page

        copies.connect()
        page.connect()
        notices.connect()
