"""Who of the staff may read the queue, and who may have a job tried again."""

import re

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from organizations.audit.models import PlatformEntry
from organizations.failures.models import JobFailure
from organizations.tenancy import identity, tenant
from organizations.tenancy.jobs import enqueue
from tests.jobs.conftest import fail, seen  # noqa: F401
from tests.operator.conftest import CONSOLE, act, address
from tests.operator.test_rights import helper  # noqa: F401

pytestmark = CONSOLE
LIST = address(ProcrastinateJob, "changelist")
LOOK, CHANGE = "view_procrastinatejob", "change_procrastinatejob"


@pytest.fixture
def made(cast, fail):
    """Return what makes a job of some status, with an error if it has one."""

    def make(status="failed", error="OSError: disk", count=1):
        numbers = []
        for _each in range(count):
            with tenant(cast.acme, cast.alice):
                numbers.append(enqueue(fail))
        with identity(), connection.cursor() as cursor:
            sql = "UPDATE procrastinate_jobs SET status = %s WHERE id = ANY(%s)"
            cursor.execute(sql, [status, numbers])
            if error:
                JobFailure.objects.bulk_create(
                    JobFailure(job_id=number, attempt=1, error=error, trace="in fail")
                    for number in numbers
                )
        return list(ProcrastinateJob.objects.filter(pk__in=numbers).order_by("pk"))

    return make


def statuses(*jobs):
    keys = [job.pk for job in jobs]
    rows = ProcrastinateJob.objects.filter(pk__in=keys).order_by("pk")
    return list(rows.values_list("status", flat=True))


def retried(look):
    rows = PlatformEntry.objects.filter(action="job.retried").order_by("pk")
    return look(lambda: [(each.actor_label, each.target_id) for each in rows])


def test_who_may_look_reads_errors_and_is_offered_nothing(helper, made):
    [job] = made()
    client = helper(LOOK)
    text = client.get(LIST).text
    assert "OSError: disk" in text
    assert "Try again" not in text
    page = client.get(address(ProcrastinateJob, "change", job.pk))
    assert "in fail" in page.text
    assert 'name="_save"' not in page.text


def test_who_may_look_has_nothing_tried_again(helper, made, look):
    [job] = made()
    act(helper(LOOK), ProcrastinateJob, "retry", job, reason="Because")
    assert statuses(job) == ["failed"]
    assert retried(look) == []


def test_who_may_change_has_it_tried_again_in_their_name(helper, made, look):
    one, two, other = [made()[0] for _each in range(3)]
    page = act(helper(LOOK, CHANGE), ProcrastinateJob, "retry", one, two)
    assert "2 jobs are tried again." in page.text
    assert statuses(one, two, other) == ["todo", "todo", "failed"]
    assert [number for _who, number in retried(look)] == [str(one.pk), str(two.pk)]


@pytest.mark.parametrize("rights", [(), ("view_user",), ("view_organization",)])
def test_other_rights_open_nothing_of_the_queue(rights, helper, made, look):
    [job] = made()
    client = helper(*rights)
    assert client.get(LIST).status_code == 403
    assert client.get(address(ProcrastinateJob, "change", job.pk)).status_code == 403
    act(client, ProcrastinateJob, "retry", job)
    assert statuses(job) == ["failed"]
    assert retried(look) == []


@pytest.mark.parametrize("who", ["as_alice", "as_bob", "as_nora"])
def test_nobody_who_is_no_staff_learns_that_there_is_a_queue(who, request, made):
    [job] = made()
    client = request.getfixturevalue(who)
    for where in (LIST, address(ProcrastinateJob, "change", job.pk)):
        answer = client.get(where)
        assert answer.status_code in {302, 403, 404}
        assert "OSError" not in answer.text
    client.post(LIST, {"action": "retry", "index": 0, "_selected_action": [job.pk]})
    assert statuses(job) == ["failed"]


@pytest.mark.parametrize("page", ["add", "delete"])
def test_jobs_are_neither_made_nor_deleted_by_hand(page, as_olga, made):
    [job] = made()
    if page == "add":
        answer = as_olga.post("/admin/procrastinate/procrastinatejob/add/", {})
    else:
        where = f"/admin/procrastinate/procrastinatejob/{job.pk}/delete/"
        answer = as_olga.post(where, {"post": "yes"})
    assert answer.status_code in {403, 404}
    assert statuses(job) == ["failed"]


def test_a_job_is_not_changed_by_its_page(as_olga, made):
    [job] = made()
    where = address(ProcrastinateJob, "change", job.pk)
    as_olga.post(where, {"status": "todo", "args": "{}", "queue_name": "mine"})
    kept = ProcrastinateJob.objects.get(pk=job.pk)
    assert (kept.status, kept.queue_name) == ("failed", job.queue_name)
    assert kept.args == job.args


@pytest.mark.parametrize("status", ["todo", "doing", "succeeded", "cancelled"])
def test_only_what_was_given_up_is_tried_again(status, as_olga, made, look):
    dead, other = made()[0], made(status)[0]
    page = act(as_olga, ProcrastinateJob, "retry", dead, other)
    assert "1 job is tried again." in page.text
    assert statuses(dead, other) == ["todo", status]
    assert len(retried(look)) == 1


def test_twice_the_same_is_tried_again_once(as_olga, made, look):
    [job] = made()
    for _each in range(2):
        act(as_olga, ProcrastinateJob, "retry", job)
    assert len(retried(look)) == 1


def test_a_long_list_shows_the_last_error_of_each_job(as_olga, made):
    made(count=30)
    made(error="", count=3)
    dead = made(error="ValueError: <i>newest</i>", count=1)[0]
    with identity():
        row = JobFailure(job_id=dead.pk, attempt=2, error="KeyError: later", trace="")
        JobFailure.objects.bulk_create([row])
    text = as_olga.get(LIST, {"status__exact": "failed"}).text
    assert "KeyError: later" in text
    assert "newest" not in text
    assert text.count("OSError: disk") == 30


def test_what_is_done_is_left_out_where_that_is_asked_for(as_olga, made):
    made("succeeded", error="")
    [dead] = made()
    listed = as_olga.get(LIST, {"open": "yes"}).text
    keys = set(re.findall(r"procrastinatejob/(\d+)/change", listed))
    assert str(dead.pk) in keys
    done = ProcrastinateJob.objects.filter(status="succeeded")
    assert keys.isdisjoint(str(job.pk) for job in done)


@pytest.mark.parametrize("text", ["<script>", "'; --", "%", "\\", "x" * 2_000])
def test_whatever_is_looked_for_the_list_is_shown(text, as_olga, made):
    made()
    assert as_olga.get(LIST, {"q": text}).status_code == 200


def test_the_page_of_a_job_shows_ids_and_nobodys_data(as_olga, made, cast):
    [job] = made()
    text = as_olga.get(address(ProcrastinateJob, "change", job.pk)).text
    assert str(cast.acme.pk) in text
    assert cast.alice.email not in text
