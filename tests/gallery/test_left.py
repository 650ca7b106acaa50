"""A picture stays when whoever uploaded it has left."""

from organizations import flows
from organizations.tenancy import no_context, tenant
from tests.gallery.conftest import GALLERY, images, send
from tests.pictures.conftest import picture


def test_a_picture_of_somebody_who_left_is_shown_and_changed(as_bob, as_alice, cast):
    send(as_bob, ("gate.png", picture()))
    [image] = images(cast.acme)
    with no_context(), tenant(cast.acme, cast.alice):
        membership = cast.acme.memberships.get(user=cast.bob)
        flows.remove_member(membership=membership, by=cast.alice)
    where = f"{GALLERY}{image.pk}/"
    page = as_alice.get(where)
    assert page.status_code == 200
    assert "Former member" in page.text
    assert "Bob Example" not in page.text
    answer = as_alice.post(f"{where}edit/", {"name": "Gate", "alt": "A gate"})
    assert answer.status_code == 302
    [image] = images(cast.acme)
    assert image.name == "Gate"
