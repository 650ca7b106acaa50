"""The double's state: one SQLite file, for several processes and threads."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from billing.fakestripe.errors import missing

Thing = dict[str, Any]
VERSION: Final = 1
SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS objects_kind ON objects (kind, seq);
CREATE TABLE IF NOT EXISTS idempotency (
    key TEXT PRIMARY KEY, request TEXT NOT NULL,
    status INTEGER NOT NULL, body TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL, delivered INTEGER NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS events_waiting ON events (seq) WHERE delivered = 0;
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class Store:
    """A file with the double's state."""

    def __init__(self, path: Any) -> None:
        self.path = Path(path)

    @contextmanager
    def books(self) -> Iterator["Books"]:
        """Open one transaction; all others wait until it ends."""
        with closing(self.connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Books(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def connect(self) -> sqlite3.Connection:
        """Return a connection to the file, which is made where there is none."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            self.prepare(connection)
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    def prepare(self, connection: sqlite3.Connection) -> None:
        """Make the tables; several may come to this at once."""
        connection.execute("BEGIN IMMEDIATE")
        for statement in SCHEMA.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")


class Books:
    """One transaction on the state: things by their kind and id, and the clock."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        # Set while the clock runs what became due at another moment.
        self.at: int | None = None
        self.request: Thing = {"id": None, "idempotency_key": None}

    @property
    def now(self) -> int:
        if self.at is not None:
            return self.at
        return int(self.meta("frozen") or time.time() + int(self.meta("offset") or 0))

    def find(self, key: Any) -> Thing | None:
        """Return the thing of an id, whatever it is."""
        row = self.connection.execute(
            "SELECT body FROM objects WHERE id = ?", (key,)
        ).fetchone()
        return json.loads(row[0]) if row else None

    def need(self, kind: str, key: Any, param: str = "id", status: int = 404) -> Thing:
        """Return the thing of a kind and an id, or refuse the request."""
        thing = self.find(key)
        if thing is None or thing["object"] != kind:
            raise missing(kind, key, param, status)
        return thing

    def every(self, kind: str, **equal: Any) -> list[Thing]:
        """Return things of a kind, newest first; what is None is not asked for."""
        rows = self.connection.execute(
            "SELECT body FROM objects WHERE kind = ? ORDER BY seq DESC", (kind,)
        )
        things = (json.loads(body) for (body,) in rows)
        asked = {name: value for name, value in equal.items() if value is not None}
        return [
            thing
            for thing in things
            if all(thing.get(name) == value for name, value in asked.items())
        ]

    def put(self, thing: Thing) -> Thing:
        """Write a thing as it now is."""
        self.connection.execute(
            "INSERT INTO objects (id, kind, body) VALUES (?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            (thing["id"], thing["object"], json.dumps(thing)),
        )
        return thing

    def meta(self, name: str) -> str | None:
        row = self.connection.execute(
            "SELECT value FROM meta WHERE name = ?", (name,)
        ).fetchone()
        return row[0] if row else None

    def note(self, name: str, value: Any) -> None:
        """Write one fact about the double itself; None forgets it."""
        self.connection.execute("DELETE FROM meta WHERE name = ?", (name,))
        if value is not None:
            self.connection.execute(
                "INSERT INTO meta VALUES (?, ?)", (name, str(value))
            )

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Undo what is written inside when it is refused."""
        self.connection.execute("SAVEPOINT attempt")
        try:
            yield
        except BaseException as problem:
            if not getattr(problem, "keeps", False):
                self.connection.execute("ROLLBACK TO attempt")
            raise
        finally:
            self.connection.execute("RELEASE attempt")
