"""Staff see which pictures there are, not what is on them, and change none."""

import pytest

from organizations.gallery.drawing import drawn
from organizations.gallery.flows import upload_image
from organizations.gallery.models import Image
from organizations.tenancy import no_context, tenant
from tests.operator.conftest import CONSOLE, address
from tests.pictures.conftest import picture

pytestmark = CONSOLE


@pytest.fixture
def image(cast):
    with no_context(), tenant(cast.acme, cast.bob):
        return upload_image(drawing=drawn(picture()), name="Beach", by=cast.bob)


def test_staff_find_a_picture_and_who_uploaded_it(as_olga, image):
    page = as_olga.get(address(Image, "changelist"), {"q": "bea"})
    assert "Beach" in page.text
    assert "Acme" in page.text
    assert "Bob Example" in as_olga.get(address(Image, "change", image.pk)).text


def test_staff_see_the_trash(as_olga, image, cast):
    with no_context(), tenant(cast.acme, cast.bob):
        image.remove(by=cast.bob)
    assert "Beach" in as_olga.get(address(Image, "changelist")).text


def test_staff_are_not_shown_the_picture(as_olga, image):
    assert as_olga.get(f"/gallery/{image.pk}/file/").status_code == 302


def test_staff_change_no_picture(as_olga, image, look):
    assert as_olga.get(address(Image, "add")).status_code == 403
    as_olga.post(address(Image, "change", image.pk), {"name": "Hills"})
    as_olga.post(address(Image, "delete", image.pk), {"post": "yes"})
    assert look(lambda: Image.objects.get(pk=image.pk)).name == "Beach"
