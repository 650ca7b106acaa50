"""What an organization may have: its plan's limits and what staff put in their place,
written onto the organization, where everybody reads them."""

from collections.abc import Mapping

from billing.models import Plan, Subscription
from organizations.flags.known import ranked
from organizations.limits.over import note_over
from organizations.models import Organization

TERMS = ("plan", "limits", "limit_overrides", "over", "api_per_minute")


def ranks() -> dict[str, int]:
    """Return the rank of each plan by its code."""
    return dict(Plan.objects.order_by().values_list("code", "rank"))


def connect() -> None:
    """Tell flags which plan includes which."""
    if ranks not in ranked:
        ranked.append(ranks)


def lowest_plan() -> Plan:
    """Return what an organization has when nothing is paid for."""
    return Plan.objects.order_by("rank")[0]


def begin_free(organization: Organization) -> None:
    """Give a new organization what is free, in as few words as that takes."""
    rows = Plan.objects.order_by("rank").values("code", "limits", "api_per_minute")
    free = rows[0]
    terms = {**free, "plan": free["code"]}
    del terms["code"]
    Organization.objects.filter(pk=organization.pk).update(**terms)
    for name, value in terms.items():
        setattr(organization, name, value)


def plan_in_force(row: Subscription) -> Plan:
    """Return the plan that counts now."""
    return row.plan if row.is_entitled else lowest_plan()


def effective(
    limits: Mapping[str, int], overrides: Mapping[str, int | None]
) -> dict[str, int]:
    """Return a plan's limits with an organization's own in their place.

    An override of None lifts the limit.
    """
    both = {**limits, **overrides}
    return {key: value for key, value in both.items() if value is not None}


def write_plan(row: Subscription) -> bool:
    """Copy what a subscription entitles to onto its organization; False if it was so.

    It runs inside the organization: what is over its limits is counted there.
    """
    changed = entitle(row.organization, plan_in_force(row))
    if changed:
        note_over(row.organization)
    return changed


def entitle(organization: Organization, plan: Plan) -> bool:
    """Give an organization a plan with its limits; False when it had just these."""
    limits = effective(plan.limits, organization.limit_overrides)
    terms = {
        "plan": plan.code,
        "limits": limits,
        "api_per_minute": plan.api_per_minute,
    }
    if all(getattr(organization, name) == value for name, value in terms.items()):
        return False
    for name, value in terms.items():
        setattr(organization, name, value)
    organization.save(update_fields=list(terms))
    return True
