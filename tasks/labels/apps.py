"""Words that tasks are marked with."""

from django.apps import AppConfig


class LabelsConfig(AppConfig):
    """Labels, and which tasks have them."""

    name = "tasks.labels"
    label = "labels"
    default_auto_field = "django.db.models.BigAutoField"
