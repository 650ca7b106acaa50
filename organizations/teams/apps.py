"""Groups of an organization's people."""

from django.apps import AppConfig


class TeamsConfig(AppConfig):
    """Teams, and who is in them."""

    name = "organizations.teams"
    label = "teams"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from organizations.teams import copies

        copies.connect()
