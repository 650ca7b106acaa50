"""The tenant, and what every tenant has whatever the product."""

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    """Organizations and their members."""

    name = "organizations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from organizations import jobs

        jobs.connect()
