"""What staff see of second factors, and how they help somebody who lost theirs."""

import pytest
from allauth.mfa.models import Authenticator

from organizations.audit.models import PlatformEntry
from organizations.tenancy import identity
from tests.accounts.factors import factors
from tests.operator.conftest import CONSOLE

pytestmark = CONSOLE
LIST = "/admin/mfa/authenticator/"
SECRET = "gAAAAA-nobody-may-read-this"


@pytest.fixture
def app(cast):
    with identity():
        return Authenticator.objects.create(
            user=cast.bob, type="totp", data={"secret": SECRET}
        )


def test_staff_see_whose_factor_it_is_and_no_secret(as_olga, app):
    for where in (LIST, f"{LIST}{app.pk}/change/", f"{LIST}{app.pk}/delete/"):
        answer = as_olga.get(where)
        assert answer.status_code == 200
        assert SECRET not in answer.text
    assert "Bob Example" in as_olga.get(LIST).text


def test_staff_find_a_factor_by_address(as_olga, app):
    assert "Bob Example" in as_olga.get(LIST, {"q": "bob@"}).text
    assert "Bob Example" not in as_olga.get(LIST, {"q": "alice@"}).text


def test_staff_take_a_lost_factor_off_and_it_is_recorded(as_olga, app, cast, look):
    answer = as_olga.post(f"{LIST}{app.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 302
    assert factors(cast.bob) == []
    entry = look(lambda: PlatformEntry.objects.get(action="second_factor.removed"))
    assert entry.actor_id == cast.olga.pk
    assert "Bob Example" in entry.target_label


def test_staff_neither_add_nor_change_a_factor(as_olga, app, cast):
    assert as_olga.get(f"{LIST}add/").status_code == 403
    answer = as_olga.post(f"{LIST}{app.pk}/change/", {"type": "webauthn"})
    assert answer.status_code == 403
    assert factors(cast.bob)[0].type == "totp"


def test_nobody_takes_many_factors_off_at_once(as_olga, app, cast):
    values = {"action": "delete_selected", "_selected_action": [app.pk], "post": "yes"}
    as_olga.post(LIST, values)
    assert len(factors(cast.bob)) == 1
