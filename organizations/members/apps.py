"""Who belongs to an organization: their roles, their going, and its ownership."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """The pages of members and the offers of ownership."""

    name = "organizations.members"
    label = "members"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from organizations.members import jobs  # noqa: F401
