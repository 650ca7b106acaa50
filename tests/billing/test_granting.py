import pytest

from billing import granting
from billing.models import Plan
from organizations.audit.models import AuditEntry
from organizations.tenancy import no_context, tenant
from tests.billing.paid import now_of, paid


@pytest.fixture
def override(cast):
    def run(**overrides):
        with no_context(), tenant(cast.acme):
            return granting.override_limits(
                organization=cast.acme,
                overrides=overrides,
                by=cast.olga,
                reason="They asked",
            )

    return run


def entry_of(cast, action):
    with no_context(), tenant(cast.acme):
        return AuditEntry.objects.get(action=action)


# cap 54
def test_an_own_limit_replaces_the_plans(override, cast):
    paid(cast.acme)
    assert override(members=7, api_keys=None)
    acme = now_of(cast.acme)
    assert (acme.limit("members"), acme.limit("api_keys")) == (7, None)
    assert acme.limit("webhooks") == 50
    entry = entry_of(cast, "organization.limits_overridden")
    assert entry.before == {"limits": {}}
    assert entry.after == {
        "limits": {"members": 7, "api_keys": None},
        "reason": "They asked",
    }


def test_the_same_limits_again_are_no_change(override, cast):
    assert override(members=7)
    assert not override(members=7)
    assert entry_of(cast, "organization.limits_overridden")


def test_without_overrides_the_plan_counts_again(override, cast):
    paid(cast.acme)
    override(members=7)
    assert override()
    assert now_of(cast.acme).limits == Plan.objects.get(code="pro").limits


def test_a_smaller_limit_says_at_once_what_is_over(override, cast):
    override(members=2)
    assert now_of(cast.acme).over == ["members"]
    override(members=20)
    assert now_of(cast.acme).over == []


def test_own_limits_outlive_a_change_of_plan(override, cast):
    override(members=7)
    paid(cast.acme, plan="starter")
    acme = now_of(cast.acme)
    assert (acme.plan, acme.limit("members"), acme.limit("api_keys")) == (
        "starter",
        7,
        5,
    )


def test_a_standing_is_changed_once_and_recorded_with_its_reason(cast):
    with no_context(), tenant(cast.acme):
        values = {"organization": cast.acme, "standing": "read_only", "by": cast.olga}
        assert granting.set_standing(reason="Abuse", **values)
        assert not granting.set_standing(reason="Abuse", **values)
    entry = entry_of(cast, "organization.standing_changed")
    assert entry.before == {"standing": "good"}
    assert entry.after == {"standing": "read_only", "reason": "Abuse"}


def test_another_organization_is_not_reached(override, cast):
    before = now_of(cast.globex).limits
    override(members=1)
    assert now_of(cast.globex).limits == before
    with no_context(), tenant(cast.globex):
        assert not AuditEntry.objects.filter(
            action="organization.limits_overridden"
        ).exists()
