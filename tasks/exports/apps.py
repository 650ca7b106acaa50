"""Tasks as a file, to take along."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """What a list shows, as CSV or JSON Lines."""

    name = "tasks.exports"
    label = "exports"
    default_auto_field = "django.db.models.BigAutoField"
