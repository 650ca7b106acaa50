"""The queue's jobs about what people are told: mails, digests, and forgetting."""

from organizations.notifications import digests, letters
from organizations.tenancy.jobs import job, periodic


@job()
def mail_notification(*, notification_id: str) -> None:
    """Mail somebody what they were told, unless they know by now."""
    letters.send(notification_id)


@job()
def mail_digest(*, user_id: str, moment: str) -> None:
    """Mail somebody what was gathered for them at a moment."""
    letters.send_digest(user_id, moment)


@periodic("2 * * * *")
def prepare_digests() -> None:
    """Send the digest to everybody whose morning it is."""
    digests.prepare_all(mail_digest)


@periodic("37 3 * * *")
def forget_old_notifications() -> None:
    """Delete what has been read or put away for long."""
    digests.forget_all()
