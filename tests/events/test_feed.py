"""The feed of events: whoever goes on from its last place misses nothing."""

from threading import Barrier, Event, Thread

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from organizations.audit.models import AuditEntry
from organizations.audit.queries import insertion, plain
from organizations.audit.recording import build, record, record_many
from organizations.events import reading
from organizations.events.statements import QUEUE
from organizations.tenancy import no_context, operator, tenant
from tasks.flows import create_task
from tasks.models import Task
from tests.api_client import Program, code

at_once = pytest.mark.django_db(transaction=True)
WRITERS, TURNS = 4, 8


@pytest.fixture
def api(cast):
    return Program(cast.acme, cast.alice)


def followed(api, after=0, limit=500, kind=""):
    """Return the places of all events behind one, read page by page."""
    found, more = [], True
    while more:
        query = f"after={after}&limit={limit}" + (f"&type={kind}" if kind else "")
        page = api.get(f"/events?{query}").json()
        found += [each["sequence"] for each in page["items"]]
        assert not page["items"] or page["after"] == found[-1]
        after, more = page["after"], page["has_more"]
    return found


def note(cast, number=1, name="lab.noted"):
    with no_context(), tenant(cast.acme, cast.alice):
        record_many([build(name) for _each in range(number)])


# --- pages --------------------------------------------------------------------------


@given(limit=st.integers(1, 40), adding=st.lists(st.integers(0, 3), max_size=5))
def test_every_event_comes_once_however_it_is_read(api, cast, limit, adding):
    note(cast, 7)
    found, after, todo = [], 0, list(adding)
    while True:
        page = api.get(f"/events?after={after}&limit={limit}").json()
        assert len(page["items"]) <= limit
        found += [each["sequence"] for each in page["items"]]
        after = page["after"]
        if todo:
            note(cast, todo.pop())
        elif not page["has_more"] and not page["items"]:
            break
    assert found == list(range(1, len(found) + 1))
    assert len(found) == api.entries()[-1].sequence


@given(limit=st.integers(1, 9), order=st.lists(st.booleans(), max_size=25))
def test_of_one_type_none_is_missed_between_others(api, cast, limit, order):
    before = api.entries()[-1].sequence
    for is_wanted in order:
        note(cast, name="lab.wanted" if is_wanted else "lab.other")
    found = followed(api, before, limit, "lab.wanted")
    wanted = [before + n for n, is_wanted in enumerate(order, 1) if is_wanted]
    assert found == wanted


def test_whoever_is_up_to_date_gets_nothing_and_keeps_the_place(api):
    last = api.entries()[-1].sequence
    page = api.get(f"/events?after={last}").json()
    assert page == {"items": [], "after": last, "has_more": False}


def test_a_place_that_is_not_reached_yet_is_kept(api):
    page = api.get("/events?after=4000000").json()
    assert (page["items"], page["after"]) == ([], 4_000_000)


@pytest.mark.parametrize(
    "query",
    [f"after={each}" for each in (-1, "x", 2**63, "1e3", "NaN", "1&after=x")],
)
def test_a_place_that_makes_no_sense_is_refused(api, query):
    assert code(api.get(f"/events?{query}"))[0] == 422


@pytest.mark.parametrize("query", ["limit=0", "limit=501", f"type={'x' * 81}"])
def test_too_much_at_once_is_refused(api, query):
    assert code(api.get(f"/events?{query}"))[0] == 422


@pytest.mark.parametrize("kind", ["%F0%9F%92%A9", "%ED%A0%80", "'--", "%25"])
def test_a_type_nobody_records_finds_nothing_and_breaks_nothing(api, as_alice, kind):
    answer = api.get(f"/events?type={kind}")
    assert (answer.status_code, answer.json()["items"]) == (200, [])
    page = as_alice.get(f"/developers/events/?type={kind}")
    assert (page.status_code, list(page.context["events"])) == (200, [])


def test_what_no_column_can_hold_is_refused(api, as_alice):
    assert api.get("/events?type=%00").status_code == 400
    assert as_alice.get("/developers/events/?type=%00").status_code == 400


def test_the_feed_tells_what_the_page_and_the_webhook_tell(api, as_alice, cast):
    note(cast)
    told = api.get(f"/events?after={api.entries()[-2].sequence}").json()["items"]
    page = as_alice.get(f"/developers/events/{told[0]['id']}/")
    assert len(told) == 1
    assert told[0]["type"] == "lab.noted"
    assert told[0]["id"] in page.text
    assert told[0]["data"]["actor"]["id"] == str(cast.alice.pk)


def test_nothing_of_another_organization_is_in_it(api, cast):
    theirs = Program(cast.globex, cast.charlie)
    note(cast, 30, "lab.ours")
    assert followed(theirs, kind="lab.ours") == []
    assert followed(theirs) == [each.sequence for each in theirs.entries()]


def test_without_its_scope_a_key_reads_nothing(cast):
    reader = Program(cast.acme, cast.alice, "tasks.view", "tasks.edit")
    assert code(reader.get("/events")) == (403, "scope_missing")


# --- writers at once ----------------------------------------------------------------


def write(cast, gate, problems):
    """Write now and then, and take back now and then."""
    try:
        with no_context(), tenant(cast.acme, cast.alice):
            gate.wait()
            for turn in range(TURNS):
                with transaction.atomic():
                    record("lab.noted")
                    record_many([build("lab.noted") for _each in range(turn % 3)])
                    transaction.set_rollback(turn % 4 == 3)
    except Exception as error:
        problems.append(error)
    finally:
        connection.close()


def writing(cast):
    gate, problems = Barrier(WRITERS), []
    given = (cast, gate, problems)
    threads = [Thread(target=write, args=given) for _each in range(WRITERS)]
    for thread in threads:
        thread.start()
    return threads, problems


@at_once
def test_who_follows_while_many_write_never_skips_one(api, cast):
    """A place that was passed by must not be filled later."""
    after, found = api.entries()[-1].sequence, []
    first = after
    threads, problems = writing(cast)
    while any(thread.is_alive() for thread in threads):
        found += followed(api, after, limit=3)
        after = found[-1] if found else after
    for thread in threads:
        thread.join()
    found += followed(api, after)
    assert problems == []
    assert found == list(range(first + 1, first + 1 + len(found)))
    kept = sum(1 + turn % 3 for turn in range(TURNS) if turn % 4 != 3)
    assert len(found) == kept * WRITERS


@at_once
def test_readers_at_once_hear_each_event_once_and_in_order(cast, heard):
    over = Event()

    def read():
        try:
            with no_context(), tenant(cast.acme):
                while not over.is_set():
                    assert reading.read_all() == []
        finally:
            connection.close()

    readers = [Thread(target=read) for _each in range(2)]
    for thread in readers:
        thread.start()
    threads, problems = writing(cast)
    for thread in threads:
        thread.join()
    over.set()
    for thread in readers:
        thread.join()
    with no_context(), tenant(cast.acme):
        reading.read_all()
        every = list(AuditEntry.objects.order_by("sequence"))
    assert problems == []
    assert heard == [(each.sequence, each.action) for each in every]


# --- readers that fail --------------------------------------------------------------


def test_what_a_reader_made_before_it_failed_is_taken_back(cast, heard):
    made = []

    def half(entries):
        create_task(by=cast.alice, title=f"Heard {len(made)}")
        made.append(len(entries))
        if len(made) < 3:
            raise ZeroDivisionError

    reading.reader("half")(half)
    with no_context(), tenant(cast.acme, cast.alice):
        failures = [len(reading.read_all()) for _each in range(3)]
        assert failures == [1, 1, 0]
        assert [each.title for each in Task.objects.all()] == ["Heard 2"]
        # It is tried with the same entries, and not with fewer.
        assert made[0] == made[1] == made[2]


def test_a_reader_that_breaks_its_transaction_harms_no_other(cast):
    late = []

    def broken(entries):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    reading.reader("broken")(broken)
    reading.reader("late")(lambda entries: late.extend(entries))
    with no_context(), tenant(cast.acme):
        [failure] = reading.read_all()
        assert "division by zero" in str(failure)
        assert len(late) == AuditEntry.objects.count()
        assert reading.read_all() != []
        assert len(late) == AuditEntry.objects.count()


def test_what_a_reader_records_is_heard_next_time(cast, heard):
    reading.reader("echo")(
        lambda entries: [
            record("lab.echoed") for each in entries if each.action == "lab.noted"
        ]
    )
    note(cast, 3)
    with no_context(), tenant(cast.acme):
        assert reading.read_all() == []
        assert reading.read_all() == []
        assert reading.read_all() == []
    assert [action for _place, action in heard].count("lab.echoed") == 3


# --- whoever writes -----------------------------------------------------------------


def jobs():
    rows = ProcrastinateJob.objects.filter(queue_name=QUEUE).order_by("id")
    return [each.args["carried"]["organization"] for each in rows]


def test_an_entry_written_by_hand_is_told_as_well(cast, heard, run_jobs):
    run_jobs()
    sql, names = insertion(AuditEntry)
    before = len(jobs())
    with no_context(), tenant(cast.acme, cast.alice):
        entry = build("lab.raw")
        values = [plain(getattr(entry, name)) for name in names]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
    assert jobs()[before:] == [str(cast.acme.pk)]
    with no_context(), tenant(cast.acme):
        reading.read_all()
    assert heard[-1][1] == "lab.raw"


def test_a_statement_that_writes_nothing_enqueues_nothing(cast):
    before = jobs()
    with no_context(), tenant(cast.acme, cast.alice):
        record_many([])
        rows = Task.objects.filter(title="none")
        assert rows.update(title="nobody") == 0
    assert jobs() == before


@pytest.mark.django_db(databases=["default", "operator"], transaction=True)
def test_what_staff_write_in_two_organizations_is_told_in_both(cast, heard):
    before = len(jobs())
    with no_context(), operator(cast.olga, "test"):
        record("lab.staff", cast.acme, by=cast.olga)
        record("lab.staff", cast.globex, by=cast.olga)
    assert sorted(jobs()[before:]) == sorted([str(cast.acme.pk), str(cast.globex.pk)])
    for organization in (cast.acme, cast.globex):
        with no_context(), tenant(organization):
            assert reading.read_all() == []
    assert [action for _place, action in heard].count("lab.staff") == 2
