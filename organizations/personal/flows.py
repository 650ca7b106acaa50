"""Journeys of a personal copy: asked for, and asked for again."""

from django.db import transaction
from django.utils import timezone

from accounts.flows import tell
from accounts.models import User
from organizations.personal import jobs
from organizations.personal.models import PersonalExport, State
from organizations.tenancy.jobs import enqueue


@transaction.atomic
def ask(*, user: User) -> bool:
    """Have a person's data copied; False while that is being done already."""
    asked_at = timezone.now()
    PersonalExport.objects.get_or_create(
        user=user, defaults={"asked_at": asked_at, "expires_at": asked_at}
    )
    export = PersonalExport.objects.select_for_update().get(user=user)
    if export.state == State.ASKED:
        return False
    if export.file:
        enqueue(jobs.discard_export, name=export.file)
    export.asked_at, export.file, export.size = asked_at, "", 0
    export.failed_at = export.expires_at = None
    export.save()
    tell("user.export_asked", user)
    enqueue(jobs.prepare_export, user_id=str(user.pk))
    return True
