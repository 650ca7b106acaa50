"""Who people are elsewhere, noted by whoever brings them over."""

from django.db import IntegrityError, router, transaction

from accounts.flows import tell
from accounts.models import ExternalIdentity, User


class IdentityTaken(Exception):
    """Somebody else is known by this id already."""


def note_identity(*, user: User, provider: str, external_id: str) -> bool:
    """Note who a person is elsewhere; False when it is noted already."""
    key = {"provider": provider, "external_id": external_id}
    known = ExternalIdentity.objects.filter(**key).first()
    if known is not None and known.user_id == user.pk:
        return False
    try:
        with transaction.atomic(using=router.db_for_write(ExternalIdentity)):
            ExternalIdentity.objects.create(user=user, **key)
            tell("user.identity_noted", user, after=key)
    except IntegrityError as error:
        raise IdentityTaken(f"{provider} {external_id}") from error
    return True
