"""The first job: a confirmed person is welcomed by mail."""

import pytest
from django.core import mail
from django.db import transaction

from accounts import flows
from accounts.models import User
from organizations.tenancy import current, identity, no_context
from tests.conftest import make_user
from tests.queue import jobs


@pytest.fixture
def zoe(db):
    return make_user("zoe", email_verified=False)


def confirm(user):
    with identity():
        return flows.confirm_person(user=user)


def test_a_confirmed_person_is_welcomed_once(zoe, run_jobs):
    assert confirm(zoe) is True
    assert confirm(zoe) is False
    assert mail.outbox == []
    with no_context():
        assert run_jobs() == ["succeeded"]
    assert [(message.to, message.subject) for message in mail.outbox] == [
        (["zoe@example.com"], "Welcome to Insula: your account is ready")
    ]


def test_a_confirmation_that_is_taken_back_welcomes_nobody(zoe):
    with identity(), transaction.atomic():
        flows.confirm_person(user=zoe)
        transaction.set_rollback(True)
    assert jobs().count() == 0
    with identity():
        assert User.objects.get().email_verified is False


def test_the_welcome_speaks_the_persons_language_and_not_the_workers(zoe, run_jobs):
    with identity():
        User.objects.update(language="de")
    confirm(zoe)
    run_jobs()
    html = mail.outbox[0].alternatives[0][0]
    assert '<html lang="de"' in html
    assert mail.outbox[0].subject == "Willkommen bei Insula: Ihr Konto ist bereit"
    assert "Sie melden sich als zoe@example.com an." in mail.outbox[0].body


def test_the_welcome_says_why_it_came_and_where_to_go(zoe, run_jobs, settings):
    settings.BASE_URL = "https://insula.example"
    confirm(zoe)
    run_jobs()
    [message] = mail.outbox
    for twin in (message.body, message.alternatives[0][0]):
        assert "because you made an account" in twin
        assert "https://insula.example/" in twin
        assert "zoe@example.com" in twin


def test_a_person_who_left_in_between_gets_no_mail(zoe, run_jobs):
    confirm(zoe)
    with identity():
        User.objects.update(is_active=False)
    assert run_jobs() == ["succeeded"]
    assert mail.outbox == []


def test_a_mail_server_that_is_away_is_tried_again_later(zoe, run_jobs, settings):
    settings.EMAIL_BACKEND = "tests.accounts.mailserver.Away"
    confirm(zoe)
    assert run_jobs() == ["todo"]
    job = jobs().get()
    assert job.attempts == 1
    assert job.scheduled_at is not None


def test_the_welcome_runs_as_the_person_and_nobody_more(zoe, run_jobs, monkeypatch):
    modes = []
    render = mail.EmailMultiAlternatives.send
    monkeypatch.setattr(
        mail.EmailMultiAlternatives,
        "send",
        lambda self: modes.append(current().mode) or render(self),
    )
    confirm(zoe)
    run_jobs()
    assert modes == ["user"]
