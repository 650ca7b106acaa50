"""The copy of a person's data as one ZIP, with a list of what is in it."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from contextlib import closing
from typing import IO, Any

from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User, offered_language
from organizations.personal.parts import Rows, parts

PIECE = 64 * 1024


class Archive:
    """A ZIP that remembers the size and SHA-256 of each file put in it."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self.zip = file
        self.files: list[dict[str, Any]] = []

    def add(self, name: str, pieces: Iterator[bytes]) -> None:
        """Write a file piece by piece."""
        digest, size = hashlib.sha256(), 0
        with self.zip.open(name, "w", force_zip64=True) as file:
            for piece in pieces:
                file.write(piece)
                digest.update(piece)
                size += len(piece)
        found = {"name": name, "bytes": size, "sha256": digest.hexdigest()}
        self.files.append(found)

    def list(self) -> None:
        """Write what was put in."""
        made = {"made_at": timezone.now().isoformat(), "files": self.files}
        self.zip.writestr("manifest.json", json.dumps(made, indent=2))


def write(person: User, out: IO[bytes]) -> None:
    """Write everything that is kept about a person as a ZIP."""
    # Parts are read in contexts of their own, left at once when one of them fails.
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file,
        closing(parts(person)) as found,
    ):
        archive = Archive(file)
        with translation.override(offered_language(person.language)):
            archive.add("README.txt", iter([readme(person).encode()]))
        for name, rows in found:
            archive.add(name, as_json(rows))
        add_picture(archive, person)
        archive.list()


def add_picture(archive: Archive, person: User) -> None:
    image = person.image.name or ""
    if image and default_storage.exists(image):
        with default_storage.open(image) as file:
            archive.add("picture.webp", iter(lambda: file.read(PIECE), b""))


def as_json(rows: Rows) -> Iterator[bytes]:
    """Yield rows as one JSON list, a row at a time."""
    yield b"["
    between = b"\n"
    for row in rows:
        text = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
        yield between + text.encode("utf-8", "replace")
        between = b",\n"
    yield b"\n]\n"


def readme(person: User) -> str:
    """Return what the copy is and how it is read."""
    return _(
        "What Insula keeps about %(name)s (%(email)s).\n\n"
        "account.json          your profile\n"
        "addresses.json        your e-mail addresses\n"
        "devices.json          the browsers you are signed in on\n"
        "second-steps.json     your authenticator app and passkeys\n"
        "accounts-elsewhere.json  accounts of other providers you sign in with\n"
        "brought-from.json     who you were in systems you were brought over from\n"
        "invitations.json      organizations that wait for your answer\n"
        "join-requests.json    organizations you asked to join\n"
        "account-history.json  what you did with your account\n"
        "announcements.json    which announcements you have put away\n"
        "picture.webp          your picture, if you have one\n"
        "organizations/        per organization: your membership and teams, the\n"
        "                      tasks you made or were given, the pictures you\n"
        "                      uploaded, and the record of what you did\n"
        "manifest.json         every file with its SHA-256\n\n"
        "Each JSON file is a list; times are in UTC. Passwords and keys are not\n"
        "included: they would let somebody in.\n"
    ) % {"name": person, "email": person.email}
