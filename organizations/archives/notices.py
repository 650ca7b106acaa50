"""Whoever asked for an archive, or brought one, is told in their inbox what became of it."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from organizations.archives.models import Arrival, Export
from organizations.audit.models import AuditEntry
from organizations.notifications.rules import Notice, notifies


def connect() -> None:
    """Register the rules, once."""
    notifies("archive.ready")(export_ready)
    notifies("archive.failed")(export_failed)
    notifies("archive.compared")(import_compared)
    notifies("archive.refused")(import_failed)
    notifies("organization.imported")(import_done)


def export_ready(entry: AuditEntry) -> Iterable[Notice]:
    """Tell whoever asked that an archive can be downloaded."""
    yield from about_export("export_ready", entry)


def export_failed(entry: AuditEntry) -> Iterable[Notice]:
    """Tell whoever asked that an archive could not be written."""
    yield from about_export("export_failed", entry)


def import_compared(entry: AuditEntry) -> Iterable[Notice]:
    """Tell whoever brought an archive that it waits for them."""
    yield from about_import("import_compared", entry.target_id)


def import_failed(entry: AuditEntry) -> Iterable[Notice]:
    """Tell whoever brought an archive that it is not taken in."""
    yield from about_import("import_failed", entry.target_id)


def import_done(entry: AuditEntry) -> Iterable[Notice]:
    """Tell whoever brought an archive that it is taken in; staff's has no page."""
    yield from about_import("import_done", entry.after.get("import"))


def about_export(kind: str, entry: AuditEntry) -> Iterable[Notice]:
    page = reverse("archives:export_list")
    for export in Export.objects.filter(pk=entry.target_id):
        yield Notice(kind, [export.asked_by_id], page)


def about_import(kind: str, arrival_id: Any) -> Iterable[Notice]:
    for arrival in Arrival.objects.filter(pk=arrival_id):
        page = reverse("archives:arrival_detail", args=[arrival.pk])
        yield Notice(kind, [arrival.asked_by_id], page, subject=arrival.name)
