"""Staff see comments and attachments, and leave them to the members."""

import uuid

import pytest

from organizations.tenancy import no_context, tenant
from tasks.attachments.flows import attach
from tasks.attachments.models import Attachment
from tasks.comments.flows import remove_comment, write_comment
from tasks.comments.models import Comment
from tests.attachments.conftest import upload
from tests.operator.conftest import CONSOLE, address

pytestmark = CONSOLE


@pytest.fixture
def comment(cast, rows):
    with no_context(), tenant(cast.acme, cast.alice):
        return write_comment(
            task=rows.task,
            by=cast.alice,
            body="Ask @Bob Example about the hinge.",
            sent_as=uuid.uuid4(),
        )[0]


@pytest.fixture
def file(cast, rows):
    with no_context(), tenant(cast.acme, cast.alice):
        return attach(task=rows.task, by=cast.alice, uploads=[upload()])[0]


def test_staff_find_a_comment_and_who_is_named_in_it(as_olga, comment):
    found = as_olga.get(address(Comment, "changelist"), {"q": "HINGE"}).text
    assert "Ask @Bob Example" in found
    page = as_olga.get(address(Comment, "change", comment.pk)).text
    assert "Bob Example" in page
    assert "Oil the gate" in page


def test_staff_see_what_was_removed(as_olga, cast, comment):
    with no_context(), tenant(cast.acme, cast.alice):
        remove_comment(comment=comment, by=cast.alice)
    removed = {"deleted_at": "1"}
    assert "hinge" in as_olga.get(address(Comment, "changelist")).text
    assert as_olga.get(address(Comment, "changelist"), removed).status_code in {
        200,
        302,
    }


def test_staff_find_a_file_and_not_what_is_in_it(as_olga, file):
    found = as_olga.get(address(Attachment, "changelist"), {"q": "plan"}).text
    assert "plan.txt" in found
    page = as_olga.get(address(Attachment, "change", file.pk)).text
    assert "9 bytes" in page
    assert "Dig here." not in page


def test_staff_change_neither(as_olga, look, comment, file):
    for model, row, values in (
        (Comment, comment, {"body": "x"}),
        (Attachment, file, {"name": "x"}),
    ):
        assert as_olga.get(address(model, "add")).status_code == 403
        as_olga.post(address(model, "change", row.pk), values)
        as_olga.post(address(model, "delete", row.pk), {"post": "yes"})
    assert look(lambda: Comment.objects.get(pk=comment.pk)).body.startswith("Ask")
    assert look(lambda: Attachment.objects.get(pk=file.pk)).name == "plan.txt"
