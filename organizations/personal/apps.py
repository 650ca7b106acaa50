"""Everything about one person: a copy of it to take along."""

from django.apps import AppConfig


class PersonalConfig(AppConfig):
    """The page where people ask for what is kept about them."""

    name = "organizations.personal"
    label = "personal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from organizations.personal import jobs  # noqa: F401
