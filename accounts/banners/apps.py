"""What the platform announces to people, above their pages."""

from django.apps import AppConfig


class BannersConfig(AppConfig):
    """Banners, and who wants to see them no more."""

    name = "accounts.banners"
    label = "banners"
    default_auto_field = "django.db.models.BigAutoField"
