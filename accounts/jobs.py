"""Work done later for people; organizations.jobs puts it in the queue."""

from allauth.usersessions.models import UserSession
from django.core.cache import caches
from django.utils import timezone

from accounts.cache import SharedCache
from accounts.mail import mail_to
from accounts.models import Session, User


def send_welcome(*, user_id: str) -> None:
    """Welcome a person who has just confirmed their address."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is not None:
        mail_to(user, "welcome").send()


def clear_expired_sessions() -> None:
    """Delete the sessions that ended by themselves, and devices without any."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    living = Session.objects.values("session_key")
    UserSession.objects.exclude(session_key__in=living).delete()


def sweep_cache() -> None:
    """Delete what expired in the shared cache; Redis does so by itself."""
    for cache in caches.all(initialized_only=False):
        if isinstance(cache, SharedCache):
            cache.sweep()
