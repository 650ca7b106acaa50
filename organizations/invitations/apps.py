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
            notices,
            receivers,
        )
        from organizations.invitations.seats import seats_in_use
        from organizations.limits.counting import counted
        from organizations.limits.models import Key

        counted[Key.MEMBERS] = seats_in_use
        copies.connect()
        notices.connect()
        receivers.connect()
        erasure.connect()
