"""Journeys of teams: making, renaming, removing them, and who is in them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction

from organizations.audit.recording import record, using
from organizations.flows import broken_rule
from organizations.models import Membership
from organizations.teams.models import NAME_RULE, Team, TeamMembership

MEMBER_RULE = "teams_member_belongs"


class NameTaken(Exception):
    """Another team of the organization is called so."""


class NotAMember(Exception):
    """Somebody was to join a team who does not belong to the organization."""


@contextmanager
def refusing(rule: str, problem: type[Exception]) -> Iterator[None]:
    """Turn the refusal of one of the database's rules into a problem of ours."""
    try:
        yield
    except IntegrityError as error:
        if broken_rule(error) == rule:
            raise problem from error
        raise


def create_team(*, name: str, by: Any, description: str = "") -> Team:
    """Make a team; NameTaken when there is one of that name."""
    with refusing(NAME_RULE, NameTaken), transaction.atomic(using=using()):
        team = Team.objects.create(name=name, description=description)
        facts = {"name": name, "description": description}
        record("team.created", team, by=by, after=facts)
    return team


def edit_team(*, team: Team, by: Any, **values: str) -> bool:
    """Rename or describe a team; False when it is so already."""
    with refusing(NAME_RULE, NameTaken), transaction.atomic(using=using()):
        kept = Team.objects.select_for_update().get(pk=team.pk)
        before = {
            name: getattr(kept, name)
            for name, value in values.items()
            if getattr(kept, name) != value
        }
        if not before:
            return False
        after = {name: values[name] for name in before}
        for name, value in after.items():
            setattr(kept, name, value)
        kept.save(update_fields=list(after))
        record("team.changed", kept, by=by, before=before, after=after)
    return True


def remove_team(*, team: Team, by: Any) -> bool:
    """Put a team away with who is in it; False when it is away."""
    with transaction.atomic(using=using()):
        if not Team.with_trash.filter(pk=team.pk).remove():
            return False
        record("team.removed", team, by=by)
    return True


def restore_team(*, team: Team, by: Any) -> bool:
    """Bring a team back; False when it is there, NameTaken when its name is gone."""
    with refusing(NAME_RULE, NameTaken), transaction.atomic(using=using()):
        if not Team.with_trash.filter(pk=team.pk).restore():
            return False
        record("team.restored", team, by=by)
    return True


def add_to_team(*, team: Team, member: Membership, by: Any) -> bool:
    """Put a member in a team; False when they are in it, NotAMember when they left."""
    with refusing(MEMBER_RULE, NotAMember), transaction.atomic(using=using()):
        _row, new = TeamMembership.objects.get_or_create(team=team, user=member.user)
        if new:
            note("team.member_added", team, member.user, by)
    return new


def take_from_team(*, team: Team, user: Any, by: Any) -> bool:
    """Take a person out of a team; False when they are not in it."""
    with transaction.atomic(using=using()):
        rows = TeamMembership.objects.filter(team=team, user=user)
        gone, _tables = rows.delete()
        if gone:
            note("team.member_removed", team, user, by)
    return bool(gone)


def note(action: str, team: Team, user: Any, by: Any) -> None:
    whom = {"user": str(user.pk), "name": str(user)}
    record(action, team, by=by, after=whom)
