"""The console as an app, so that its templates and filters are found."""

from importlib import import_module

from django.apps import AppConfig


class OperatorConfig(AppConfig):
    """The operator's console."""

    name = "config.operator"
    label = "operator"

    def ready(self) -> None:
        # Once every app's models are there.
        import_module("config.operator.names").name_models()
        import_module("config.operator.console")
