"""Other programs: their keys, and what every answer to them has."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Keys, and the manners of the API."""

    name = "organizations.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"
