"""The console's first page: figures that match the rows, over a period."""

from datetime import UTC, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.db import connections
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import User
from billing.intake.models import StripeEvent
from config.operator.overview import lasting
from config.operator.periods import CHOICES, Period
from organizations.failures.models import JobFailure
from organizations.limits.models import Usage
from organizations.tenancy import identity, no_context, operator, tenant
from organizations.webhooks.models import Delivery, Endpoint
from tests.billing.paid import paid
from tests.conftest import make_user
from tests.doctor.conftest import job, log, run
from tests.operator.conftest import CONSOLE
from tests.operator.test_pages import statements
from tests.operator.test_rights import helper  # noqa: F401
from tests.tenancy.conftest import own_connection

pytestmark = CONSOLE


def endpoint(organization, by):
    """Make a webhook of an organization."""
    with no_context(), tenant(organization, by):
        return Endpoint.objects.create(
            url="https://hooks.example.com/", secret="x", made_by=by
        )


def delivered(organization, hook, state):
    """Make a delivery to a webhook, in its last state."""
    with no_context(), tenant(organization):
        Delivery.objects.create(
            endpoint=hook, event_id=uuid4(), event_type="task.created", state=state
        )


def stripe_event(name, state):
    """Make an event of Stripe's as it was left."""
    with no_context(), identity():
        StripeEvent.objects.create(
            id=name,
            type="customer.updated",
            livemode=False,
            stripe_created=timezone.now(),
            body={},
            state=state,
        )


def figure(page, label):
    return next(each for each in page.context["figures"] if each.label == label)


def shown(client, label, days=30):
    return figure(client.get(f"/admin/?days={days}"), label)


def moved(look, rows, field, days):
    """Make rows as old as that."""
    moment = timezone.now() - timedelta(days=days)
    look(lambda: rows().update(**{field: moment}))


@pytest.fixture
def everything(cast, rows, look):
    """One of each thing that a figure counts."""
    paid(cast.acme, status="past_due", past_due_since=timezone.now())
    paid(
        cast.globex,
        status="trialing",
        trial_end=timezone.now() + timedelta(days=2),
    )
    hook = endpoint(cast.acme, cast.alice)
    look(lambda: Endpoint.objects.update(failing_since=timezone.now()))
    delivered(cast.acme, hook, state="delivered")
    delivered(cast.acme, hook, state="failed")
    job("failed", task_name="organizations.jobs.mail_deletion")
    look(
        lambda: JobFailure.objects.create(
            job=ProcrastinateJob.objects.latest("id"), attempt=8, error="no server"
        )
    )
    stripe_event("evt_1", state="failed")
    look(lambda: Usage.objects.filter(key="tasks").update(warned_percent=80))
    look(
        lambda: UserSession.objects.create(
            user=cast.bob, ip="192.0.2.1", user_agent="x", session_key="k"
        )
    )
    log("backup.made", 3)
    log("isolation.proven", 5, tables=50)
    return SimpleNamespace(hook=hook)


@pytest.mark.parametrize("days", CHOICES)
def test_every_counted_figure_leads_to_as_many_rows(as_olga, everything, days):
    found = as_olga.get(f"/admin/?days={days}").context["figures"]
    counted = [each for each in found if each.count is not None]
    assert len(counted) == 7
    for each in counted:
        listed = as_olga.get(each.url).context["cl"].result_count
        assert listed == each.count > 0, each.label


def test_the_figures_are_what_the_tables_hold(as_olga, cast, everything, look):
    page = as_olga.get("/admin/")
    sql = {
        "Sign-ups": "SELECT count(*) FROM accounts_user",
        "Active people": "SELECT count(DISTINCT user_id) FROM usersessions_usersession",
        "New organizations": "SELECT count(*) FROM organizations_organization",
        "Active organizations": (
            "SELECT count(DISTINCT organization_id) FROM audit_auditentry"
        ),
        "Tasks made": "SELECT count(*) FROM tasks_task",
        "Failing webhooks": "SELECT count(failing_since) FROM webhooks_endpoint",
        "Failed mails": "SELECT count(*) FROM failures_jobfailure",
    }
    for label, statement in sql.items():
        assert figure(page, label).count == asked(cast, statement), label


def asked(cast, statement):
    with no_context(), operator(cast.olga, reason="test"):
        with connections["operator"].cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("age", "counted", "change"),
    [(0, 7, None), (6, 7, None), (7, 0, -100.0), (13, 0, -100.0), (14, 0, None)],
)
def test_a_period_is_whole_days_and_compared_with_those_before(
    as_olga, cast, look, age, counted, change
):
    moved(look, User.objects.all, "date_joined", age)
    found = shown(as_olga, "Sign-ups", 7)
    assert (found.count, found.change) == (counted, change)


def test_a_change_is_in_percent_of_the_days_before(as_olga, cast, look):
    old = look(lambda: list(User.objects.values_list("pk", flat=True)[:2]))
    moved(look, lambda: User.objects.filter(pk__in=old), "date_joined", 10)
    found = shown(as_olga, "Sign-ups", 7)
    assert (found.count, found.rising) == (5, "+150 %")
    assert "+150 %" in as_olga.get("/admin/?days=7").text


@pytest.mark.parametrize("asked", ["", "0", "31", "x", "-7", "7' OR 1=1"])
def test_another_period_is_the_usual_one(as_olga, asked):
    page = as_olga.get("/admin/", {"days": asked})
    assert page.status_code == 200
    assert page.context["period"].days == 30


def test_people_whose_browser_was_not_in_use_are_not_active(as_olga, cast, look):
    for user, days in ((cast.bob, 2), (cast.vera, 20)):
        row = {"ip": "192.0.2.1", "user_agent": "x", "session_key": user.email}
        look(lambda u=user, r=row: UserSession.objects.create(user=u, **r))
        moved(
            look,
            lambda u=user: UserSession.objects.filter(user=u),
            "last_seen_at",
            days,
        )
    assert shown(as_olga, "Active people", 7).count == 1
    assert shown(as_olga, "Active people", 30).count == 2
    listed = as_olga.get("/admin/accounts/user/?active=7").context["cl"].result_list
    assert [user.email for user in listed] == ["bob@example.com"]


def test_a_filter_takes_no_other_days(as_olga, cast):
    listed = as_olga.get("/admin/accounts/user/?active=8").context["cl"]
    assert listed.result_count == 7


def test_a_removed_webhook_does_not_fail(as_olga, cast, everything, look):
    look(lambda: Endpoint.objects.update(deleted_at=timezone.now()))
    found = shown(as_olga, "Failing webhooks")
    assert (found.count, found.is_bad) == (0, False)


def test_a_job_that_writes_to_nobody_is_no_failed_mail(as_olga, everything):
    run("UPDATE procrastinate_jobs SET task_name = 'tasks.jobs.count'")
    assert shown(as_olga, "Failed mails").count == 0


def test_the_queue_tells_how_long_its_oldest_job_waits(as_olga):
    run("DELETE FROM procrastinate_jobs")
    job("todo")
    run("UPDATE procrastinate_events SET at = now() - interval '10 minutes'")
    found = shown(as_olga, "Oldest due job")
    assert found.value == "10 min"
    assert found.detail == "1 due, 0 given up"


def test_backup_and_proof_tell_how_long_ago_they_were(as_olga, everything):
    page = as_olga.get("/admin/")
    assert figure(page, "Last backup").value == "3 h"
    assert figure(page, "Last isolation proof").value == "5 h"
    assert figure(page, "Last isolation proof").url == "/admin/isolation/"
    listed = as_olga.get(figure(page, "Last backup").url).context["cl"].result_list
    assert [entry.action for entry in listed] == ["backup.made"]


def test_a_later_failure_is_told_beside_the_last_good_one(as_olga):
    assert shown(as_olga, "Last backup").value == "Never"
    log("backup.made", 30)
    log("backup.failed", 2)
    found = shown(as_olga, "Last backup")
    assert (found.value, found.is_bad) == ("30 h", True)
    assert found.detail == "the last try failed"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (119, "119 s"), (120, "2 min"), (7200, "2 h"), (172_800, "2 days")],
)
def test_a_time_is_told_in_one_unit(seconds, words):
    assert lasting(seconds) == words


def test_organizations_to_look_at_are_named_with_the_reason(as_olga, everything):
    page = as_olga.get("/admin/")
    looks = page.context["looks"]
    found = [(str(look.organization), str(look.why)) for look in looks]
    assert ("Acme", "Past due") in found
    assert ("Acme", "1 webhook fails") in found
    assert ("Acme", "Tasks: 80 % used") in found
    for look in looks:
        assert as_olga.get(look.url).context["cl"].result_count >= 1, look.why


def test_what_needs_a_hand_leads_to_its_rows(as_olga, everything):
    hands = as_olga.get("/admin/").context["hands"]
    assert [(hand.subject, hand.what) for hand in hands] == [
        ("1 job", "given up"),
        ("1 Stripe event", "failed"),
        ("Globex", "trial ends"),
    ]
    for hand in hands:
        assert as_olga.get(hand.url).context["cl"].result_count == 1, hand.subject


def test_charts_are_spoken_and_stand_in_a_table(as_olga, everything):
    page = as_olga.get("/admin/?days=7").text
    assert "7 in the last 7 days, 0 in the 7 before." in page
    assert "1 delivered and 1 failed in the last 7 days." in page
    for name in ("line", "bars"):
        assert f'aria-labelledby="{name}-title {name}-text"' in page
        assert page.count(f'id="{name}-title"') == page.count(f'id="{name}-text"') == 1
    assert page.count("Show as a table") == 2
    context = as_olga.get("/admin/?days=7").context
    assert len(context["line"]["rows"]) == len(context["bars"]["rows"]) == 7
    assert sum(row[1] for row in context["line"]["rows"]) == 7


def test_ninety_days_are_thirty_points(as_olga):
    chosen = as_olga.get("/admin/?days=90").context
    assert len(chosen["line"]["rows"]) == 30
    assert len(chosen["period"].points()) == 30


def test_a_period_begins_and_ends_with_the_day():
    today = timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0)
    chosen = Period(7, today)
    assert (chosen.today - chosen.start).days == 6
    assert (chosen.start - chosen.before).days == 7
    assert chosen.points()[-1] == today


def test_the_page_asks_as_often_for_much_as_for_nothing(as_olga, everything, cast):
    as_olga.get("/admin/")
    before = statements(as_olga, "/admin/?days=90")
    for number in range(12):
        make_user(f"person{number}")
        job("failed", task_name="organizations.jobs.mail_deletion")
        delivered(cast.acme, everything.hook, state="failed")
    assert statements(as_olga, "/admin/?days=90") <= before < 27


def test_a_busy_database_leaves_the_page_without_figures(as_olga, monkeypatch):
    monkeypatch.setattr("config.doctor.asking.SECONDS", 0.1)
    with own_connection() as busy, busy.transaction():
        busy.execute("LOCK TABLE tasks_task IN ACCESS EXCLUSIVE MODE")
        page = as_olga.get("/admin/")
    assert page.status_code == 200
    assert "Counting takes too long" in page.text
    assert "/admin/tasks/task/" in page.text


@pytest.mark.parametrize(
    ("right", "labels"),
    [
        ("view_user", {"Sign-ups", "Active people"}),
        ("view_organization", {"New organizations", "Active organizations"}),
        ("view_task", {"Tasks made"}),
        ("view_endpoint", {"Failing webhooks"}),
        ("view_procrastinatejob", {"Oldest due job", "Failed mails"}),
        ("view_platformentry", {"Last backup", "Last isolation proof"}),
        ("view_delivery", set()),
    ],
)
def test_staff_see_what_their_rights_let_them_see(helper, everything, right, labels):
    page = helper(right).get("/admin/")
    assert {each.label for each in page.context["figures"]} == labels
    assert ("line" in page.context and bool(page.context["line"])) == (
        right == "view_user"
    )
    assert bool(page.context["bars"]) == (right == "view_delivery")


def test_no_money_without_the_right_to_see_it(helper, everything):
    page = helper(
        "view_organization", "view_endpoint", "view_usage", "view_procrastinatejob"
    ).get("/admin/")
    assert page.context["revenue"] == {}
    assert "Past due" not in page.text
    assert "trial ends" not in page.text
    assert "Stripe event" not in page.text
    assert {str(look.organization) for look in page.context["looks"]} == {"Acme"}
