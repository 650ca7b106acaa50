"""Mail domains that an organization has proven, and who joins through them."""

from django.apps import AppConfig


class DomainsConfig(AppConfig):
    """Joining by one's address."""

    name = "organizations.domains"
    label = "domains"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from organizations.domains import copies, erasure, jobs  # noqa: F401

        copies.connect()
        erasure.connect()
