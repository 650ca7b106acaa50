"""The person, and what the platform says to a person."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, their sessions and their preferences."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import receivers

        receivers.connect()
