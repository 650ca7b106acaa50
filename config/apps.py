"""The roof: settings, the url map, the operator's console, the demo stories."""

from django.apps import AppConfig

from config.slow import watch_statements


class ConfigConfig(AppConfig):
    """Commands and middleware that see every app."""

    name = "config"
    label = "config"

    def ready(self) -> None:
        watch_statements()
