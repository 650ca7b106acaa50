"""Keys of programs in the isolation story, and what they left behind."""

from typing import Any

from django.utils import timezone

from config.seeds.canaries import Marked
from organizations.api.flows import create_key
from organizations.api.models import ApiKey, KeptAnswer, KeyMinute
from organizations.models import Role
from organizations.tenancy import no_context, tenant


def add_programs(each: Marked) -> None:
    """Make a key that asked once, and changed something once."""
    owner: Any = each.people[Role.OWNER]
    with no_context(), tenant(each.organization, owner):
        key, _text = create_key(
            name=each.mark("key"),
            scopes=["tasks.view", "tasks.edit"],
            expires_at=None,
            by=owner,
        )
        marked = {"prefix": each.mark("k")[:12], "digest": each.mark("digest")}
        former = {"former_digest": each.mark("former")}
        ApiKey.objects.filter(pk=key.pk).update(**marked, **former)
        now = timezone.now().replace(second=0, microsecond=0)
        KeyMinute.objects.create(key=key, minute=now, requests=1)
        KeptAnswer.objects.create(
            key=key,
            name=each.mark("once"),
            fingerprint=each.mark("fingerprint"),
            status=201,
            body=f'{{"title": "{each.mark("answer")}"}}',
        )
