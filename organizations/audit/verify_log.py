#!/usr/bin/env python3
"""Verifies an exported audit log: needs this file, the export and Python alone.

    python verify_log.py audit-acme.jsonl [--head HASH]

Each line of the export holds an entry's text, its place, its hash and the hash of the
entry before it. A hash is SHA-256 over the previous hash's bytes and the text's UTF-8;
the first entry has no previous one. Exit status: 0 verified, 1 not, 2 not an export.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

FIELDS = {"sequence": int, "previous": str, "hash": str, "text": str}


class Bad(Exception):
    """A line that does not stand where or as it was written."""


@dataclass
class Reading:
    """What has been read so far: the last line's place and hash, and the gaps."""

    entries: int = 0
    sequence: int = 0
    head: str = ""
    organization: str = ""
    gaps: list[tuple[int, int]] = field(default_factory=list)

    def take(self, line: str) -> None:
        """Check one line against the one before it; Bad says what is wrong."""
        entry = parsed(line)
        self.check_place(entry)
        if digest(bytes_of(entry["previous"]), entry["text"]).hex() != entry["hash"]:
            raise Bad("the text is not the one that was hashed: it was changed")
        self.entries += 1
        self.sequence, self.head = entry["sequence"], entry["hash"]

    def check_place(self, entry: dict) -> None:
        """Check that an entry follows the one before it, or note the gap."""
        place, content = entry["sequence"], entry["content"]
        if content.get("sequence") != place:
            raise Bad(f"the text says it is entry {content.get('sequence')}: moved")
        self.organization = self.organization or content.get("organization_id", "")
        if content.get("organization_id") != self.organization:
            raise Bad("the entry is of another organization")
        if place <= self.sequence:
            raise Bad(f"out of order: it follows entry {self.sequence}")
        if place == self.sequence + 1 and entry["previous"] != self.head:
            raise Bad(f"it does not continue from entry {self.sequence}")
        if place > self.sequence + 1:
            self.gaps.append((self.sequence + 1, place - 1))


def parsed(line: str) -> dict:
    """Return a line's fields; Bad when it is no line of an export."""
    try:
        entry = json.loads(line)
    except ValueError:
        raise Bad("not a line of JSON") from None
    if not isinstance(entry, dict):
        raise Bad("not a line of an export")
    for name, kind in FIELDS.items():
        if not isinstance(entry.get(name), kind):
            raise Bad(f"{name} is missing")
    try:
        entry["content"] = json.loads(entry["text"])
    except ValueError:
        raise Bad("its text is not JSON") from None
    if not isinstance(entry["content"], dict):
        raise Bad("its text is no entry")
    return entry


def bytes_of(text: str) -> bytes:
    """Return the bytes of a hash; Bad when it is none."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise Bad("a hash is not hexadecimal") from None


def digest(previous: bytes, text: str) -> bytes:
    """Return the hash of an entry that follows another."""
    return hashlib.sha256(previous + text.encode("utf-8", "surrogatepass")).digest()


def read(lines: Iterable[str]) -> Reading:
    """Check every line; Bad names the first that is wrong."""
    reading = Reading()
    for number, line in enumerate(lines, 1):
        try:
            reading.take(line)
        except Bad as problem:
            raise Bad(f"Line {number}: {problem}.") from None
    return reading


def findings(reading: Reading, expected: str) -> Iterator[str]:
    """Yield what is left to say once every line is right."""
    yield f"{reading.entries} entries, each as it was written."
    if reading.organization:
        yield f"Organization {reading.organization}."
    yield f"Last entry: {reading.sequence}, hash {reading.head or 'none'}."
    if reading.gaps:
        missing = sum(last - first + 1 for first, last in reading.gaps)
        first, last = reading.gaps[0]
        yield (
            f"This is an extract: {missing} entries in {len(reading.gaps)} gaps are not"
            f" in it, the first from {first} to {last}. Either the export was filtered"
            " or lines were taken out; a file with gaps cannot tell which. Each entry"
            " that is here is proven, and not that the others do not exist."
        )
    if not expected:
        yield (
            "Entries cut from the end leave no trace in a file. Compare the last hash"
            " with one that was kept elsewhere: --head HASH."
        )


def main(arguments: list[str] | None = None) -> int:
    """Verify one file and say what was found."""
    parser = argparse.ArgumentParser(description="Verify an exported audit log.")
    parser.add_argument("file", help="the export, in JSON Lines")
    parser.add_argument("--head", default="", help="the last entry's hash, if known")
    options = parser.parse_args(arguments)
    try:
        # Only a line feed ends a line: texts may hold other separators.
        with open(options.file, encoding="utf-8", newline="\n") as lines:
            reading = read(lines)
        if options.head and options.head.lower() != reading.head:
            raise Bad(f"The last hash is {reading.head or 'none'}, not the given one.")
    except Bad as problem:
        sys.stdout.write(f"NOT VERIFIED. {problem}\n")
        return 1
    except (OSError, UnicodeDecodeError) as problem:
        sys.stdout.write(f"Cannot read the file: {problem}\n")
        return 2
    sys.stdout.write("VERIFIED. " + "\n".join(findings(reading, options.head)) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
