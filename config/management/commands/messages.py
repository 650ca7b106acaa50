"""Draws the catalogues anew from the sources, or says in what they differ."""

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, CommandParser, call_command
from django.core.management.commands import makemessages

from config.catalogues import catalogue, faults, read

# Not the product's own words: what people read there is never translated.
ASIDE = ["tests/*", "var/*", "media/*", "config/management/*"]
MOST_TOLD = 50
OPTIONS: dict[str, Any] = {
    "no_wrap": True,
    "add_location": "file",
    "no_obsolete": True,
    "ignore_patterns": ASIDE,
}


class Command(makemessages.Command):
    """`manage.py messages [language ...]`, and `--check`, which changes nothing."""

    help = "Draw the languages' catalogues anew and compile them."
    # A sentence that resembles an old one is a new sentence.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
    comparing = False

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("languages", nargs="*", help="such as de; else all offered")
        parser.add_argument("--check", action="store_true", help="only tell faults")

    def handle(self, *args: Any, **options: Any) -> None:
        languages = options["languages"] or offered()
        self.comparing, self.found = options["check"], list[str]()
        if shutil.which("xgettext"):
            super().handle(
                **{**options, **OPTIONS, "locale": languages, "verbosity": 0}
            )
        elif not self.comparing:
            raise CommandError("Drawing catalogues needs gettext (Debian: gettext).")
        else:
            self.stdout.write("Sources compared: skipped: gettext is not installed")
        if not self.comparing:
            call_command(
                "compilemessages",
                locale=languages,
                ignore_patterns=[".venv"],
                verbosity=0,
            )
        self.tell(languages)

    def tell(self, languages: list[str]) -> None:
        for language in languages:
            self.found += faults(language)
        if self.found and self.comparing:
            raise CommandError("\n".join(self.found))
        for fault in self.found[:MOST_TOLD]:
            self.stdout.write(fault)
        self.stdout.write(f"{', '.join(languages)}: {len(self.found)} to do")

    def write_po_file(self, potfile: str, locale: str) -> None:
        """Bring one catalogue up to the sources, or compare the two."""
        if self.comparing:
            self.compare(Path(potfile), locale)
            return
        catalogue(locale).parent.mkdir(parents=True, exist_ok=True)
        super().write_po_file(potfile, locale)
        path = catalogue(locale)
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith('"POT-Creation-Date')]
        path.write_text("".join(kept), encoding="utf-8")

    def compare(self, sources: Path, locale: str) -> None:
        wanted = {(entry.key, *entry.meant) for entry in read(sources)}
        held = {(entry.key, *entry.meant) for entry in read(catalogue(locale))}
        for fault, entries in (("missing", wanted - held), ("unused", held - wanted)):
            self.found += [f"{locale}: {fault}: {key!r}" for key, *_ in sorted(entries)]


def offered() -> list[str]:
    """Return the languages that have a catalogue; the sources speak one themselves."""
    return [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
