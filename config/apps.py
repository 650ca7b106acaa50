"""The roof: settings, the url map, the operator's console, the demo stories."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Commands and middleware that see every app."""

    name = "config"
    label = "config"
