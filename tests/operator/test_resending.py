"""Staff send a mail once more: to somebody who cannot get in, or was invited."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import User
from organizations.audit.models import AuditEntry, PlatformEntry
from organizations.invitations.models import Invitation
from organizations.models import Organization
from organizations.personal.erasure import erase
from organizations.tenancy import identity, no_context
from tests.conftest import PASSWORD, join, make_user
from tests.operator.conftest import CONSOLE, act, address
from tests.operator.test_rights import helper  # noqa: F401

pytestmark = CONSOLE

WHY = {"reason": "Called us, nothing arrived"}
ACTIONS = {
    "mail-confirmation": "user.confirmation_mailed",
    "mail-password": "user.password_mailed",
}
each_mail = pytest.mark.parametrize("name", list(ACTIONS))


def page_of(row, name="change"):
    return address(type(row), name, row.pk)


@pytest.fixture
def zoe(look):
    """Somebody who has never confirmed her address."""
    person = make_user("zoe")
    look(lambda: person.emailaddress_set.update(verified=False))
    look(lambda: User.objects.filter(pk=person.pk).update(email_verified=False))
    return look(lambda: User.objects.get(pk=person.pk))


@pytest.fixture
def invitation(rows, look):
    return look(Invitation.objects.get)


def mails_to(email):
    return [sent for sent in mail.outbox if sent.to == [email]]


@each_mail
def test_a_mail_leads_in_and_is_recorded_with_its_reason(
    as_olga, zoe, cast, look, run_jobs, name
):
    assert page_of(zoe, name) in as_olga.get(page_of(zoe)).text
    answer = as_olga.post(page_of(zoe, name), WHY, follow=True)
    assert "The mail is on its way to zoe@example.com." in answer.text
    entry = look(lambda: PlatformEntry.objects.get(action=ACTIONS[name]))
    assert (entry.actor_id, entry.target_id) == (cast.olga.pk, str(zoe.pk))
    assert (entry.after, entry.actor_type) == (WHY, "operator")
    assert set(run_jobs()) == {"succeeded"}
    [sent] = mails_to("zoe@example.com")
    page = {"mail-confirmation": "login", "mail-password": "password/reset"}[name]
    assert f"/accounts/{page}/" in sent.body
    assert "zoe@example.com" in sent.body


def test_the_way_that_is_mailed_ends_with_a_confirmed_address(
    as_olga, zoe, look, run_jobs
):
    as_olga.post(page_of(zoe, "mail-confirmation"), WHY)
    run_jobs()
    client, values = Client(), {"login": zoe.email, "password": PASSWORD}
    client.post("/accounts/login/", values)
    code = mails_to(zoe.email)[-1].body
    found = [word for word in code.split() if len(word) == 9 and word[4] == "-"]
    client.post("/accounts/confirm-email/", {"code": found[0], "action": "verify"})
    assert look(lambda: User.objects.get(pk=zoe.pk)).email_verified


@each_mail
def test_it_is_not_sent_twice_within_minutes_nor_all_day(
    as_olga, zoe, look, run_jobs, name
):
    page, start = page_of(zoe, name), timezone.now()
    assert as_olga.post(page, WHY).status_code == 302
    again = as_olga.post(page, WHY)
    assert (again.status_code, "five minutes" in again.text) == (422, True)
    assert WHY["reason"] in again.text
    past = PlatformEntry.objects.filter(action=ACTIONS[name])
    for hour in range(1, 5):
        with time_machine.travel(start + timedelta(minutes=6 * hour)):
            assert as_olga.post(page, WHY).status_code == 302
    with time_machine.travel(start + timedelta(hours=1)):
        refused = as_olga.post(page, WHY)
    assert "five times within a day" in refused.text
    assert look(past.count) == 5


def banned(person):
    User.objects.filter(pk=person.pk).update(banned=True)


def closed(person):
    User.objects.filter(pk=person.pk).update(is_active=False)


@each_mail
@pytest.mark.parametrize(
    ("change", "words"), [(banned, "Lift the ban first"), (closed, "account is closed")]
)
def test_a_closed_account_gets_no_mail(
    as_olga, zoe, look, run_jobs, name, change, words
):
    look(lambda: change(zoe))
    assert page_of(zoe, name) not in as_olga.get(page_of(zoe)).text
    answer = as_olga.post(page_of(zoe, name), WHY)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert run_jobs() == []
    assert not look(PlatformEntry.objects.filter(action=ACTIONS[name]).exists)


@each_mail
def test_an_erased_account_gets_no_mail(as_olga, cast, run_jobs, name):
    with no_context():
        erase(user=cast.nora, by=cast.nora)
    answer = as_olga.post(page_of(cast.nora, name), WHY)
    assert answer.status_code == 422
    assert "The account was erased." in answer.text


def test_a_confirmed_address_is_not_confirmed_again(as_olga, cast, look):
    answer = as_olga.post(page_of(cast.bob, "mail-confirmation"), WHY)
    assert answer.status_code == 422
    assert "The address is confirmed already." in answer.text
    assert page_of(cast.bob, "mail-password") in as_olga.get(page_of(cast.bob)).text


@each_mail
def test_a_mail_needs_a_reason(as_olga, zoe, run_jobs, name):
    answer = as_olga.post(page_of(zoe, name), {"reason": " "})
    assert (answer.status_code, "Say why" in answer.text) == (422, True)
    assert run_jobs() == []


def test_what_changed_before_the_job_ran_is_looked_at(as_olga, zoe, look, run_jobs):
    as_olga.post(page_of(zoe, "mail-confirmation"), WHY)
    look(lambda: User.objects.filter(pk=zoe.pk).update(email_verified=True))
    as_olga.post(page_of(zoe, "mail-password"), WHY)
    look(lambda: banned(zoe))
    assert run_jobs() == ["succeeded", "succeeded"]
    assert mails_to(zoe.email) == []


@each_mail
def test_who_only_reads_sends_nothing(helper, zoe, run_jobs, name):
    client = helper("view_user")
    assert page_of(zoe, name) not in client.get(page_of(zoe)).text
    assert client.post(page_of(zoe, name), WHY).status_code == 403
    assert run_jobs() == []


def test_an_invitation_is_sent_again_from_its_organization(
    as_olga, cast, look, invitation, run_jobs
):
    run_jobs()
    before = look(lambda: Invitation.objects.get().token_hash)
    page = as_olga.get(page_of(cast.acme)).text
    assert "noemi@example.com" in page
    assert page_of(invitation) in page
    assert page_of(invitation, "resend") in as_olga.get(page_of(invitation)).text
    answer = as_olga.post(page_of(invitation, "resend"), WHY, follow=True)
    assert "Sent again to noemi@example.com" in answer.text
    entry = look(lambda: AuditEntry.objects.get(action="invitation.resent"))
    assert (entry.organization_id, entry.after) == (cast.acme.pk, WHY)
    assert (entry.actor_id, entry.actor_type) == (cast.olga.pk, "operator")
    assert set(run_jobs()) == {"succeeded"}
    assert len(mails_to("noemi@example.com")) == 2
    assert look(lambda: Invitation.objects.get().token_hash) != before
    again = as_olga.post(page_of(invitation, "resend"), WHY)
    assert (again.status_code, "five minutes" in again.text) == (422, True)


def expired():
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))


def test_an_expired_invitation_opens_again(as_olga, look, invitation, run_jobs):
    look(expired)
    assert as_olga.post(page_of(invitation, "resend"), WHY).status_code == 302
    assert look(Invitation.objects.get).expires_at > timezone.now()


def test_without_a_seat_an_expired_invitation_stays_closed(
    as_olga, cast, look, invitation
):
    look(expired)
    full = {"limits": {"members": 1}}
    look(lambda: Organization.objects.filter(pk=cast.acme.pk).update(**full))
    answer = as_olga.post(page_of(invitation, "resend"), WHY)
    assert (answer.status_code, "All seats are taken" in answer.text) == (422, True)
    assert not look(AuditEntry.objects.filter(action="invitation.resent").exists)


@pytest.mark.parametrize(
    ("model", "values", "words"),
    [
        (Invitation, {"revoked_at": timezone.now()}, "no longer open"),
        (Invitation, {"accepted_at": timezone.now()}, "no longer open"),
        (Invitation, {"email": ""}, "no longer open"),
        (Organization, {"is_active": False}, "The organization is closed"),
    ],
)
def test_what_lets_nobody_in_is_not_sent_again(
    as_olga, look, invitation, run_jobs, model, values, words
):
    run_jobs()
    look(lambda: model.objects.update(**values))
    answer = as_olga.post(page_of(invitation, "resend"), WHY)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert run_jobs() == []


def test_who_only_reads_sends_no_invitation(helper, invitation, look):
    client = helper("view_invitation")
    page = page_of(invitation, "resend")
    assert page not in client.get(page_of(invitation)).text
    assert client.post(page, WHY).status_code == 403
    assert not look(AuditEntry.objects.filter(action="invitation.resent").exists)


def test_a_failed_mail_is_found_from_the_persons_page_and_tried_again(
    as_olga, zoe, cast, look
):
    join(cast.acme, zoe, "member")
    as_olga.post(page_of(zoe, "mail-password"), WHY)
    with no_context(), identity(), connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    link = f"{address(ProcrastinateJob, 'changelist')}?q={zoe.pk}"
    assert link in as_olga.get(page_of(zoe)).text
    [job] = as_olga.get(link).context["cl"].result_list
    assert job.task_name == "organizations.jobs.mail_password"
    page = act(as_olga, ProcrastinateJob, "retry", job)
    assert "1 job is tried again." in page.text
    other = as_olga.get(address(ProcrastinateJob, "changelist"), {"q": cast.bob.pk})
    assert list(other.context["cl"].result_list) == []
