"""The inbox: what it shows, what is done to its lines, and how much is new."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organizations.models import Organization
from organizations.notifications.models import Notification
from organizations.tenancy import no_context
from tasks.models import Task
from tests.notifications.conftest import HTMX, lines


@pytest.fixture
def note(told, as_bob):
    """A mention of Alice by Bob, as she has it in her inbox."""
    return told.mention(as_bob)


def now(told, note):
    return next(row for row in told.rows(told.cast.alice) if row.pk == note.pk)


def test_an_empty_inbox_says_what_would_stand_there(as_alice):
    for show in ("", "unread", "mentions", "archived", "nonsense"):
        answer = as_alice.get(f"/inbox/?show={show}")
        assert answer.status_code == 200
        assert 'class="empty"' in answer.text
        assert lines(answer.text) == []


def test_parts_show_what_they_are_called(told, cast, as_bob, as_alice, note):
    told.say(as_bob, told.task("Wash the car"), "Done")
    comment = told.rows(cast.alice)[-1]
    as_alice.post(f"/inbox/{note.pk}/read/")
    assert len(lines(as_alice.get("/inbox/").text)) == 2
    unread = as_alice.get("/inbox/?show=unread").text
    assert lines(unread) == [str(comment.pk)]
    mentions = as_alice.get("/inbox/?show=mentions").text
    assert lines(mentions) == [str(note.pk)]


def test_one_task_is_one_line_with_the_newest_of_it(told, cast, as_bob, as_alice, note):
    with no_context(), told.inside(cast.alice):
        task = Task.objects.get(pk=note.subject_id)
    told.say(as_bob, task, "One more thing")
    page = as_alice.get("/inbox/").text
    assert lines(page) == [str(told.rows(cast.alice)[-1].pk)]
    assert "One more thing" in page
    assert "and 1 more" in page
    assert "2 unread" in page


def test_reading_a_line_reads_all_about_its_task(told, cast, as_bob, as_alice, note):
    answer = as_alice.post(f"/inbox/{note.pk}/read/")
    assert answer["Location"] == "/inbox/"
    assert now(told, note).read_at is not None
    as_alice.post(f"/inbox/{note.pk}/unread/")
    assert now(told, note).read_at is None


def test_with_htmx_the_answer_is_the_line(as_alice, note):
    answer = as_alice.post(f"/inbox/{note.pk}/read/", **HTMX)
    assert answer.text.strip().startswith("<li")
    assert "is-unread" not in answer.text
    assert "Mark as unread" in answer.text
    assert '"unread"' in answer["HX-Trigger"]


def test_a_line_read_among_the_unread_stays_in_sight(as_alice, note):
    answer = as_alice.post(f"/inbox/{note.pk}/read/?show=unread", **HTMX)
    assert "Mark as unread" in answer.text
    assert lines(as_alice.get("/inbox/?show=unread").text) == []


def test_archiving_reads_and_can_be_undone(told, as_alice, note):
    answer = as_alice.post(f"/inbox/{note.pk}/archive/", follow=True)
    assert f"/inbox/{note.pk}/unarchive/" in answer.text
    assert lines(answer.text) == []
    assert now(told, note).read_at is not None
    as_alice.post(f"/inbox/{note.pk}/unarchive/")
    back = now(told, note)
    assert (back.archived_at, back.read_at) == (None, None)


def test_what_was_read_before_it_was_archived_comes_back_read(told, as_alice, note):
    as_alice.post(f"/inbox/{note.pk}/read/")
    as_alice.post(f"/inbox/{note.pk}/archive/")
    as_alice.post(f"/inbox/{note.pk}/unarchive/")
    assert now(told, note).read_at is not None
    assert lines(as_alice.get("/inbox/").text) == [str(note.pk)]


def test_archiving_by_htmx_offers_the_way_back(as_alice, note):
    answer = as_alice.post(f"/inbox/{note.pk}/archive/", **HTMX)
    assert answer.text == ""
    assert f"/inbox/{note.pk}/unarchive/" in answer["HX-Trigger"]


def test_archived_lines_have_a_place_of_their_own(as_alice, note):
    as_alice.post(f"/inbox/{note.pk}/archive/")
    page = as_alice.get("/inbox/?show=archived").text
    assert lines(page) == [str(note.pk)]
    assert "Back to the inbox" in page


def test_news_of_an_archived_task_stands_in_the_inbox(told, as_bob, as_alice, note):
    as_alice.post(f"/inbox/{note.pk}/archive/")
    with no_context(), told.inside():
        task = Task.objects.get(pk=note.subject_id)
    told.say(as_bob, task, "News")
    assert len(lines(as_alice.get("/inbox/").text)) == 1


def test_everything_is_read_at_once(told, as_bob, as_alice, note):
    told.mention(as_bob)
    answer = as_alice.post("/inbox/read/?show=mentions")
    assert answer["Location"] == "/inbox/?show=mentions"
    assert all(row.read_at for row in told.rows(told.cast.alice))
    assert "Mark all read" not in as_alice.get("/inbox/").text


def test_opening_a_line_reads_it_and_leads_on(told, as_alice, note):
    answer = as_alice.get(f"/inbox/{note.pk}/")
    assert answer["Location"] == note.path
    assert answer["Location"].endswith(f"#comment-{note.part_id}")
    assert now(told, note).read_at is not None


def test_looking_at_a_task_reads_what_is_known_of_it(told, as_alice, as_bob, note):
    told.mention(as_bob)
    answer = as_alice.get(f"/tasks/{note.subject_id}/")
    assert '"1 unread"' in answer.text
    assert [bool(row.read_at) for row in told.rows(told.cast.alice)] == [True, False]


def test_a_colleagues_look_reads_nothing_of_mine(told, as_adam, note):
    as_adam.get(f"/tasks/{note.subject_id}/")
    assert now(told, note).read_at is None


def test_a_long_inbox_goes_on_from_where_it_ended(told, cast, as_alice):
    fill(told, cast.alice, 65)
    first = as_alice.get("/inbox/").text
    seen = lines(first)
    while "before=" in first:
        more = first.rpartition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")
        first = as_alice.get(f"/inbox/{more}", **HTMX).text
        assert "<html" not in first
        seen += lines(first)
    assert len(seen) == len(set(seen)) == 65


def fill(told, person, number):
    """Give somebody a long inbox."""
    with no_context(), told.inside():
        Notification.objects.bulk_create(
            Notification(
                user=person,
                event_id=key(n),
                subject_id=key(n),
                kind="mention",
                severity="normal",
                actor=told.cast.bob,
                actor_name="Bob",
                subject_label=f"ACME-{n}",
                path="/tasks/",
            )
            for n in range(number)
        )


def key(number):
    return f"00000000-0000-7000-8000-{number:012}"


def test_the_inbox_asks_as_much_however_long_it_is(told, cast, as_alice):
    numbers = []
    for many in (1, 25):
        with no_context(), told.inside():
            Notification.objects.all().delete()
        fill(told, cast.alice, many)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            as_alice.get("/inbox/")
        numbers.append(len(asked))
    assert numbers[0] == numbers[1]


def test_every_page_tells_how_much_is_new_and_asks_no_more_for_it(told, cast, as_alice):
    asked = []
    for many in (0, 3, 120):
        with no_context(), told.inside():
            Notification.objects.all().delete()
        fill(told, cast.alice, many)
        with CaptureQueriesContext(connection) as queries:
            page = as_alice.get("/organizations/members/").text
        asked.append((len(queries), '"3 unread"' in page, ">99+<" in page))
    assert len({number for number, *_rest in asked}) == 1
    assert [rest for _number, *rest in asked] == [
        [False, False],
        [True, False],
        [False, True],
    ]


def test_a_session_that_has_named_no_organization_asks_for_the_counter(
    told, cast, sign_in, note
):
    client = sign_in(cast.alice)
    assert "data-unknown" in client.get("/tasks/").text
    assert '"1 unread"' in client.get("/inbox/unread/", **HTMX).text
    client.get("/")
    assert '"1 unread"' in client.get("/tasks/").text


def test_the_counter_alone_can_be_asked_for(as_alice, as_bob, note):
    assert '"1 unread"' in as_alice.get("/inbox/unread/", **HTMX).text
    assert "unread-tab" in as_bob.get("/inbox/unread/", **HTMX).text
    assert "counter" not in as_bob.get("/inbox/unread/", **HTMX).text


def test_an_inbox_is_read_while_the_organization_is_read_only(
    told, cast, as_alice, note
):
    with no_context(), told.inside():
        Organization.objects.filter(pk=cast.acme.pk).update(standing="read_only")
    assert as_alice.post(f"/inbox/{note.pk}/read/").status_code == 302
    assert now(told, note).read_at is not None
