"""The console as an app, so that its templates and filters are found."""

from django.apps import AppConfig


class OperatorConfig(AppConfig):
    """The operator's console."""

    name = "config.operator"
    label = "operator"
