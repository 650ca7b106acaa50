"""Labels, teams and roles of the cast's organizations, and what is left of them."""

from typing import Any

from organizations.audit.models import AuditEntry
from organizations.models import Membership
from organizations.roles.flows import create_role, give_role
from organizations.teams.flows import create_team
from organizations.teams.models import Team
from organizations.tenancy import no_context, tenant
from tasks.labels.flows import create_label
from tasks.labels.models import Label, TaskLabel
from tests.tasks.conftest import Board


def a_label(board: Board, name: str) -> Label:
    with no_context(), board.inside():
        return create_label(by=board.owner, name=name, colour="blue")


def a_team(board: Board, name: str) -> Team:
    with no_context(), board.inside():
        return create_team(name=name, by=board.owner)


def labels_of(board: Board, task: Any) -> list[str]:
    """Return the names of a task's labels now."""
    with no_context(), board.inside():
        rows = TaskLabel.objects.filter(task_id=task.pk).select_related("label")
        return sorted(row.label.name for row in rows)


def by_hand(board: Board, task: Any, **values: Any) -> None:
    """Change one task as its owner does."""
    with no_context(), board.inside():
        board.now(task).edit(by=board.owner, **values)


def entries(board: Board, action: str) -> list[AuditEntry]:
    """Return the entries of one kind in an organization's history, the first first."""
    with no_context(), board.inside():
        rows = AuditEntry.objects.filter(action=action)
        return list(rows.order_by("created_at", "id"))


def give_abilities(cast: Any, who: str, *abilities: str) -> None:
    """Give somebody of Acme a role of their own."""
    with no_context(), tenant(cast.acme, cast.alice):
        role = create_role(
            name=f"Only {'-'.join(abilities)}",
            base="member",
            abilities=["organization.view", *abilities],
            by=cast.alice,
        )
        rows = Membership.objects.select_related("user")
        member = rows.get(user=getattr(cast, who))
        give_role(membership=member, role=role, by=cast.alice)
