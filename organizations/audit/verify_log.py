"""Verify an exported audit log: python verify_log.py FILE [HEAD]

Needs Python 3.8 or newer and nothing else. Each line of the file is one entry as JSON,
with the SHA-256 over the hash before it and the entry's text. HEAD is the last hash as
it was noted elsewhere; without it nobody can tell whether entries at the end are missing.
"""

import hashlib
import json
import sys
from collections.abc import Iterable

START, MIDDLE, END = '{"hash":"', '","entry":', "}"
DIGITS = 64


class Fault(Exception):
    """The log cannot be trusted; the message says from where on."""


def read(line: str) -> tuple[str, str]:
    """Return the hash of a line, and the entry's text exactly as it was hashed."""
    text = line.rstrip("\n")
    place = len(START) + DIGITS
    if not (
        text.startswith(START) and text.startswith(MIDDLE, place) and text.endswith(END)
    ):
        raise Fault("is not a line of an exported log")
    return text[len(START) : place], text[place + len(MIDDLE) : -len(END)]


def verify(lines: Iterable[str]) -> tuple[int, str, bool]:
    """Return how many entries there are, the last hash, and whether any were left out.

    An extract begins in the middle or leaves entries out: then only those can be
    checked that follow the one before them.
    """
    count, last, previous, gaps = 0, "", 0, False
    for number, line in enumerate(lines, 1):
        try:
            digest, text = read(line)
            sequence = json.loads(text)["sequence"]
            follows = sequence == previous + 1
            before = bytes.fromhex(last) if follows else b""
            if sequence <= previous:
                raise Fault("comes before the entry above it")
            whole = hashlib.sha256(before + text.encode()).hexdigest() == digest
        except Fault as fault:
            raise Fault(f"line {number} {fault}") from fault
        except (ValueError, KeyError, TypeError) as error:
            raise Fault(f"line {number} is not an entry") from error
        if follows and not whole:
            raise Fault(f"line {number}, entry {sequence}, was changed")
        gaps = gaps or not follows
        count, last, previous = count + 1, digest, sequence
    return count, last, gaps


def main(arguments: list[str]) -> int:
    """Verify a file and say what was found; 0 when it can be trusted."""
    if not 1 <= len(arguments) <= 2:
        sys.stderr.write(__doc__ or "")
        return 2
    try:
        with open(arguments[0], encoding="utf-8", newline="\n") as log:
            count, head, gaps = verify(log)
    except (OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"{arguments[0]} cannot be read: {error}\n")
        return 2
    except Fault as fault:
        sys.stdout.write(f"NOT TRUSTED: {fault}.\n")
        return 1
    if arguments[1:] and arguments[1] != head:
        sys.stdout.write(
            f"NOT TRUSTED: it ends with {head}, not with the noted hash.\n"
        )
        return 1
    sys.stdout.write(f"Trusted: {count} entries, the last hash is {head}.\n")
    if gaps:
        sys.stdout.write(
            "It is an extract: entries are left out, and each one after a gap is"
            " believed, not checked. Export without filters to check them all.\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
