"""Teams of Acme and Globex, and what they hold now."""

import pytest

from organizations.models import Membership
from organizations.teams import flows
from organizations.teams.models import Team, TeamMembership
from organizations.tenancy import no_context, tenant

TEAMS = "/organizations/teams/"


@pytest.fixture
def team(cast):
    """Make a team of Acme, or elsewhere, with some of its people."""

    def make(name="Workshop", *people, home="acme"):
        organization = getattr(cast, home)
        with no_context(), tenant(organization):
            made = flows.create_team(name=name, by=None)
            for person in people:
                user = getattr(cast, person)
                member = Membership.objects.select_related("user").get(user=user)
                flows.add_to_team(team=made, member=member, by=None)
        return made

    return make


@pytest.fixture
def inside(cast):
    """Return the first names of who is in a team now."""

    def names(team):
        with no_context(), tenant(team.organization_id):
            rows = TeamMembership.objects.filter(team=team).order_by("pk")
            return [row.user.first_name for row in rows.select_related("user")]

    return names


@pytest.fixture
def fresh():
    """Return a team as it is now, the removed ones too."""

    def read(team):
        with no_context(), tenant(team.organization_id):
            return Team.with_trash.get(pk=team.pk)

    return read


@pytest.fixture
def member(cast):
    """Return somebody's membership."""

    def find(name, home="acme"):
        with no_context(), tenant(getattr(cast, home)):
            return Membership.objects.get(user=getattr(cast, name))

    return find
