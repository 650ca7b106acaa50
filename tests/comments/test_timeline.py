"""What was said and what was done, as one line through time."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from organizations import flows
from organizations.tenancy import no_context
from tasks.comments.models import Comment
from tasks.comments.timeline import PAGE
from tests.comments.conftest import HTMX


@pytest.fixture
def many(talk):
    """Say many things, each a minute after the one before."""

    def make(count):
        now = timezone.now() + timedelta(minutes=1)
        with no_context(), talk.inside():
            Comment.objects.bulk_create(
                Comment(
                    task=talk.task,
                    author=talk.board.owner,
                    body=f"Number {number}.",
                    sent_as=f"00000000-0000-4000-8000-{number:012}",
                    created_at=now + timedelta(minutes=number),
                )
                for number in range(count)
            )

    return make


def numbers(text):
    return [int(found) for found in re.findall(r"<p>Number (\d+)\.</p>", text)]


def earlier(text):
    found = re.search(r'hx-get="([^"]+\?before=[^"]+)"', text)
    return found and found[1]


def test_comments_and_changes_are_told_in_the_order_of_time(as_alice, cast, talk):
    talk.say("First words.", by=cast.bob)
    as_alice.post(f"{talk.page}status/", {"status": "done"})
    talk.say("Last words.", by=cast.bob)
    page = as_alice.get(talk.page).text
    told = [page.index(words) for words in ("created this", "First", "Last words.")]
    assert told == sorted(told)
    assert "moved this from To do to Done" in page
    assert earlier(page) is None


def test_a_long_story_is_shown_from_its_end(as_vera, talk, many):
    many(PAGE + 5)
    page = as_vera.get(talk.page).text
    assert numbers(page) == list(range(5, PAGE + 5))
    part = as_vera.get(earlier(page), **HTMX)
    assert numbers(part.text) == [0, 1, 2, 3, 4]
    assert "created this" in part.text
    assert "<html" not in part.text
    assert earlier(part.text) is None


def test_without_scripts_what_came_before_is_a_page(as_vera, talk, many):
    many(2 * PAGE + 5)
    page = as_vera.get(earlier(as_vera.get(talk.page).text))
    assert page.status_code == 200
    assert numbers(page.text) == list(range(5, PAGE + 5))
    assert "Activity of ACME-1" in page.text
    last = as_vera.get(earlier(page.text)).text
    assert numbers(last) == list(range(5))


def test_pages_of_one_moment_leave_nothing_out(as_vera, talk):
    for number in range(PAGE + 7):
        talk.say(f"Number {number}.")
    page = as_vera.get(talk.page).text
    rest = as_vera.get(earlier(page), **HTMX).text
    assert sorted(numbers(rest) + numbers(page)) == list(range(PAGE + 7))


@pytest.mark.parametrize(
    "place", ["", "x", "1_2", "9" * 4000 + "_" + "0" * 32, "\u202e"]
)
def test_a_mangled_place_begins_at_the_end(as_vera, talk, many, place):
    many(3)
    page = as_vera.get(f"{talk.page}comments/", {"before": place})
    assert page.status_code == 200
    assert numbers(page.text) == [0, 1, 2]


def test_a_foreign_timeline_is_missing(as_charlie, talk):
    assert as_charlie.get(f"{talk.page}comments/").status_code == 404


def test_who_left_is_a_former_member(as_alice, cast, talk, inside_acme):
    talk.say("Goodbye.", by=cast.bob)
    with no_context(), inside_acme():
        member = cast.acme.memberships.get(user=cast.bob)
        flows.remove_member(membership=member, by=cast.alice)
    page = as_alice.get(talk.page).text
    assert "Goodbye." in page
    assert "Former member" in page
    assert "Bob Example" not in page


def test_a_long_talk_costs_no_more_statements_than_a_short_one(
    as_vera, cast, talk, many, django_assert_max_num_queries
):
    talk.say("@Bob Example", by=cast.bob)
    as_vera.get(talk.page)
    counted = {}
    for more in (1, 50):
        many(more) if more == 50 else None
        with django_assert_max_num_queries(40) as captured:
            as_vera.get(talk.page)
        counted[more] = len(captured)
    assert counted[50] <= counted[1]
