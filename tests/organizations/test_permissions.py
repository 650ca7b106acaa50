import pytest
from django.http import HttpResponse

from organizations.decorators import member_can, public, signed_in
from organizations.models import Role
from organizations.permissions import ABILITIES, abilities, roles_with


# cap 21, 22
@pytest.mark.parametrize(
    ("lower", "higher"),
    [("viewer", "member"), ("member", "admin"), ("admin", "owner")],
)
def test_a_wider_role_can_all_that_a_narrower_one_can(lower, higher):
    assert abilities(lower) <= abilities(higher)


def test_a_viewer_may_only_look():
    assert {name.rpartition(".")[2] for name in abilities("viewer")} == {"view"}


def test_an_owner_may_do_everything():
    assert abilities("owner") == frozenset(ABILITIES)


def test_an_unknown_role_may_do_nothing_at_all():
    with pytest.raises(KeyError):
        abilities("god")


def test_the_refusal_names_who_may():
    assert roles_with("audit.view") == [Role.OWNER, Role.ADMIN]


def test_an_ability_nobody_defined_is_a_mistake_at_import():
    with pytest.raises(ValueError, match="unknown ability"):
        member_can("tasks.fly")
    with pytest.raises(ValueError, match="unknown ability"):
        member_can("tasks.view", post="tasks.fly")


@pytest.mark.parametrize(
    ("decorate", "access", "post"),
    [
        (public, "public", "public"),
        (signed_in, "signed in", "signed in"),
        (member_can("tasks.view"), "tasks.view", "tasks.view"),
        (member_can("tasks.view", post="tasks.edit"), "tasks.view", "tasks.edit"),
    ],
)
def test_a_declaration_stands_on_the_view(decorate, access, post):
    @decorate
    def view(request):
        return HttpResponse()

    assert (view.access, view.post_access, view.__name__) == (access, post, "view")
