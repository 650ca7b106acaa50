"""How often a key may ask, and what its answers say of it."""

import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from billing.models import Plan
from organizations.api.jobs import forget_old
from organizations.api.models import KeyMinute
from organizations.tenancy import identity, no_context, tenant
from tests.api.conftest import EVENTS, Program, code_of, make_key
from tests.limits.conftest import set_acme

NOW = datetime(2027, 3, 1, 12, 0, 26, tzinfo=UTC)


def counted(cast):
    with no_context(), tenant(cast.acme):
        return list(KeyMinute.objects.values_list("requests", flat=True))


def test_each_answer_says_what_is_left(program, cast, time_machine):
    time_machine.move_to(NOW, tick=False)
    set_acme(cast, api_per_minute=5)
    program.get(EVENTS)
    answer = program.get(EVENTS)
    assert answer["RateLimit-Policy"] == '"default";q=5;w=60'
    assert answer["RateLimit"] == '"default";r=3;t=34'
    missing = program.get("/api/v1/nowhere")
    assert missing["RateLimit"] == '"default";r=2;t=34'


def test_who_asks_too_often_waits_for_the_next_minute(program, cast, time_machine):
    time_machine.move_to(NOW, tick=False)
    set_acme(cast, api_per_minute=2)
    assert [program.get(EVENTS).status_code for _n in range(3)] == [200, 200, 429]
    answer = program.get(EVENTS)
    assert code_of(answer) == "too_many_requests"
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Retry-After"] == "34"
    assert answer["RateLimit"] == '"default";r=0;t=34'
    time_machine.move_to(NOW + timedelta(seconds=34), tick=False)
    assert program.get(EVENTS).status_code == 200


def test_keys_are_counted_one_by_one(program, cast):
    set_acme(cast, api_per_minute=1)
    other = Program(make_key(cast.acme, cast.alice)[1])
    assert program.get(EVENTS).status_code == 200
    assert other.get(EVENTS).status_code == 200


def test_what_a_page_answers_says_nothing_of_it(as_alice):
    assert "RateLimit" not in as_alice.get("/developers/keys/")
    assert "RateLimit" not in Program("").get(EVENTS)


@pytest.mark.django_db(transaction=True, databases=["default", "operator"])
def test_the_plan_says_how_often_and_staff_change_it(cast, as_olga, settings):
    with no_context(), identity():
        rates = dict(Plan.objects.values_list("code", "api_per_minute"))
    assert rates == {"free": 60, "starter": 300, "pro": 1000, "enterprise": 5000}
    page = as_olga.get("/admin/billing/plan/free/change/")
    assert 'name="api_per_minute" value="60"' in page.text
    form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text))
    form |= {"api_per_minute": "90", "is_for_sale": "on"}
    assert as_olga.post("/admin/billing/plan/free/change/", form).status_code == 302
    program = Program(make_key(cast.acme, cast.alice)[1])
    assert program.get(EVENTS)["RateLimit-Policy"] == '"default";q=90;w=60'


def test_who_guesses_keys_is_told_to_wait(cast):
    guesser = Program(make_key(cast.acme, cast.alice)[1][:-22] + "A" * 22)
    answers = [guesser.get(EVENTS) for _n in range(61)]
    assert {code_of(each) for each in answers[:60]} == {"key_invalid"}
    assert code_of(answers[60]) == "too_many_requests"
    assert answers[60]["Retry-After"] == "60"
    known = Program(make_key(cast.acme, cast.alice)[1])
    assert known.get(EVENTS).status_code == 200


def test_minutes_are_forgotten_after_an_hour(program, cast, time_machine):
    time_machine.move_to(NOW, tick=False)
    program.get(EVENTS)
    with no_context(), tenant(cast.acme):
        forget_old(NOW + timedelta(minutes=59))
        assert counted(cast) == [1]
        forget_old(NOW + timedelta(minutes=61))
    assert counted(cast) == []


@pytest.mark.django_db(transaction=True)
def test_requests_at_once_are_counted_exactly(cast):
    text = make_key(cast.acme, cast.alice)[1]
    gate = threading.Barrier(6)

    def ask():
        gate.wait()
        for _n in range(5):
            Program(text).get(EVENTS)
        connection.close()

    threads = [threading.Thread(target=ask) for _each in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counted(cast)) == 30
