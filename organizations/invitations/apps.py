"""Ways into an organization: invitations by mail and by link."""

from django.apps import AppConfig


class InvitationsConfig(AppConfig):
    """Inviting people, and being invited."""

    name = "organizations.invitations"
    label = "invitations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from organizations.invitations import (  # noqa: F401
            copies,
            erasure,
            jobs,
            receivers,
        )

        copies.connect()
        receivers.connect()
        erasure.connect()
