"""Who is told in their inbox of what becomes of the bills; each has its letter, too."""

from collections.abc import Iterable

from django.urls import reverse

from organizations.audit.models import AuditEntry
from organizations.limits.payers import payers
from organizations.notifications.rules import Notice, notifies


def connect() -> None:
    """Register the rules, once."""
    notifies("subscription.dunned")(payment_late)
    notifies("subscription.trial_ending_told")(trial_ending)
    notifies("subscription.trial_ended_told")(trial_ended)


def payment_late(entry: AuditEntry) -> Iterable[Notice]:
    """Tell all who may pay that something is owed."""
    yield about_plan("payment_late", entry)


def trial_ending(entry: AuditEntry) -> Iterable[Notice]:
    """Tell all who may choose what comes after a trial."""
    yield about_plan("trial_ending", entry)


def trial_ended(entry: AuditEntry) -> Iterable[Notice]:
    """Tell all who may still choose a plan."""
    yield about_plan("trial_ended", entry)


def about_plan(kind: str, entry: AuditEntry) -> Notice:
    people = [person.pk for person in payers()]
    page = reverse("billing:overview")
    return Notice(kind, people, page, subject=entry.target_label)
