from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from billing import gateway
from billing.models import Plan, Subscription
from organizations.audit.models import AuditEntry
from organizations.models import Organization
from organizations.tenancy import no_context, tenant
from tests.billing.conftest import KEY, price_list, stripe_double  # noqa: F401
from tests.billing.paid import now_of, paid, row_of
from tests.operator.conftest import CONSOLE, SOME_ID, act, address
from tests.operator.test_rights import helper  # noqa: F401

pytestmark = CONSOLE

REASON = {"reason": "A school in our town"}
SHEETS = ("limits", "standing", "comp", "end")


def sheet(row, name):
    return address(type(row), name, row.pk)


@pytest.fixture
def send(as_olga, cast):
    """Send one of the forms of Acme's page."""

    def post(name, row=None, **values):
        return as_olga.post(sheet(row or cast.acme, name), REASON | values)

    return post


@pytest.fixture
def entry_of(look):
    return lambda action: look(lambda: AuditEntry.objects.get(action=action))


# cap 54
def test_staff_grant_limits_of_its_own(as_olga, send, cast, entry_of):
    paid(cast.acme)
    answer = send("limits", members=7, storage_bytes="2 TB", lifted=["api_keys"])
    assert answer.status_code == 302
    acme = now_of(cast.acme)
    assert (acme.limit("members"), acme.limit("api_keys")) == (7, None)
    assert (acme.limit("storage_bytes"), acme.limit("webhooks")) == (2 * 10**12, 50)
    entry = entry_of("organization.limits_overridden")
    assert (entry.actor_type, entry.actor_id) == ("operator", cast.olga.pk)
    assert entry.organization_id == cast.acme.pk
    assert entry.after == {
        "limits": {"members": 7, "storage_bytes": 2 * 10**12, "api_keys": None},
        "reason": REASON["reason"],
    }


def test_the_form_shows_what_was_granted(as_olga, send, cast):
    send("limits", members=7, storage_bytes="2 TB", lifted=["api_keys"])
    page = as_olga.get(sheet(cast.acme, "limits")).content.decode()
    assert 'value="7"' in page
    assert 'value="2 TB"' in page
    assert 'value="api_keys"' in page
    assert page.count(" checked") == 1


def test_limits_left_empty_are_the_plans_again(send, cast, look):
    send("limits", members=7)
    assert send("limits").status_code == 302
    free = look(lambda: Plan.objects.get(code="free"))
    assert now_of(cast.acme).limits == free.limits
    assert now_of(cast.acme).limit_overrides == {}


def test_the_same_limits_again_are_said_to_be_no_change(as_olga, send, cast):
    send("limits", members=7)
    answer = send("limits", members=7)
    page = as_olga.get(answer["Location"]).content.decode()
    assert "Nothing was different." in page


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"members": 7, "lifted": ["members"]}, "Either a number, or no limit."),
        ({"members": "many"}, "whole number"),
        ({"members": -1}, "greater than or equal to 0"),
        ({"storage_bytes": "much"}, "500 MB or 5 GB"),
        ({"lifted": ["cakes"]}, "not one of the available choices"),
        ({"members": 7, "reason": ""}, "Say why"),
    ],
)
def test_limits_that_mean_nothing_are_refused(send, cast, values, words):
    answer = send("limits", **values)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert now_of(cast.acme).limit_overrides == {}


def test_the_page_of_an_organization_shows_limits_use_and_source(as_olga, send, cast):
    paid(cast.acme)
    send("limits", members=7, lifted=["webhooks"])
    page = as_olga.get(address(Organization, "change", cast.acme.pk))
    lines = " ".join(page.content.decode().split())
    row = '<td>{}</td> <td class="end">{}</td> <td class="end">{}</td> <td>{}</td>'
    assert row.format("Seats", 4, 7, "Staff") in lines
    assert row.format("API keys", 0, 50, "Plan") in lines
    assert row.format("Webhooks", 0, "No limit", "Staff") in lines
    assert row.format("Tasks", 0, "No limit", "Plan") in lines
    for name in ("limits", "standing", "comp"):
        assert sheet(cast.acme, name) in lines
    assert sheet(cast.acme, "end") not in lines


def test_saving_an_organization_leaves_what_was_granted(as_olga, send, cast):
    send("limits", members=7)
    values = {"name": "Acme Ltd", "slug": "acme", "task_prefix": "ACME"}
    values |= {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    page = address(Organization, "change", cast.acme.pk)
    assert as_olga.post(page, values).status_code == 302
    acme = now_of(cast.acme)
    assert (acme.name, acme.limit_overrides) == ("Acme Ltd", {"members": 7})


def test_staff_change_a_standing_with_a_reason(send, cast, entry_of):
    assert send("standing", standing="read_only").status_code == 302
    assert now_of(cast.acme).standing == "read_only"
    assert now_of(cast.globex).standing == "good"
    entry = entry_of("organization.standing_changed")
    assert entry.before == {"standing": "good"}
    assert entry.after == {"standing": "read_only", "reason": REASON["reason"]}
    assert entry.actor_type == "operator"


@pytest.mark.parametrize("values", [{"standing": "splendid"}, {"reason": ""}])
def test_a_standing_without_sense_or_reason_is_refused(send, cast, values):
    answer = send("standing", **({"standing": "suspended"} | values))
    assert answer.status_code == 422
    assert now_of(cast.acme).standing == "good"


def test_organizations_are_listed_by_standing(as_olga, send, cast):
    send("standing", standing="suspended")
    page = as_olga.get(
        address(Organization, "changelist"), {"standing__exact": "suspended"}
    )
    assert list(page.context["cl"].result_list) == [cast.acme]


# cap 50
def test_staff_give_a_plan_until_a_day(send, cast, entry_of):
    until = timezone.localtime() + timedelta(days=30)
    answer = send("comp", plan="pro", until=f"{until:%Y-%m-%dT%H:%M}")
    assert answer.status_code == 302
    row = row_of(cast.acme)
    assert (row.plan_id, row.is_comped, row.status) == ("pro", True, "active")
    assert abs(row.comped_until - until) < timedelta(minutes=1)
    assert now_of(cast.acme).plan == "pro"
    entry = entry_of("subscription.comped")
    assert (entry.actor_type, entry.organization_id) == ("operator", cast.acme.pk)
    assert entry.after["reason"] == REASON["reason"]
    assert now_of(cast.globex).plan == "free"


def test_staff_give_a_plan_without_end_and_change_it(as_olga, send, cast):
    send("comp", plan="pro")
    row = row_of(cast.acme)
    assert row.comped_until is None
    page = as_olga.get(sheet(row, "comp")).content.decode()
    assert '<option value="pro" selected>' in page
    assert send("comp", row=row, plan="enterprise").status_code == 302
    assert (now_of(cast.acme).plan, now_of(cast.acme).limits) == ("enterprise", {})


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"plan": "golden"}, "not one of the available choices"),
        ({"plan": "pro", "until": "2020-01-01T00:00"}, "in the next ten years"),
        ({"plan": "pro", "until": "2099-01-01T00:00"}, "in the next ten years"),
        ({"plan": "pro", "until": "soon"}, "Enter a valid date/time."),
        ({"plan": "pro", "reason": " "}, "Say why"),
    ],
)
def test_what_cannot_be_given_is_refused(send, cast, look, values, words):
    answer = send("comp", **values)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not look(lambda: Subscription.objects.exists())


def test_nothing_is_given_beside_what_is_paid(send, cast):
    paid(cast.acme, plan="starter")
    answer = send("comp", plan="pro")
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Acme pays for a subscription at Stripe." in text
    assert REASON["reason"] in text
    assert row_of(cast.acme).plan_id == "starter"


@pytest.mark.parametrize("where", ["organization", "subscription"])
def test_staff_take_a_given_plan_back(
    as_olga, send, cast, entry_of, where, run_jobs, mailoutbox
):
    send("comp", plan="pro")
    row = cast.acme if where == "organization" else row_of(cast.acme)
    page = as_olga.get(address(type(row), "change", row.pk)).content.decode()
    assert sheet(row, "end") in page
    assert send("end", row=row).status_code == 302
    assert now_of(cast.acme).plan == "free"
    assert entry_of("subscription.comp_ended").actor_type == "operator"
    run_jobs()
    assert {m.subject for m in mailoutbox} == {"Acme: Pro has ended"}


def test_there_is_no_end_of_what_was_not_given(as_olga, send, cast):
    answer = send("end")
    assert answer.status_code == 302
    assert "No plan was given." in as_olga.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_needs_its_right(helper, cast, name):
    client = helper("view_organization", "view_subscription")
    assert client.get(sheet(cast.acme, name)).status_code == 403
    values = {"plan": "pro", "standing": "suspended", "members": 1} | REASON
    assert client.post(sheet(cast.acme, name), values).status_code == 403
    assert now_of(cast.acme).plan == "free"
    assert now_of(cast.acme).standing == "good"
    page = client.get(address(Organization, "change", cast.acme.pk))
    assert sheet(cast.acme, name) not in page.content.decode()


def test_the_right_over_organizations_is_none_over_money(helper, cast):
    client = helper("view_organization", "change_organization")
    assert client.get(sheet(cast.acme, "standing")).status_code == 200
    assert client.get(sheet(cast.acme, "comp")).status_code == 403


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_of_nothing_is_missing(as_olga, name):
    page = reverse(f"admin:organizations_organization_{name}", args=[SOME_ID])
    assert as_olga.get(page).status_code == 404
    assert as_olga.post(page, REASON).status_code == 404


def test_members_find_no_sheet(as_alice, cast):
    for name in SHEETS:
        assert as_alice.get(sheet(cast.acme, name)).status_code == 404
        assert as_alice.post(sheet(cast.acme, name), REASON).status_code == 404


@pytest.fixture
def customer(stripe_double, cast):
    """Make Acme a customer at Stripe whose subscription is not there any more."""
    made = gateway.create_customer(
        organization_id=cast.acme.pk, name="Acme", email="billing@acme.example"
    )
    return paid(cast.acme, stripe_customer_id=made["id"])


# cap 56
def test_staff_read_a_subscription_again(as_olga, customer, cast):
    page = as_olga.get(address(Subscription, "change", customer.pk)).content.decode()
    assert sheet(customer, "sync") in page
    assert as_olga.get(sheet(customer, "sync")).status_code == 200
    answer = as_olga.post(sheet(customer, "sync"))
    text = as_olga.get(answer["Location"]).content.decode()
    assert "Acme was different at Stripe, and is as there now." in text
    row = row_of(cast.acme)
    assert (row.status, row.billing_email) == ("incomplete", "billing@acme.example")
    assert now_of(cast.acme).plan == "free"


def test_staff_read_several_again_from_the_list(as_olga, customer, cast):
    other = paid(cast.globex, stripe_customer_id="", stripe_subscription_id="")
    page = act(as_olga, Subscription, "read_again", customer, other)
    assert "Acme was different at Stripe" in page.content.decode()
    assert "Globex" not in "".join(str(m) for m in page.context["messages"])
    page = act(as_olga, Subscription, "read_again", customer)
    assert "Acme was as at Stripe." in page.content.decode()
    assert row_of(cast.globex).status == "active"


def test_a_customer_stripe_does_not_know_is_said(as_olga, customer, cast):
    paid(cast.acme, stripe_customer_id="cus_nowhere")
    page = act(as_olga, Subscription, "read_again", customer)
    assert "Stripe refuses" in page.content.decode()
    answer = as_olga.post(sheet(customer, "sync"))
    assert answer.status_code == 422
    assert row_of(cast.acme).status == "active"


def test_stripe_away_is_said_and_changes_nothing(as_olga, cast, settings):
    settings.STRIPE_SECRET_KEY, settings.BILLING_DOUBLE = KEY, None
    # Nobody listens there.
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    row = paid(cast.acme)
    answer = as_olga.post(sheet(row, "sync"))
    assert answer.status_code == 422
    assert "Stripe does not answer" in answer.content.decode()
    assert row_of(cast.acme).status == "active"


def test_reading_again_needs_the_right_to_change(helper, cast):
    row = paid(cast.acme)
    client = helper("view_subscription")
    assert client.get(address(Subscription, "changelist")).status_code == 200
    assert client.post(sheet(row, "sync")).status_code == 403
    page = act(client, Subscription, "read_again", row)
    assert page.status_code in (200, 403)
    assert row_of(cast.acme).synced_at is None


def test_a_given_plan_stands_in_the_list(as_olga, send, cast):
    send("comp", plan="pro")
    page = as_olga.get(address(Subscription, "changelist"), {"is_comped__exact": "1"})
    assert [row.plan_id for row in page.context["cl"].result_list] == ["pro"]


def test_plans_to_give_are_all_there_are(as_olga, cast, look):
    page = as_olga.get(sheet(cast.acme, "comp")).content.decode()
    for plan in look(lambda: list(Plan.objects.all())):
        assert f'<option value="{plan.code}">{plan.name}</option>' in page


def test_what_is_granted_to_one_is_not_seen_by_another(send, cast):
    send("limits", members=7)
    with no_context(), tenant(cast.globex):
        assert not AuditEntry.objects.filter(
            action="organization.limits_overridden"
        ).exists()
