import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from tests.accounts.conftest import WRONG, is_signed_in


def test_the_sixth_wrong_password_is_refused_whoever_sends_it(alice, log_in):
    for number in range(5):
        client = Client(REMOTE_ADDR=f"10.0.0.{number}")
        assert log_in(client, alice.email, WRONG).status_code == 200
    elsewhere = Client(REMOTE_ADDR="10.9.9.9")
    assert log_in(elsewhere, alice.email).status_code == 429
    assert not is_signed_in(elsewhere)


def test_the_refusal_says_when_to_try_again(visitor, alice, log_in, time_machine):
    time_machine.move_to("2030-01-01T12:00:00Z", tick=False)
    for _ in range(5):
        log_in(visitor, alice.email, WRONG)
    time_machine.shift(100)
    answer = log_in(visitor, alice.email)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "200"
    assert "4 minutes" in answer.content.decode()


def test_after_the_wait_the_door_opens(visitor, alice, log_in, time_machine):
    time_machine.move_to("2030-01-01T12:00:00Z", tick=False)
    for _ in range(5):
        log_in(visitor, alice.email, WRONG)
    time_machine.shift(301)
    assert log_in(visitor, alice.email).status_code == 302


def test_forwarded_addresses_do_not_dodge_the_limit(visitor, alice, log_in):
    for number in range(200):
        headers = {"X-Forwarded-For": f"10.1.{number // 250}.{number % 250}"}
        form = {"login": alice.email, "password": WRONG}
        answer = visitor.post("/accounts/login/", form, headers=headers)
    assert answer.status_code == 429
    answer = visitor.post(
        "/accounts/login/",
        {"login": alice.email},
        headers={"X-Forwarded-For": "8.8.8.8"},
    )
    assert answer.status_code == 429


def test_a_good_sign_in_does_not_clear_the_counter_of_bad_ones(cast, log_in):
    attacker = Client()
    for _ in range(4):
        log_in(attacker, cast.alice.email, WRONG)
    assert log_in(Client(), cast.alice.email).status_code == 302
    assert log_in(attacker, cast.alice.email, WRONG).status_code == 200
    assert log_in(attacker, cast.alice.email, WRONG).status_code == 429


def test_an_attackers_own_good_sign_ins_do_not_clear_it_either(cast, log_in):
    answers = []
    for _ in range(3):
        log_in(Client(), cast.bob.email)
        answers += [
            log_in(Client(), cast.alice.email, WRONG).status_code for _ in range(4)
        ]
    assert answers.count(200) == 5
    assert answers[-1] == 429


def test_good_sign_ins_are_not_counted_as_bad_ones(alice, log_in):
    assert {log_in(Client(), alice.email).status_code for _ in range(8)} == {302}


def test_the_counter_is_of_one_account(cast, log_in):
    for number in range(6):
        log_in(Client(REMOTE_ADDR=f"10.0.0.{number}"), cast.alice.email, WRONG)
    assert log_in(Client(REMOTE_ADDR="10.0.1.1"), cast.bob.email).status_code == 302


def test_the_counter_ignores_case(alice, log_in):
    for number in range(5):
        email = alice.email.replace("alice", ["ALICE", "Alice"][number % 2])
        log_in(Client(REMOTE_ADDR=f"10.0.0.{number}"), email, WRONG)
    assert log_in(Client(), alice.email).status_code == 429


def test_one_address_cannot_try_many_accounts(visitor, db, log_in):
    answers = [
        log_in(visitor, f"nobody{number}@example.com", WRONG).status_code
        for number in range(11)
    ]
    assert answers == [200] * 10 + [429]


def test_an_unknown_account_is_throttled_like_a_known_one(alice, log_in):
    def answers(email):
        clients = [Client(REMOTE_ADDR=f"10.0.0.{number}") for number in range(7)]
        return [log_in(client, email, WRONG).status_code for client in clients]

    assert answers(alice.email) == answers("nobody@example.com")


def test_a_new_password_by_code_opens_the_door_again(visitor, alice, log_in, code):
    for number in range(5):
        log_in(Client(REMOTE_ADDR=f"10.0.0.{number}"), alice.email, WRONG)
    visitor.post("/accounts/password/reset/", {"email": alice.email})
    visitor.post("/accounts/password/reset/confirm/", {"code": code()})
    form = {"password1": "a new long password", "password2": "a new long password"}
    visitor.post("/accounts/password/reset/complete/", form)
    answer = log_in(Client(), alice.email, "a new long password")
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("path", "form", "amount"),
    [
        ("/accounts/login/code/", {"email": "alice@example.com"}, 3),
        ("/accounts/password/reset/", {"email": "alice@example.com"}, 5),
    ],
)
def test_codes_are_not_mailed_without_end(alice, path, form, amount):
    for number in range(amount + 2):
        Client(REMOTE_ADDR=f"10.0.0.{number}").post(path, form)
    assert len(mail.outbox) == amount


def test_sign_ups_from_one_address_are_limited(visitor):
    answers = [
        visitor.post("/accounts/signup/", {"email": "x"}).status_code for _ in range(21)
    ]
    assert answers == [200] * 20 + [429]


def test_the_refusal_page_needs_no_session_and_no_scripts(visitor, db):
    for _ in range(21):
        answer = visitor.post("/accounts/signup/", {"email": "x"})
    assert answer["Retry-After"]
    assert "<script" not in answer.content.decode()


def test_the_counters_are_kept_where_every_process_sees_them(visitor, alice, log_in):
    log_in(visitor, alice.email, WRONG)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM insula_cache WHERE cache_key LIKE %s",
            [
                "%login_failed%",
            ],
        )
        assert cursor.fetchone()[0] == 2
