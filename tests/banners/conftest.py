"""Banners as staff write them, and pages that look for them anew."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.banners import showing
from accounts.banners.models import Banner
from organizations.tenancy import no_context, operator

STAFF = pytest.mark.django_db(transaction=True, databases=["default", "operator"])


@pytest.fixture
def look_anew():
    """Let the process forget, as it does by itself after a few seconds."""
    showing.forget()
    return showing.forget


@pytest.fixture
def announce(cast, look_anew):
    """Write a banner as staff; `begins` and `ends` are in hours from now."""

    def make(text="News", *, begins=-1, ends=None, **values):
        now = timezone.now()
        with no_context(), operator(cast.olga, "test"):
            made = Banner.objects.create(
                text=text,
                starts_at=now + timedelta(hours=begins),
                ends_at=None if ends is None else now + timedelta(hours=ends),
                **values,
            )
        look_anew()
        return made

    return make
