"""What a person does to a banner."""

from typing import Any

from django.db import transaction

from accounts.banners.models import Banner, BannerDismissal


def dismiss(*, banner: Banner, by: Any) -> bool:
    """Put a banner away for one person; False for one that stays.

    What somebody has read is theirs alone, so history does not have it.
    """
    if not banner.dismissible:
        return False
    row = BannerDismissal(banner=banner, user=by)
    with transaction.atomic():
        BannerDismissal.objects.bulk_create([row], ignore_conflicts=True)
    return True
