"""What stands in the way, read from the catalog: each thing by its name, with its mend."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from config.distribute.tables import Spread
from organizations.tenancy.proof import prove
from organizations.tenancy.proof.catalog import Catalog, Function, fetch

# Somebody who knows may go on in spite of these, one word each.
ACCEPTABLE: Final = {
    "row-trigger": "it fires on the shards: citus.enable_unsafe_triggers = on, for the"
    " owner's role as well, whose migrations make triggers",
    "deferred-key": "a wrong row is refused at COMMIT, as InternalError: make the key"
    " INITIALLY IMMEDIATE",
    "function": "each statement in it must name the organization, and none may call it"
    " for each row: see what it is called from",
    "busy-column": "each write is a commit on every node: keep the column in a table of"
    " the coordinator",
}
REFUSED: Final = {
    "isolation": "`manage.py check_isolation` has to find nothing first",
    "policy-function": "a policy may ask tables that are whole on every node, no shards",
    "reference-trigger": "it would fire on every node's copy, each by its own clock and"
    " rows: do its work in the statement, or keep the table on the coordinator",
    "statement-trigger": "it would fire on each shard and never on the whole: do its"
    " work in the statement",
    "reading-trigger": "a shard cannot ask for other tables: do its work in the code"
    " that writes, in the same transaction",
    "definer": "workers are asked as a role that cannot sign in: go through"
    " organizations one by one, or ask tables of the coordinator",
    "set-null": "Citus never empties part of a key with organization_id: make it ON"
    " DELETE NO ACTION, Django empties the column first",
}
MENDS: Final = REFUSED | ACCEPTABLE
BUSY: Final = re.compile(r"^last_(login|seen|used)|_(seen|used)_at$|_?count(er)?$")
WRITES: Final = re.compile(r"\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+public\.", re.I)

KEYS: Final = """
SELECT k.conname::text, s.relname::text, t.relname::text, k.condeferred,
  k.confdeltype IN ('n', 'd') AND EXISTS (SELECT FROM pg_attribute a
    WHERE a.attrelid = s.oid AND a.attnum = ANY(k.conkey)
    AND a.attname = 'organization_id')
FROM pg_constraint k JOIN pg_class s ON s.oid = k.conrelid
  JOIN pg_class t ON t.oid = k.confrelid
WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace"""
TRIGGERS: Final = """
SELECT c.relname::text, t.tgname::text, p.proname::text, (t.tgtype & 1) = 1
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace"""


@dataclass(frozen=True, order=True)
class Obstacle:
    """One thing that Citus does not take, or takes with something to be known."""

    code: str
    where: str
    text: str

    @property
    def is_refused(self) -> bool:
        return self.code in REFUSED

    def __str__(self) -> str:
        return f"{self.code} {self.where}: {self.text}"


class Asked:
    """Which tables each of our functions names, those it calls included."""

    def __init__(self, functions: list[Function], tables: set[str]) -> None:
        self.tables = tables
        self.sources = {each.name: each.source for each in functions}

    def of(self, text: str) -> set[str]:
        """Return the tables that a text in SQL leads to."""
        words, seen = set(re.findall(r"\w+", text)), set[str]()
        rest = set(re.findall(r"\bapp\.(\w+)", text))
        while rest:
            name = rest.pop()
            seen.add(name)
            source = self.sources.get(name, "")
            words |= set(re.findall(r"\w+", source))
            rest |= set(re.findall(r"\bapp\.(\w+)", source)) - seen
        return words & self.tables


def obstacles(cursor: Any, plan: Spread) -> list[Obstacle]:
    """Return everything in the way, inside a transaction of the owner's."""
    catalog = Catalog.read(cursor)
    holes = [
        Obstacle("isolation", each.where, f"{each.code} {each.text}")
        for each in prove(cursor)
        if not each.is_warning
    ]
    if missing := set(plan.moved) - set(catalog.names):
        lost = [
            Obstacle("isolation", table, "the table is missing") for table in missing
        ]
        return sorted({*holes, *lost})
    asked = Asked(catalog.functions, {*plan.moved, *plan.local})
    triggers = fetch(cursor, TRIGGERS)
    found = [*holes, *of_policies(catalog, plan, asked)]
    found += of_triggers(triggers, plan, asked)
    found += of_functions(catalog, plan, asked, {trigger[2] for trigger in triggers})
    found += of_keys(fetch(cursor, KEYS), plan)
    found += of_columns(catalog, plan)
    return sorted(set(found))


def of_policies(catalog: Catalog, plan: Spread, asked: Asked) -> Iterator[Obstacle]:
    """Yield policies of tables that move whose functions ask sharded tables."""
    for table in plan.moved:
        for policy in catalog.policies_of(catalog.names[table]):
            text = f"{policy.using} {policy.check}"
            for other in sorted(asked.of(text) & set(plan.distributed)):
                where = f"{table}.{policy.name}"
                yield Obstacle("policy-function", where, f"asks {other}")


def of_triggers(triggers: list[Any], plan: Spread, asked: Asked) -> Iterator[Obstacle]:
    """Yield every trigger of a table that moves, by what Citus would make of it."""
    for table, name, function, is_row in triggers:
        where, read = f"{table}.{name}", sorted(asked.of(f"app.{function}"))
        if table in plan.reference:
            yield Obstacle("reference-trigger", where, f"calls {function}")
        elif table not in plan.distributed:
            continue
        elif read:
            said = f"{function} asks {', '.join(read)}"
            yield Obstacle("reading-trigger", where, said)
        else:
            code = "row-trigger" if is_row else "statement-trigger"
            yield Obstacle(code, where, f"calls {function}")


def of_functions(
    catalog: Catalog, plan: Spread, asked: Asked, triggers: set[str]
) -> Iterator[Obstacle]:
    """Yield functions that reach sharded tables, or write as somebody else."""
    for each in catalog.functions:
        if each.schema != "app":
            continue
        where = f"app.{each.name}"
        read = sorted(asked.of(each.source) & set(plan.distributed))
        if each.is_definer and (read or WRITES.search(each.source)):
            said = f"asks {', '.join(read)}" if read else "writes"
            yield Obstacle("definer", where, f"{said}, as {each.owner}")
        elif read and each.name not in triggers:
            yield Obstacle("function", where, f"asks {', '.join(read)}")


def of_keys(keys: list[Any], plan: Spread) -> Iterator[Obstacle]:
    """Yield foreign keys of the tables that move which Citus reads differently."""
    for name, table, target, is_deferred, empties in keys:
        where = f"{table}.{name}"
        if empties and table in plan.distributed:
            yield Obstacle("set-null", where, f"is emptied with its {target}")
        if is_deferred and table in plan.moved:
            yield Obstacle("deferred-key", where, f"to {target}, speaks at commit only")


def of_columns(catalog: Catalog, plan: Spread) -> Iterator[Obstacle]:
    """Yield the columns of tables on every node that are written often, by their name."""
    for table in plan.reference:
        for column in filter(BUSY.search, catalog.names[table].columns):
            yield Obstacle("busy-column", f"{table}.{column}", "is written often")
