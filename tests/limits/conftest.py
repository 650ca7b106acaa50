"""What Acme may have, and what it has."""

import pytest

from organizations.limits.models import Usage
from organizations.models import Organization
from organizations.tenancy import no_context, tenant
from tests.pictures.conftest import shelf
from tests.tasks.conftest import acme_board, globex_board

__all__ = ["acme_board", "globex_board", "shelf"]

PAGE = "/organizations/limits/"


def set_acme(cast, **values):
    """Write what billing writes onto Acme."""
    with no_context(), tenant(cast.acme, cast.alice):
        Organization.objects.filter(pk=cast.acme.pk).update(**values)


def acme_now(cast):
    with no_context(), tenant(cast.acme, cast.alice):
        return Organization.objects.get(pk=cast.acme.pk)


def used_of(organization, key="tasks"):
    """Return what the counter of an organization says."""
    with no_context(), tenant(organization):
        rows = Usage.objects.filter(key=key).values_list("used", flat=True)
        return rows.first() or 0


@pytest.fixture
def allow(cast):
    """Limit Acme to so many of each thing, and to nothing else."""

    def limit(**limits):
        set_acme(cast, limits=limits)

    return limit


@pytest.fixture
def used(cast):
    """Say how much Acme has of a thing, by its counter."""

    def count(key="tasks"):
        return used_of(cast.acme, key)

    return count
