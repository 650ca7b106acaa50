"""Staff see teams and roles, and leave them to the members."""

import pytest

from organizations.models import CustomRole, Membership
from organizations.roles.flows import create_role, give_role
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


# C1
def test_staff_see_roles_of_an_organizations_own(as_olga, cast, look):
    with no_context(), tenant(cast.acme, cast.alice):
        made = create_role(
            name="Auditor", base="viewer", abilities=["audit.view"], by=cast.alice
        )
        member = Membership.objects.select_related("user").get(user=cast.vera)
        give_role(membership=member, role=made, by=cast.alice)
    assert "Auditor" in as_olga.get(address(CustomRole, "changelist")).text
    assert "audit.view" in as_olga.get(address(CustomRole, "change", made.pk)).text
    assert "Auditor" in as_olga.get(address(Membership, "changelist")).text
    as_olga.post(address(CustomRole, "change", made.pk), {"name": "Root"})
    assert look(lambda: CustomRole.objects.get(pk=made.pk)).name == "Auditor"


def test_another_role_given_by_staff_ends_the_custom_one(as_olga, cast, look):
    with no_context(), tenant(cast.acme, cast.alice):
        made = create_role(
            name="Auditor", base="viewer", abilities=["audit.view"], by=cast.alice
        )
        member = Membership.objects.select_related("user").get(user=cast.vera)
        give_role(membership=member, role=made, by=cast.alice)
    as_olga.post(address(Membership, "change", member.pk), {"role": "admin"})
    now = look(lambda: Membership.objects.get(pk=member.pk))
    assert (now.role, now.custom_role_id) == ("admin", None)
