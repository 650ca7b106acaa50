"""The product's words in other languages: read, compared, and found at fault.

Nothing here needs gettext's programs; only drawing a catalogue anew does.
"""

import ast
import gettext
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.conf import settings

LINE: Final = re.compile(r'(msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)? ?(".*")')
# %(name)s, %s, {name} and {}; a sign for percent stands for itself.
HOLES: Final = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{[\w.!:]*\}")
TAGS: Final = re.compile(r"</?[a-z]+[^>]*>")


@dataclass
class Entry:
    """One sentence, or one with its plural, and what it is in another language."""

    fuzzy: bool = False
    obsolete: bool = False
    parts: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Return what a compiled catalogue files the entry under, the plural apart."""
        context = self.parts.get("msgctxt")
        lead = "" if context is None else f"{context}\x04"
        return lead + self.parts["msgid"]

    @property
    def said(self) -> list[str]:
        """Return the translations: one, or one for each plural form."""
        return [text for name, text in self.parts.items() if name.startswith("msgstr")]

    @property
    def meant(self) -> list[str]:
        """Return what the sources say: one sentence, or the singular and the plural."""
        names = ("msgid", "msgid_plural")
        return [self.parts[name] for name in names if name in self.parts]


def catalogue(language: str, ending: str = "po") -> Path:
    """Return where a language's words stand."""
    return (
        Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / f"django.{ending}"
    )


def read(path: Path) -> list[Entry]:
    """Return the entries of a .po file without its header."""
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    entries = [entry_of(block) for block in blocks if "msgid " in block]
    return [entry for entry in entries if entry.parts["msgid"]]


def entry_of(block: str) -> Entry:
    entry, name = Entry(), ""
    for line in block.splitlines():
        if line.startswith("#,"):
            entry.fuzzy = "fuzzy" in line
        entry.obsolete = entry.obsolete or line.startswith("#~")
        found = LINE.match(line.removeprefix("#~ "))
        if found:
            name = found[1] or name
            entry.parts[name] = entry.parts.get(name, "") + ast.literal_eval(found[2])
    return entry


def faults(language: str) -> Iterator[str]:
    """Tell what is wrong with a language's catalogue, a line for each fault."""
    entries = read(catalogue(language))
    for entry in entries:
        for fault in faults_of(entry):
            yield f"{language}: {fault}: {entry.parts['msgid'][:70]!r}"
    if catalogue(language, "mo").exists():
        stale = compiled(language) != expected(entries)
    else:
        stale = True
    if stale:
        yield f"{language}: django.mo is not what django.po says: run make messages"


def faults_of(entry: Entry) -> Iterator[str]:
    if entry.obsolete:
        yield "obsolete"
        return
    if entry.fuzzy:
        yield "fuzzy"
    if not all(entry.said):
        yield "not translated"
        return
    wanted = [marks(text) for text in entry.meant]
    # One form may leave out the number where the sources do, and only there.
    if any(marks(text) not in wanted for text in entry.said):
        yield "names or tags differ"
    ends = {text[:1] == "\n" for text in entry.meant + entry.said}
    if len(ends) > 1:
        yield "begins with a new line in one language only"


def marks(text: str) -> tuple[list[str], list[str]]:
    """Return what a translation must carry over: holes to be filled, and tags."""
    return sorted(HOLES.findall(text)), sorted(TAGS.findall(text))


def expected(entries: list[Entry]) -> dict[str | tuple[str, int], str]:
    """Return what a compiled catalogue of these entries holds."""
    held: dict[str | tuple[str, int], str] = {}
    for entry in entries:
        if entry.obsolete or entry.fuzzy or not all(entry.said):
            continue
        if "msgid_plural" in entry.parts:
            held.update({(entry.key, at): text for at, text in enumerate(entry.said)})
        else:
            held[entry.key] = entry.said[0]
    return held


def compiled(language: str) -> dict[str | tuple[str, int], str]:
    """Return what Django will say: each sentence of a .mo file, the header apart."""
    with catalogue(language, "mo").open("rb") as file:
        held = dict(vars(gettext.GNUTranslations(file))["_catalog"])
    held.pop("", None)
    return held
