"""A removed comment is deleted when its time is over."""

from organizations.tenancy.jobs import job
from tasks.comments import purging


@job()
def purge_comment(*, comment_id: str) -> None:
    """Delete one removed comment, unless it was brought back."""
    purging.purge(comment_id)
