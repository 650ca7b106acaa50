"""Organizations with a row in every table, and archives that were tampered with."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from config.archives.hashing import tenant_hash
from organizations.archives import arriving, people, signing, writing
from organizations.archives.arriving import Journey
from organizations.archives.reading import ArchiveFile
from organizations.archives.travelling import tables
from organizations.archives.writing import MANIFEST, SIGNATURE
from organizations.models import DAYS_RESTORABLE, Organization, files_of
from organizations.tenancy import no_context, tenant
from organizations.tenancy.models import uuid7
from organizations.tenancy.policies import managed_models, organization_key
from tasks.flows import create_task
from tests.organizations.test_purging import delete, purge
from tests.tenancy.rows import a_row, takes_rows

Changes = dict[str, bytes | None]


def furnish(organization: Organization, owner: Any) -> None:
    """Give an organization a row of every table, and files."""
    with no_context(), tenant(organization, owner):
        create_task(by=owner, title=f"Only in {organization}", assignees=[owner])
        for model in managed_models():
            if organization_key(model) and takes_rows(model):
                a_row(model, owner)
        for table in tables():
            names = {one: f"{files_of(organization.pk)}/{one}" for one in table.files}
            if names:
                table.model._base_manager.update(**names)
        for name in ("gallery/one.webp", "imports/two.csv"):
            text = f"{name} of {organization}".encode()
            path = f"{files_of(organization.pk)}/{name}"
            default_storage.save(path, ContentFile(text))


@pytest.fixture
def both(cast: SimpleNamespace) -> SimpleNamespace:
    """The cast, with something in every table of Acme and of Globex."""
    furnish(cast.acme, cast.alice)
    furnish(cast.globex, cast.charlie)
    return cast


def exported(organization: Organization) -> bytes:
    out = io.BytesIO()
    writing.write(organization.pk, out)
    return out.getvalue()


def opened(data: bytes, trusted: set[str] | None = None) -> ArchiveFile:
    archive = ArchiveFile(io.BytesIO(data), trusted or signing.own_keys())
    archive.verify()
    return archive


def journey(data: bytes, **how: Any) -> Journey:
    """Return an archive on its way; to its own organization unless told otherwise."""
    archive = opened(data)
    found = people.matched(
        archive, how.pop("owner", ""), create=how.pop("create", False)
    )
    target = uuid7() if how.pop("new", False) else archive.organization_id
    return Journey(archive, found, target, how.pop("over", False), **how)


def take_in(data: bytes, **how: Any) -> Journey:
    going = journey(data, **how)
    arriving.take_in(going, by=None)
    return going


def end(organization: Organization, by: Any) -> None:
    """Delete an organization long enough ago, and let it be purged."""
    delete(organization, by, DAYS_RESTORABLE + 1)
    purge()


def hashed(organization: Organization) -> dict[str, Any]:
    return tenant_hash(organization)


def members_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def packed(
    members: dict[str, bytes], extra: tuple[tuple[str, bytes], ...] = ()
) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in [*members.items(), *extra]:
            file.writestr(name, text)
    return out.getvalue()


def changed(data: bytes, changes: Changes) -> bytes:
    """Return an archive with other bytes in some files, or without them."""
    found = {**members_of(data), **changes}
    return packed({name: text for name, text in found.items() if text is not None})


def resigned(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """Return an archive as it were if its rows had been others from the beginning."""
    found = members_of(data)
    manifest = json.loads(found[MANIFEST])
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        made = writing.Archive(file)
        for name in manifest["members"]:
            made.add(name, iter([change(name, found[name])]))
    members = {
        one["name"]: {"bytes": one["bytes"], "sha256": one["sha256"]}
        for one in made.files
    }
    text = change(MANIFEST, json.dumps({**manifest, "members": members}).encode())
    again = {name: change(name, found[name]) for name in manifest["members"]}
    return packed({**again, MANIFEST: text, SIGNATURE: signing.signature(text)})


def forged(
    data: bytes, change: Callable[[dict[str, bytes], dict[str, Any]], None]
) -> bytes:
    """Return an archive of an installation that is trusted, and should not be.

    `change` is given its files and its manifest; hashes and signature fit afterwards.
    """
    found = members_of(data)
    manifest = json.loads(found.pop(MANIFEST))
    del found[SIGNATURE]
    change(found, manifest)
    manifest["members"] = {
        name: {"bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()}
        for name, text in found.items()
    }
    return signed(found, json.dumps(manifest).encode())


def signed(members: dict[str, bytes], manifest: bytes) -> bytes:
    """Return an archive with whatever bytes as its manifest, signed."""
    own = {MANIFEST: manifest, SIGNATURE: signing.signature(manifest)}
    return packed({**members, **own})
