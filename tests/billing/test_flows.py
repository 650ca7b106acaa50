import pytest
from django.db import IntegrityError, transaction

from billing.flows import change_subscription, start_subscription
from billing.models import Plan, Subscription
from organizations.audit.models import AuditEntry
from organizations.models import Organization
from organizations.tenancy import NoTenant, tenant


@pytest.fixture
def in_acme(cast):
    with tenant(cast.acme, cast.alice):
        yield cast.acme


@pytest.fixture
def subscription(in_acme, cast):
    return start_subscription(
        organization=in_acme,
        plan=Plan.objects.get(code="pro"),
        by=cast.alice,
        seats=4,
    )


def changed(subscription, by, **values):
    terms = {
        "plan": subscription.plan,
        "status": subscription.status,
        "seats": subscription.seats,
    }
    return change_subscription(subscription=subscription, by=by, **(terms | values))


def test_every_installation_starts_with_four_plans(db):
    codes = list(Plan.objects.values_list("code", flat=True))
    assert codes == ["free", "starter", "pro", "enterprise"]


# cap 47
# cap 53
def test_subscription_is_a_row_of_its_organization(subscription, cast):
    row = Subscription.objects.get()
    assert (row.organization_id, row.plan_id) == (cast.acme.pk, "pro")
    assert (row.status, row.seats) == ("active", 4)


def test_starting_writes_plan_and_limits_onto_the_organization(subscription, cast):
    acme = Organization.objects.get(pk=cast.acme.pk)
    assert acme.plan == "pro"
    assert acme.limit("members") == 100
    assert acme.limit("tasks") is None


def test_starting_is_recorded(subscription, cast):
    entry = AuditEntry.objects.get(action="subscription.started")
    assert entry.actor_id == cast.alice.pk
    assert entry.after == {"plan": "pro", "status": "active", "seats": 4}
    assert entry.target_id == str(subscription.pk)


def test_an_organization_has_one_subscription(subscription, cast):
    free = Plan.objects.get(code="free")
    with pytest.raises(IntegrityError), transaction.atomic():
        start_subscription(organization=cast.acme, plan=free, by=cast.alice)
    assert Subscription.objects.get().plan_id == "pro"
    assert AuditEntry.objects.filter(action="subscription.started").count() == 1


def test_changing_the_plan_changes_the_limits(subscription, cast):
    assert changed(
        subscription, cast.alice, plan=Plan.objects.get(code="starter"), seats=9
    )
    acme = Organization.objects.get(pk=cast.acme.pk)
    assert (acme.plan, acme.limit("members")) == ("starter", 15)
    entry = AuditEntry.objects.get(action="subscription.changed")
    assert entry.before == {"plan": "pro", "status": "active", "seats": 4}
    assert entry.after == {"plan": "starter", "status": "active", "seats": 9}


def test_changing_nothing_records_nothing(subscription, cast):
    assert not changed(subscription, cast.alice)
    assert not AuditEntry.objects.filter(action="subscription.changed").exists()


@pytest.mark.parametrize(
    ("status", "plan"),
    [
        ("active", "pro"),
        ("trialing", "pro"),
        ("past_due", "pro"),
        ("canceled", "free"),
        ("incomplete", "free"),
    ],
)
def test_state_decides_whether_the_plan_counts(subscription, cast, status, plan):
    changed(subscription, cast.alice, status=status, seats=5)
    assert Organization.objects.get(pk=cast.acme.pk).plan == plan


# cap 49
def test_a_state_of_our_own_invention_is_refused(subscription):
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.update(status="splendid")


def test_another_organization_sees_no_subscription(subscription, cast):
    from organizations.tenancy import no_context

    with no_context(), tenant(cast.globex, cast.charlie):
        assert not Subscription.objects.exists()


def test_outside_an_organization_there_is_no_subscription_at_all(db):
    with pytest.raises(NoTenant):
        Subscription.objects.exists()
