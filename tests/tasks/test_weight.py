"""What the two hot pages weigh as people fill them, before anything compresses them."""

import pytest
from django.utils import timezone

from organizations.tenancy import no_context, tenant
from tasks.choices import Status
from tasks.flows import create_tasks
from tasks.labels.models import Label


@pytest.fixture
def filled(cast):
    """Fill Acme: titles of eight words, one or two people and labels, some dates."""

    def fill(statuses, each):
        today = timezone.localdate()
        with no_context(), tenant(cast.acme, cast.alice):
            labels = [
                Label.objects.create(name="Warehouse", colour="amber"),
                Label.objects.create(name="Shop", colour="blue"),
            ]
            drafts = [
                {
                    "title": f"Ask the supplier in Porto about hinges, batch {number}",
                    "status": status,
                    "assignees": [cast.bob, cast.vera][: 1 + number % 2],
                    "labels": labels[: 1 + number % 2],
                    "due_date": None if number % 3 else today,
                }
                for status in statuses
                for number in range(each)
            ]
            create_tasks(by=cast.alice, drafts=drafts)

    return fill


@pytest.mark.parametrize("statuses", [["todo"], Status.values])
def test_a_list_of_fifty_rows_is_light(as_bob, filled, statuses):
    filled(statuses, 50 // len(statuses))
    page = as_bob.get("/tasks/").content
    assert page.count(b"<li class=") == 50
    assert len(page) < 40_000


def test_a_board_of_a_hundred_cards_is_light(as_bob, filled):
    filled(Status.values, 20)
    page = as_bob.get("/tasks/board/").content
    assert page.count(b"<article") == 100
    assert len(page) < 75_000


def test_boxes_come_only_when_they_are_asked_for(as_bob, as_vera, filled):
    filled(["todo"], 3)
    assert b"class=pick" not in as_bob.get("/tasks/").content
    assert as_bob.get("/tasks/?select=1").content.count(b"class=pick") == 3
    assert b"class=pick" not in as_bob.get("/tasks/?select=2").content
    assert b"class=pick" not in as_vera.get("/tasks/?select=1").content
