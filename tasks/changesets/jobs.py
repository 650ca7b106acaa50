"""Large change-sets are worked off by the queue."""

from organizations.tenancy.jobs import enqueue, job, periodic
from tasks.changesets import ending, trash, working


@job()
def work(*, change_set_id: str) -> None:
    """Do or undo for a while, and hand the rest on: others wait as well."""
    if working.work_alone(change_set_id=change_set_id):
        enqueue(work, change_set_id=change_set_id)


@periodic("29 3 * * *")
def purge_trash() -> None:
    """End the tasks that have been in the trash for too long, and the changes that
    nobody can undo any more."""
    trash.purge()
    ending.purge()
