"""Staff see who was invited, and leave it to the members."""

from organizations.invitations.models import Invitation
from tests.operator.conftest import CONSOLE, address

pytestmark = CONSOLE


def test_staff_find_an_invitation_by_its_address(as_olga, rows):
    page = as_olga.get(address(Invitation, "changelist"), {"q": "noemi"})
    assert "noemi@example.com" in page.text
    assert "Acme" in page.text
    assert "Open" in page.text


def test_staff_see_one_without_its_secret(as_olga, rows, look):
    invitation = look(Invitation.objects.get)
    look(lambda: Invitation.objects.update(token_hash="f" * 64))
    page = as_olga.get(address(Invitation, "change", invitation.pk))
    assert page.status_code == 200
    assert "Alice Example" in page.text
    assert "f" * 64 not in page.text


def test_staff_send_and_change_none(as_olga, rows, look):
    assert as_olga.get(address(Invitation, "add")).status_code == 403
    invitation = look(Invitation.objects.get)
    as_olga.post(address(Invitation, "change", invitation.pk), {"role": "admin"})
    as_olga.post(address(Invitation, "delete", invitation.pk), {"post": "yes"})
    assert look(Invitation.objects.get).role == "member"
