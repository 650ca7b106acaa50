"""What the tests of Settings, Import share: bringing, looking, confirming."""

from types import SimpleNamespace
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from organizations.archives.models import Arrival
from organizations.audit.models import AuditEntry
from organizations.models import files_of
from organizations.tenancy import no_context, tenant
from tasks.flows import create_task
from tasks.models import Task

LIST = "/organizations/settings/import/"
NEW = f"{LIST}new/"


def sent(data: bytes, name: str = "acme.zip") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, data, "application/zip")}


def bring(client: Client, data: bytes, name: str = "acme.zip") -> Any:
    return client.post(NEW, sent(data, name))


def at(arrival: Arrival, verb: str = "") -> str:
    return f"{LIST}{arrival.pk}/{verb}"


def confirm(client: Client, arrival: Arrival, typed: str = "acme") -> Any:
    return client.post(at(arrival, "confirm/"), {"typed": typed})


def arrivals(organization: Any) -> list[Arrival]:
    with no_context(), tenant(organization):
        return list(Arrival.objects.order_by("id"))


def the_one(organization: Any) -> Arrival:
    (found,) = arrivals(organization)
    return found


def change(organization: Any, **values: Any) -> None:
    with no_context(), tenant(organization):
        Arrival.objects.update(**values)


def recorded(organization: Any) -> list[tuple[str, Any]]:
    """Return the steps of imports in the log, each with its actor."""
    with no_context(), tenant(organization):
        rows = AuditEntry.objects.filter(action__startswith="archive.")
        steps = list(rows.order_by("sequence").values_list("action", "actor"))
    return [(action.removeprefix("archive."), actor) for action, actor in steps]


def taken_in(organization: Any) -> list[AuditEntry]:
    with no_context(), tenant(organization):
        return list(AuditEntry.objects.filter(action="organization.imported"))


def titles(organization: Any) -> set[str]:
    with no_context(), tenant(organization):
        return set(Task.objects.values_list("title", flat=True))


def add_task(cast: SimpleNamespace, title: str) -> None:
    with no_context(), tenant(cast.acme, cast.alice):
        create_task(by=cast.alice, title=title)


def stored(organization: Any) -> list[str]:
    """Return the names of the archives that are kept."""
    folder = f"{files_of(organization.pk)}/archives"
    try:
        return default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return []
