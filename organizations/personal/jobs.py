"""Copies are made and deleted by the worker."""

from django.core.files.storage import default_storage

from accounts.models import User
from organizations.personal import making
from organizations.tenancy.jobs import job, periodic


@job()
def prepare_export(*, user_id: str) -> None:
    """Make the copy that a person asked for."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is not None:
        making.prepare(user=user)


@job()
def discard_export(*, name: str) -> None:
    """Delete a copy that a new one took the place of."""
    default_storage.delete(name)


@periodic("23 * * * *")
def expire_exports() -> None:
    """Delete the copies whose week has passed."""
    making.expire()
