"""Large change-sets are worked off by the queue."""

from organizations.tenancy.jobs import job, periodic
from tasks.changesets import trash, working


@job()
def work(*, change_set_id: str) -> None:
    """Do or undo what is left of a change-set."""
    working.work(change_set_id=change_set_id)


@periodic("29 3 * * *")
def purge_trash() -> None:
    """End the tasks that have been in the trash for too long."""
    trash.purge()
