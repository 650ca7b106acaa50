"""Static files under hashed names, whose addresses are worked out once."""

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

# What every page loads; each line of these names a file to be put in its place.
JOINED = ("css/app.css", "js/app.js")
LINE = re.compile(
    r'^(?:@import url\("/static/(?P<style>.+)"\)|import "/static/(?P<script>.+)");\n',
    re.MULTILINE,
)
ADDRESS = re.compile(r'url\("(?!data:)([^"]+)"\)')


class StaticStorage(CompressedManifestStaticFilesStorage):
    """A page names a dozen files, and parsing each name again costs a tenth of it.

    The names come from templates, so there are only so many; the storage lives as
    long as the manifest it has read.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.addresses: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        address = self.addresses.get(name)
        if address is None:
            address = self.addresses[name] = super().url(name, force)
        return address

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        """Join the files of each page to one of each kind, then name them by hash."""
        for name in JOINED if not dry_run else ():
            joined = join(name, paths)
            self.delete(name)
            self.save(name, ContentFile(joined))
            paths[name] = (self, name)
        yield from super().post_process(paths, dry_run=dry_run, **options)


def join(name: str, paths: dict[str, Any]) -> str:
    """Return a file with the content of those its lines name."""
    folder = posixpath.dirname(name)

    def content(line: re.Match[str]) -> str:
        other = line["style"] or line["script"]
        text = read(other, paths)
        if line["style"]:
            return with_addresses_from(folder, posixpath.dirname(other), text)
        # A block keeps a script's names to itself, as the module it was did.
        return f"{{\n{text}}}\n"

    return LINE.sub(content, read(name, paths))


def read(name: str, paths: dict[str, Any]) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return str(file.read().decode())


def with_addresses_from(folder: str, own: str, style: str) -> str:
    """Return a style whose addresses, relative to its own folder, fit another."""

    def moved(found: re.Match[str]) -> str:
        target = posixpath.join(own, found[1])
        return f'url("{posixpath.relpath(target, folder)}")'

    return ADDRESS.sub(moved, style)
