"""One's own open tasks in all one's organizations, each asked in its own context."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from organizations.decorators import signed_in
from organizations.http import TenantRequest
from organizations.middleware import lacks_second_step, may_enter
from organizations.models import Organization
from organizations.permissions import effective
from organizations.tenancy import no_context, tenant
from tasks.choices import Status
from tasks.models import Task, TaskAssignee
from tasks.origins import MINE, Origin
from tasks.people import names_of
from tasks.queries import TaskRow
from tasks.rows import render as drawn

# Of each organization; whoever has more opens its list.
SHOWN = 20
COLUMNS = (
    *("id", "number", "title", "status", "priority", "due_date"),
    "comment_count",
)


@dataclass(frozen=True)
class Place:
    """One organization with its rows, and where the rest of them is."""

    organization: Organization
    rows: SafeString
    count: int
    has_more: bool
    address: str


@require_GET
@signed_in
def my_tasks(request: TenantRequest) -> HttpResponse:
    places = [
        place(request, one) for one in request.memberships if is_open(request, one)
    ]
    context = {
        "places": [one for one in places if one.count],
        "total": sum(one.count for one in places),
    }
    return render(request, "tasks/my_tasks.html", context)


def is_open(request: TenantRequest, membership: Any) -> bool:
    """Return whether a person may see anything of an organization now."""
    if not may_enter(membership) or lacks_second_step(membership, request.user):
        return False
    return "tasks.view" in effective(membership)


def place(request: TenantRequest, membership: Any) -> Place:
    """Return the person's open tasks in one organization, what is due first on top."""
    organization = membership.organization
    with no_context(), tenant(organization, request.user):
        found = list(open_tasks(request.user)[: SHOWN + 1])
        shown = found[:SHOWN]
        names = names_of(organization.pk, [str(request.user.pk)])
    rows = lines_of(
        request, organization, [row_of(task, request.user) for task in shown], names
    )
    rest = way_into(organization, "/tasks/%3Fassignee=me")
    return Place(organization, rows, len(shown), len(found) > SHOWN, rest)


def lines_of(
    request: TenantRequest,
    organization: Organization,
    rows: list[TaskRow],
    names: Mapping[str, str],
) -> SafeString:
    """Return rows of an organization; those of the active one open on this page."""
    way = way_into(organization, "/tasks/{}/")
    if organization == request.organization:
        way = f"/tasks/{{}}/{Origin(MINE).query}"
    return drawn(
        rows,
        names,
        prefix=organization.task_prefix,
        can_edit=False,
        link=f'"{way}"',
    )


def open_tasks(user: Any) -> Any:
    mine = TaskAssignee.objects.filter(user=user).values("task_id")
    rows = Task.objects.filter(pk__in=mine).exclude(status=Status.DONE)
    return rows.order_by(
        F("due_date").asc(nulls_last=True), "-priority", "-created_at", "-id"
    ).values(*COLUMNS)


def row_of(task: dict[str, Any], user: Any) -> TaskRow:
    due = task["due_date"]
    return TaskRow(
        str(task["id"]),
        task["number"],
        task["title"],
        task["status"],
        task["priority"],
        due.isoformat() if due else None,
        "",
        task["comment_count"],
        [str(user.pk)],
    )


def way_into(organization: Organization, page: str) -> str:
    """Return the address that enters an organization and goes on to a page of it."""
    where = reverse("organizations:organization_enter", args=[organization.slug])
    return f"{where}?next={page}"
