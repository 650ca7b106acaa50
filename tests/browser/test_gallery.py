"""The gallery in a real browser: choosing, dropping, describing, throwing away."""

import base64

import pytest

from organizations.gallery.models import Image
from organizations.tenancy import no_context, tenant
from tests.browser.test_first_day import both_ways, sign_in, with_scripts
from tests.pictures.conftest import picture

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
# What a browser sends when a file from the desktop is let go over the page.
DROP = """([name, data]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name, { type: "image/png" }));
  for (const kind of ["dragover", "drop"]) {
    const event = new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true });
    document.querySelector("#pictures").dispatchEvent(event);
  }
}"""


def a_file(name, data=None):
    body = picture() if data is None else data
    return {"name": name, "mimeType": "image/png", "buffer": body}


def choose(visitor, *files):
    visitor.page.set_input_files("[name=pictures]", list(files))


def card(visitor, name):
    return visitor.page.locator("#pictures").get_by_role("link", name=name)


def images(cast):
    with no_context(), tenant(cast.acme):
        return {image.name: image for image in Image.with_trash.all()}


@both_ways
def test_pictures_are_uploaded_described_thrown_away_and_brought_back(
    visit, cast, scripts
):
    bob = visit()
    sign_in(bob, cast.bob)
    bob.go("/gallery/")
    choose(bob, a_file("Beach.png"), a_file("Hills.png"))
    if not scripts:
        bob.press("Upload")
    card(bob, "Beach").wait_for()
    card(bob, "Hills").wait_for()
    assert "No pictures yet" not in bob.text()
    if scripts:
        assert bob.faults() == []

    card(bob, "Beach").click()
    bob.page.fill("[name=alt]", "Sand, and a red boat on it")
    bob.press("Save")
    bob.page.get_by_alt_text("Sand, and a red boat on it").wait_for()
    assert images(cast)["Beach"].alt == "Sand, and a red boat on it"
    if scripts:
        assert bob.faults() == []

    bob.press("More actions")
    bob.press("Move to trash")
    bob.page.get_by_text("Beach moved to the trash").wait_for()
    assert card(bob, "Beach").count() == 0
    assert images(cast)["Beach"].deleted_at is not None
    bob.press("Undo")
    bob.page.get_by_text("Beach is back").wait_for()
    assert images(cast)["Beach"].deleted_at is None


@with_scripts
def test_a_picture_is_dropped_anywhere_on_the_page(visit, cast, scripts):
    bob = visit()
    sign_in(bob, cast.bob)
    bob.go("/gallery/")
    bob.page.evaluate(DROP, ["Dropped.png", base64.b64encode(picture()).decode()])
    card(bob, "Dropped").wait_for()
    assert bob.page.locator(".dropping").count() == 0
    assert set(images(cast)) == {"Dropped"}


@with_scripts
def test_each_file_that_is_refused_says_why_beside_its_name(visit, cast, scripts):
    bob = visit(viewport={"width": 390, "height": 844})
    sign_in(bob, cast.bob)
    bob.go("/gallery/")
    large = a_file("Large.png", b"\x89PNG\r\n\x1a\n" + bytes(5_000_001))
    choose(bob, a_file("Drawing.png", SVG), large, a_file("Beach.png"))
    card(bob, "Beach").wait_for()
    lines = bob.page.locator("#uploads .refused")
    assert lines.count() == 2
    assert "no whole PNG" in lines.filter(has_text="Drawing.png").inner_text()
    assert "larger than 5 MB" in lines.filter(has_text="Large.png").inner_text()
    assert bob.faults() == []
    choose(bob, a_file("Hills.png"))
    card(bob, "Hills").wait_for()
    assert lines.count() == 0


@both_ways
def test_the_trash_is_emptied_after_asking(visit, cast, scripts):
    bob = visit()
    sign_in(bob, cast.bob)
    bob.go("/gallery/")
    choose(bob, a_file("Beach.png"))
    if not scripts:
        bob.press("Upload")
    card(bob, "Beach").click()
    bob.press("More actions")
    bob.press("Move to trash")
    bob.go("/gallery/trash/")
    bob.press("Delete Beach for good")
    assert "It cannot be brought back." in bob.text()
    bob.press("Delete for good")
    bob.page.get_by_text("Beach is deleted for good").wait_for()
    assert images(cast) == {}
    if scripts:
        assert bob.faults() == []


@with_scripts
def test_more_pictures_are_shown_below_the_first_ones(visit, cast, scripts):
    with no_context(), tenant(cast.acme, cast.alice):
        for number in range(30):
            Image.objects.create(
                name=f"Picture {number}", width=4, height=3, uploaded_by=cast.alice
            )
    bob = visit()
    sign_in(bob, cast.bob)
    bob.go("/gallery/")
    assert bob.page.locator("#pictures img").count() == 24
    bob.press("Show more", "link")
    card(bob, "Picture 0").wait_for()
    assert bob.page.locator("#pictures img").count() == 30
