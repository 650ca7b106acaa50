"""Talking about a task and attaching files, in a real browser."""

import pytest

from organizations.tenancy import no_context, tenant
from tasks.attachments.models import Attachment
from tasks.comments.models import Comment, Mention
from tests.browser.test_first_day import sign_in
from tests.pictures.conftest import picture, shelf  # noqa: F401
from tests.tasks.conftest import Board

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])
both_ways = pytest.mark.parametrize("scripts", [True, False], indirect=True)
with_scripts = pytest.mark.parametrize("scripts", [True], indirect=True)
FILES = [
    {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"Dig here."},
    {"name": "step.png", "mimeType": "image/png", "buffer": picture()},
]


@pytest.fixture
def task(cast):
    return Board(cast.acme, cast.alice).add("Order the winter tyres")


@pytest.fixture
def kept(cast):
    """Return what a model's rows of Acme hold in a column."""

    def values(model, column):
        with no_context(), tenant(cast.acme):
            return list(model.objects.order_by("pk").values_list(column, flat=True))

    return values


@both_ways
def test_a_comment_is_written_mended_removed_and_brought_back(
    visit, cast, scripts, task, kept
):
    bob = visit()
    sign_in(bob, cast.bob)
    bob.go(f"/tasks/{task.pk}/")
    bob.fill("Comment", "Eleven so *far*.")
    bob.press("Comment")
    see(bob, scripts, "Eleven so far.")
    bob.press("Comment actions")
    bob.press("Edit", "link") if scripts else bob.go(edit_address(kept))
    bob.page.locator("li form textarea").fill("Twelve.")
    bob.press("Save")
    see(bob, scripts, "edited")
    assert kept(Comment, "body") == ["Twelve."]
    bob.press("Comment actions")
    bob.press("Remove")
    see(bob, scripts, "Comment removed")
    assert kept(Comment, "body") == []
    bob.press("Undo")
    assert kept(Comment, "body") == ["Twelve."]
    assert not scripts or bob.faults() == []


def see(visitor, scripts, words):
    """Wait for words; without scripts the page that has them is there already."""
    if scripts:
        visitor.page.get_by_text(words).first.wait_for()
    assert words in visitor.text()


def edit_address(kept):
    [pk] = kept(Comment, "pk")
    return f"/tasks/comments/{pk}/edit/"


@with_scripts
def test_a_colleague_is_chosen_with_the_keys(visit, cast, scripts, task, kept):
    bob = visit()
    sign_in(bob, cast.bob)
    bob.go(f"/tasks/{task.pk}/")
    area = bob.page.get_by_label("Comment", exact=True)
    area.press_sequentially("Ask @al")
    bob.page.get_by_role("option", name="Alice Example").wait_for()
    assert bob.faults() == []
    area.press("Escape")
    assert bob.page.get_by_role("option").count() == 0
    area.press_sequentially("i")
    bob.page.get_by_role("option", name="Alice Example").wait_for()
    area.press("Enter")
    assert area.input_value() == "Ask @Alice Example "
    area.press("Control+Enter")
    bob.page.locator(".mention", has_text="@Alice Example").wait_for()
    assert area.input_value() == ""
    assert kept(Mention, "user_id") == [cast.alice.pk]


@with_scripts
def test_a_colleague_is_chosen_with_the_pointer(visit, cast, scripts, task):
    bob = visit()
    sign_in(bob, cast.bob)
    bob.go(f"/tasks/{task.pk}/")
    bob.press("Mention somebody")
    bob.page.get_by_role("option", name="Vera Example").click()
    area = bob.page.get_by_label("Comment", exact=True)
    assert area.input_value() == "@Vera Example "
    bob.focuses("#id_body")


@both_ways
@pytest.mark.usefixtures("shelf")
def test_files_are_attached_and_one_is_removed(visit, cast, scripts, task, kept):
    bob = visit()
    sign_in(bob, cast.bob)
    bob.go(f"/tasks/{task.pk}/")
    bob.page.set_input_files("[name=uploads]", FILES)
    if not scripts:
        bob.press("Upload")
    see(bob, scripts, "step.png")
    assert kept(Attachment, "name") == ["plan.txt", "step.png"]
    with bob.page.expect_download() as fetched:
        bob.page.get_by_role("link", name="plan.txt").click()
    assert fetched.value.suggested_filename == "plan.txt"
    bob.press("Remove plan.txt")
    see(bob, scripts, "plan.txt is removed")
    assert kept(Attachment, "name") == ["step.png"]
    assert not scripts or bob.faults() == []


@both_ways
def test_watching_begins_and_ends(visit, cast, scripts, task):
    bob = visit()
    sign_in(bob, cast.bob)
    bob.go(f"/tasks/{task.pk}/")
    assert "1 person" in bob.text()
    bob.press("Watch")
    see(bob, scripts, "2 people")
    bob.press("Stop watching")
    see(bob, scripts, "1 person")


@with_scripts
@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_a_talk_has_no_fault(visit, cast, scripts, task, scheme, width):
    board = Board(cast.acme, cast.alice)
    with no_context(), board.inside():
        Comment.objects.bulk_create(
            Comment(
                task=task,
                author=cast.alice,
                body=f"Number **{number}** " + "long" * 40,
                sent_as=f"00000000-0000-4000-8000-{number:012}",
            )
            for number in range(40)
        )
    bob = visit(color_scheme=scheme, viewport={"width": width, "height": 800})
    sign_in(bob, cast.bob)
    bob.go(f"/tasks/{task.pk}/")
    assert bob.faults() == []
    bob.page.get_by_role("link", name="Show earlier").click()
    bob.page.get_by_text("created this").wait_for()
    assert bob.page.locator("#timeline article").count() == 40
    bob.go(f"/tasks/{task.pk}/files/new/")
    assert bob.faults() == []
    bob.go(f"/tasks/{task.pk}/comments/new/")
    assert bob.faults() == []
