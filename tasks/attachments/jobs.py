"""A removed file is deleted when its time is over."""

from organizations.tenancy.jobs import job
from tasks.attachments import purging


@job()
def purge_attachment(*, attachment_id: str) -> None:
    """Delete one removed file, unless it was brought back."""
    purging.purge(attachment_id)
