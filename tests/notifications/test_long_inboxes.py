"""Long inboxes and hasty hands: every line once, every count right, whatever is pressed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from organizations.notifications.kinds import KINDS
from organizations.notifications.models import Channel, Notification
from organizations.tenancy import no_context
from tests.notifications.conftest import HTMX, lines

VERBS = ("read", "unread", "archive", "unarchive")


def name(number):
    return f"00000000-0000-7000-8000-{number:012}"


@pytest.fixture
def fill(told):
    """Give somebody so many lines, of which each so many are about one thing."""

    def put(person, number, start=0, about=1, **values):
        beginning = timezone.now() - timedelta(days=2)
        made = [
            Notification(
                organization=told.cast.acme,
                user=person,
                event_id=name(n),
                kind="comment",
                severity="normal",
                actor_name="Bob",
                subject_id=name(n // about),
                subject_label=f"ACME-{n // about}",
                path="/tasks/",
                created_at=beginning + timedelta(minutes=n),
                **values,
            )
            for n in range(start, start + number)
        ]
        with no_context(), told.inside():
            return Notification.objects.bulk_create(made)

    return put


def after(page):
    """Return the address of the lines behind those of a page."""
    rest = page.rpartition('hx-get="')[2].partition('"')[0]
    return "/inbox/" + rest.replace("&amp;", "&")


def unread(told, person):
    return sum(row.read_at is None for row in told.rows(person))


def test_a_hundred_and_twenty_about_forty_things_are_forty_lines(
    told, cast, as_alice, fill
):
    rows = fill(cast.alice, 120, about=3)
    page = as_alice.get("/inbox/").text
    seen, more = lines(page), page.count("and 2 more")
    assert "99+ unread" in page
    while "before=" in page:
        page = as_alice.get(after(page), **HTMX).text
        seen += lines(page)
        more += page.count("and 2 more")
    newest = [str(row.pk) for row in rows if rows.index(row) % 3 == 2]
    assert seen == newest[::-1]
    assert more == 40


def test_what_arrives_while_one_reads_on_hides_and_repeats_nothing(
    told, cast, as_alice, fill
):
    old = {str(row.pk) for row in fill(cast.alice, 65)}
    page, seen, number = as_alice.get("/inbox/").text, [], 65
    seen += lines(page)
    while "before=" in page:
        fill(cast.alice, 7, start=number)
        number += 7
        page = as_alice.get(after(page), **HTMX).text
        seen += lines(page)
    assert len(seen) == len(set(seen))
    assert set(seen) == old


def test_putting_lines_away_while_reading_on_skips_none(told, cast, as_alice, fill):
    rows = fill(cast.alice, 65)
    page = as_alice.get("/inbox/").text
    first = lines(page)
    for pk in first[-3:]:
        as_alice.post(f"/inbox/{pk}/archive/", **HTMX)
    second = lines(as_alice.get(after(page), **HTMX).text)
    assert second[0] == str(rows[64 - len(first)].pk)


@pytest.mark.parametrize(("number", "words"), [(99, ">99<"), (100, ">99+<")])
def test_the_counter_is_exact_until_it_is_capped(number, words, cast, as_alice, fill):
    fill(cast.alice, number)
    assert words in as_alice.get("/inbox/unread/", **HTMX).text
    assert words in as_alice.get("/tasks/").text


def test_only_the_inbox_is_told_the_word_beside_its_heading(cast, as_alice, fill):
    fill(cast.alice, 2)
    for path, has in (("/inbox/?show=unread", True), ("/tasks/", False), ("", False)):
        address = f"http://testserver{path}" if path else ""
        answer = as_alice.get("/inbox/unread/", HTTP_HX_CURRENT_URL=address, **HTMX)
        assert ('id="inbox-count"' in answer.text) is has
        assert 'id="unread-tab"' in answer.text


def test_reading_all_is_one_statement_and_touches_nobody_else(
    told, cast, as_alice, fill
):
    fill(cast.alice, 120)
    fill(cast.bob, 3)
    with CaptureQueriesContext(connection) as asked:
        assert as_alice.post("/inbox/read/").status_code == 302
    changes = [each for each in asked if each["sql"].startswith("UPDATE")]
    assert sum("notifications_notification" in each["sql"] for each in changes) == 1
    assert (unread(told, cast.alice), unread(told, cast.bob)) == (0, 3)


def test_reading_all_leaves_what_is_mailed_only_or_in_the_trash(
    told, cast, as_alice, fill
):
    fill(cast.alice, 1, in_inbox=False)
    fill(cast.alice, 1, start=1, withdrawn_at=timezone.now())
    as_alice.post("/inbox/read/")
    assert unread(told, cast.alice) == 2
    assert lines(as_alice.get("/inbox/?show=archived").text) == []


@given(
    pressed=st.lists(
        st.tuples(st.integers(0, 1), st.sampled_from([*VERBS, "all"])), max_size=8
    )
)
def test_whatever_is_pressed_the_parts_and_the_count_agree(
    pressed, told, cast, as_alice, fill
):
    with no_context(), told.inside():
        Notification.objects.all().delete()
    pks = [str(row.pk) for row in fill(cast.alice, 2)]
    for which, verb in pressed:
        path = "read/" if verb == "all" else f"{pks[which]}/{verb}/"
        assert as_alice.post(f"/inbox/{path}").status_code == 302
    shown = {
        part: set(lines(as_alice.get(f"/inbox/?show={part}").text))
        for part in ("all", "unread", "archived")
    }
    assert shown["all"] | shown["archived"] == set(pks)
    assert shown["unread"] <= shown["all"]
    assert not shown["all"] & shown["archived"]
    counted = as_alice.get("/inbox/unread/", **HTMX).text
    assert (f'"{len(shown["unread"])} unread"' in counted) is bool(shown["unread"])


ASKED = st.dictionaries(
    st.sampled_from(["show", "before", "before_id", "page"]),
    st.text(max_size=40) | st.sampled_from([name(3), "2026-01-01", "mentions", "-1"]),
)


@given(asked=ASKED, htmx=st.booleans())
def test_no_address_of_the_inbox_breaks_it(asked, htmx, cast, as_alice, fill):
    answer = as_alice.get("/inbox/", asked, **(HTMX if htmx else {}))
    assert answer.status_code == 200
    answer = as_alice.post("/inbox/read/", query_params=asked)
    assert answer["Location"].startswith("/inbox/")


@pytest.mark.parametrize("verb", [*VERBS, ""])
def test_a_line_that_is_gone_is_missing_for_each_verb(verb, cast, as_alice, fill, told):
    (row,) = fill(cast.alice, 1)
    with no_context(), told.inside():
        Notification.objects.all().delete()
    path = f"/inbox/{row.pk}/" + (f"{verb}/" if verb else "")
    assert as_alice.generic("POST" if verb else "GET", path).status_code == 404


@pytest.mark.parametrize("verb", VERBS)
def test_an_address_in_a_page_of_somebody_elses_changes_nothing(
    verb, told, cast, as_alice, fill
):
    (row,) = fill(cast.alice, 1)
    before = [each.read_at for each in told.rows(cast.alice)]
    assert as_alice.get(f"/inbox/{row.pk}/{verb}/").status_code == 405
    assert [each.read_at for each in told.rows(cast.alice)] == before


CRITICAL = [kind.code for kind in KINDS.values() if kind.is_critical]
BOXES = st.sampled_from([f"{code}-{each}" for code in CRITICAL for each in Channel])


@given(posted=st.dictionaries(BOXES, st.text(max_size=9)))
def test_no_value_of_any_field_switches_off_what_is_critical(posted, told, as_alice):
    before = as_alice.get("/inbox/settings/").context["form"].on
    as_alice.post("/inbox/settings/", posted)
    now = as_alice.get("/inbox/settings/").context["form"].on
    assert {code: now[code] for code in CRITICAL} == {
        code: before[code] for code in CRITICAL
    }
    assert not any(code in str(told.actions("preferences")) for code in CRITICAL)
