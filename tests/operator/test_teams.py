"""Staff see teams, and leave them to the members."""

import pytest

from organizations.models import Membership
from organizations.teams.flows import add_to_team, create_team
from organizations.teams.models import Team
from organizations.tenancy import no_context, tenant
from tests.operator.conftest import CONSOLE, address

pytestmark = CONSOLE


@pytest.fixture
def team(cast):
    with no_context(), tenant(cast.acme, cast.alice):
        made = create_team(name="Workshop", by=cast.alice)
        member = Membership.objects.select_related("user").get(user=cast.bob)
        add_to_team(team=made, member=member, by=cast.alice)
    return made


def test_staff_find_a_team_and_who_is_in_it(as_olga, team):
    page = as_olga.get(address(Team, "changelist"), {"q": "worksh"})
    assert "Workshop" in page.text
    assert "Bob Example" in as_olga.get(address(Team, "change", team.pk)).text


def test_staff_change_none(as_olga, team, look):
    assert as_olga.get(address(Team, "add")).status_code == 403
    as_olga.post(address(Team, "change", team.pk), {"name": "Bench"})
    as_olga.post(address(Team, "delete", team.pk), {"post": "yes"})
    assert look(lambda: Team.objects.get(pk=team.pk)).name == "Workshop"
