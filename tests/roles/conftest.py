"""Custom roles of Acme and Globex, and who has them."""

import pytest

from organizations.models import CustomRole, Membership
from organizations.roles import flows
from organizations.tenancy import no_context, tenant

ROLES = "/organizations/roles/"
SEES = ["organization.view", "tasks.view"]


@pytest.fixture
def role(cast):
    """Make a role of Acme, or elsewhere."""

    def make(name="Auditor", abilities=SEES, base="member", home="acme"):
        with no_context(), tenant(getattr(cast, home)):
            return flows.create_role(name=name, base=base, abilities=abilities, by=None)

    return make


@pytest.fixture
def member(cast):
    """Return somebody's membership as it is now."""

    def find(name, home="acme"):
        with no_context(), tenant(getattr(cast, home)):
            rows = Membership.objects.select_related("user", "custom_role")
            return rows.get(user=getattr(cast, name))

    return find


@pytest.fixture
def give(cast, member):
    """Give somebody of Acme a custom role, or none."""

    def do(name, role):
        with no_context(), tenant(cast.acme):
            return flows.give_role(membership=member(name), role=role, by=None)

    return do


@pytest.fixture
def roles_now(cast):
    def read(home="acme"):
        with no_context(), tenant(getattr(cast, home)):
            return list(CustomRole.objects.order_by("name"))

    return read
