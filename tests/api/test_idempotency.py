"""A POST that names itself happens once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from organizations.api.jobs import sweep_api
from organizations.api.models import KeptAnswer
from organizations.tenancy import identity, no_context, tenant
from tasks.labels.models import Label
from tests.api.conftest import Program, code_of, make_key

LABELS = "/api/v1/labels"
ONCE = {"Idempotency_Key": "order-7"}
pytestmark = pytest.mark.urls("tests.api.sample")


def names(cast):
    with no_context(), tenant(cast.acme):
        return sorted(Label.objects.values_list("name", flat=True))


def kept(cast):
    with no_context(), tenant(cast.acme):
        return KeptAnswer.objects.count()


def test_sent_again_it_is_answered_again_and_happens_once(program, cast):
    first = program.post(LABELS, {"name": "Boxes"}, **ONCE)
    again = program.post(LABELS, {"name": "Boxes"}, **ONCE)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again["ETag"] == first["ETag"]
    assert again["Content-Type"] == first["Content-Type"]
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert names(cast) == ["Boxes"]


def test_without_a_name_each_request_is_one_of_its_own(program, cast):
    program.post(LABELS, {"name": "Boxes"})
    program.post(LABELS, {"name": "Tins"})
    assert names(cast) == ["Boxes", "Tins"]
    assert kept(cast) == 0


@pytest.mark.parametrize("other", [{"name": "Tins"}, {"name": "Boxes "}])
def test_a_name_belongs_to_one_body(program, cast, other):
    program.post(LABELS, {"name": "Boxes"}, **ONCE)
    answer = program.post(LABELS, other, **ONCE)
    assert (answer.status_code, code_of(answer)) == (422, "idempotency_key_reused")
    assert names(cast) == ["Boxes"]


def test_the_same_name_of_another_key_is_another_one(program, cast):
    other = Program(make_key(cast.acme, cast.alice)[1])
    program.post(LABELS, {"name": "Boxes"}, **ONCE)
    assert other.post(LABELS, {"name": "Tins"}, **ONCE).status_code == 201
    stranger = Program(make_key(cast.globex, cast.charlie)[1])
    assert stranger.post(LABELS, {"name": "Boxes"}, **ONCE).status_code == 201
    assert names(cast) == ["Boxes", "Tins"]


@pytest.mark.parametrize("name", ["", "taken"])
def test_what_is_refused_keeps_nothing(program, cast, name):
    answer = program.post(LABELS, {"name": name}, **ONCE)
    assert answer.status_code in {409, 422}
    assert (names(cast), kept(cast)) == ([], 0)
    assert program.post(LABELS, {"name": "Boxes"}, **ONCE).status_code == 201


def test_what_breaks_on_the_way_keeps_nothing(program, cast):
    program.client.raise_request_exception = False
    answer = program.post(LABELS, {"name": "break"}, **ONCE)
    assert (answer.status_code, code_of(answer)) == (500, "server_error")
    assert (names(cast), kept(cast)) == ([], 0)
    assert program.post(LABELS, {"name": "Boxes"}, **ONCE).status_code == 201


@pytest.mark.parametrize("name", ["x" * 256, "tab\there"])
def test_a_name_is_short_and_can_be_read(program, name):
    answer = program.post(LABELS, {"name": "Boxes"}, Idempotency_Key=name)
    assert (answer.status_code, code_of(answer)) == (400, "malformed")


def test_an_answer_is_kept_for_a_day(program, cast, time_machine):
    program.post(LABELS, {"name": "Boxes"}, **ONCE)
    sweep(hours=23)
    assert kept(cast) == 1
    sweep(hours=25)
    assert kept(cast) == 0


def sweep(hours):
    """Let the hourly job run so many hours from now."""
    with no_context(), identity():
        from organizations.api import jobs

        later = timezone.now() + timedelta(hours=hours)
        for organization_id in jobs.open_organizations():
            with no_context(), tenant(organization_id):
                jobs.forget_old(later)


def test_the_hourly_job_enters_every_organization(program, cast):
    program.post(LABELS, {"name": "Boxes"}, **ONCE)
    with no_context():
        sweep_api(timestamp=0)
    assert kept(cast) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_happens_and_both_are_answered_alike(cast):
    text = make_key(cast.acme, cast.alice)[1]
    gate, answers = threading.Barrier(4), []

    def send():
        gate.wait()
        answers.append(Program(text).post(LABELS, {"name": "Boxes"}, **ONCE))
        connection.close()

    threads = [threading.Thread(target=send) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert names(cast) == ["Boxes"]
