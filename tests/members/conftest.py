"""Members of Acme by name, and what their memberships hold now."""

import pytest

from organizations.models import Membership, Role
from organizations.tenancy import no_context, tenant
from tests.conftest import join

MEMBERS = "/organizations/members/"


@pytest.fixture
def member(cast):
    """Return somebody's membership of Acme as it is now, or None."""

    def find(name, organization=None):
        with no_context(), tenant(organization or cast.acme):
            rows = Membership.objects.select_related("user")
            return rows.filter(user=getattr(cast, name)).first()

    return find


@pytest.fixture
def address(member):
    """Return the address of what can be done to a member."""

    def of(name, verb=""):
        return f"{MEMBERS}{member(name).pk}/{verb}/".replace("//", "/")

    return of


@pytest.fixture
def second_owner(cast):
    """Make somebody an owner beside Alice."""

    def make(name):
        with no_context(), tenant(cast.acme):
            found = Membership.objects.filter(user=getattr(cast, name))
            if not found.update(role=Role.OWNER):
                join(cast.acme, getattr(cast, name), "owner")

    return make
