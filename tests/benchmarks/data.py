"""A database of a million tasks over ten thousand organizations, made in SQL.

A second one holds ten organizations, so that what their number costs can be measured.
"""

import hashlib
import os
import subprocess
import sys
import uuid
from dataclasses import dataclass

import psycopg
from psycopg import sql

from config import devdb

LARGEST = 50_000
SECOND = 20_000
MIDDLE = 1_000
SMALL = 100
TOTAL = 1_000_000
MEMBERS = 8
LABELS = {"Workshop": "amber", "Shop": "blue", "Legal": "green"}


@dataclass(frozen=True)
class Store:
    """One database: its name, its organizations, and SQL for the tasks of number n."""

    database: str
    organizations: int
    tasks: str


# Organizations 3 to 12 are the ones whose pages are measured.
MANY = Store(
    "insula_bench",
    10_000,
    f"""CASE WHEN n = 1 THEN {LARGEST} WHEN n = 2 THEN {SECOND}
        WHEN n <= 12 THEN {MIDDLE} WHEN n <= 22 THEN {SMALL}
        ELSE ({TOTAL} - {LARGEST} - {SECOND} - {10 * MIDDLE} - {10 * SMALL})
            / {10_000 - 22} + 1 END""",
)
FEW = Store("insula_bench_few", 10, str(SMALL))

WORDS = [
    "amber",
    "basket",
    "carrier",
    "delivery",
    "engine",
    "filter",
    "garden",
    "harbour",
    "invoice",
    "jacket",
    "kettle",
    "ladder",
    "mirror",
    "needle",
    "orchard",
    "packet",
    "quarry",
    "ribbon",
    "saddle",
    "timber",
    "umbrella",
    "valley",
    "window",
    "yarn",
    "zipper",
    "anchor",
    "bottle",
    "candle",
    "drawer",
    "elbow",
    "funnel",
    "glove",
    "hammer",
    "island",
    "jigsaw",
    "kernel",
    "lantern",
    "magnet",
    "napkin",
    "oven",
    "pillow",
    "quilt",
    "rocket",
    "shelf",
    "tunnel",
    "urn",
    "velvet",
    "wagon",
    "yoke",
    "zenith",
    "arrow",
    "bridge",
    "copper",
]


@dataclass(frozen=True)
class Place:
    """One measured organization: its number, id, owner's id and count of tasks."""

    number: int
    organization: str
    user: str
    tasks: int


def place(number: int) -> Place:
    """Return the organization of a number; 1 is the largest."""
    sizes = {1: LARGEST, 2: SECOND, **dict.fromkeys(range(3, 13), MIDDLE)}
    return Place(
        number, uid("org", number), uid("user", number * 3), sizes.get(number, SMALL)
    )


def uid(kind: str, number: int) -> str:
    """Return the id that SQL makes by md5(kind || number)."""
    digest = hashlib.md5(f"{kind}{number}".encode(), usedforsecurity=False)
    return str(uuid.UUID(digest.hexdigest()))


def superuser(database: str = MANY.database) -> psycopg.Connection:
    """Return an administrator's connection to the embedded server."""
    return psycopg.connect(devdb.url("postgres", database), autocommit=True)


def environment(store: Store = MANY) -> dict[str, str]:
    """Return the variables a server process needs for a bench database."""
    return os.environ | {
        "DATABASE_URL": devdb.url("insula_app", store.database),
        "DATABASE_OWNER_URL": devdb.url("insula_owner", store.database),
        "SECRET_KEY": "bench " * 10,
        "TENANCY_SEAL_KEY": "bench seal " * 5,
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECURE_SSL_REDIRECT": "false",
        "SERVER_TIMING": "true",
    }


def manage(*arguments: str, store: Store = MANY) -> None:
    """Run a management command against a bench database."""
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, env=environment(store), check=True)


def prepare(store: Store, schema: str) -> None:
    """Make a database unless the one that exists has this schema and these rows."""
    devdb.hold()
    rows = "".join(fill_statements(store)).encode()
    fingerprint = f"{schema} {hashlib.sha256(rows).hexdigest()}"
    if current_fingerprint(store) == fingerprint:
        return
    print(f"filling {store.database} ...", file=sys.stderr, flush=True)
    with superuser("postgres") as session:
        name = sql.Identifier(store.database)
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        session.execute(drop.format(name))
        session.execute(sql.SQL("CREATE DATABASE {} OWNER insula_owner").format(name))
    manage("migrate", "--verbosity", "0", store=store)
    with superuser(store.database) as session:
        for statement in fill_statements(store):
            session.execute(statement)
        session.execute("VACUUM ANALYZE")
        comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
        session.execute(
            comment.format(sql.Identifier(store.database), sql.Literal(fingerprint))
        )


def current_fingerprint(store: Store) -> str | None:
    with superuser("postgres") as session:
        row = session.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE datname = %s",
            [store.database],
        ).fetchone()
    return row[0] if row else None


def fill_statements(store: Store = MANY) -> list[str]:
    """Return the statements that fill the tables; keys need no check in bulk."""
    return [
        "SET session_replication_role = replica",
        *people_statements(store.organizations),
        f"""
        CREATE UNLOGGED TABLE bench_size AS SELECT n, {store.tasks} AS tasks
        FROM generate_series(1, {store.organizations}) n""",
        *task_statements(store.organizations),
        "RESET session_replication_role",
    ]


def people_statements(organizations: int) -> list[str]:
    """Return what makes the organizations and the people in them."""
    words, count = words_of_titles()
    return [
        f"""
        INSERT INTO accounts_user (id, password, is_superuser, email, email_verified,
            first_name, last_name, image, language, theme, timezone,
            onboarding_completed, is_staff, is_active, banned, ban_reason,
            ban_message)
        SELECT md5('user' || n)::uuid, '!', false, 'user' || n || '@example.com', true,
            initcap(({words})[1 + n % {count}]), initcap(({words})[1 + n * 7 % {count}]),
            '', 'en', 'system', 'UTC', true, false, true, false, '', ''
        FROM generate_series(1, {organizations * 3}) n""",
        f"""
        INSERT INTO organizations_organization (id, name, is_active, slug, task_prefix,
            logo, settings, metadata, plan, limits)
        SELECT md5('org' || n)::uuid, initcap(({words})[1 + n % {count}]) || ' ' || n,
            true, 'org-' || n, 'B' || lpad(to_hex(n), 4, '0'), '', '{{}}', '{{}}',
            'pro', '{{}}'
        FROM generate_series(1, {organizations}) n""",
        f"""
        INSERT INTO organizations_membership (id, organization_id, user_id, role)
        SELECT md5('membership' || n || '.' || k)::uuid, md5('org' || n)::uuid,
            md5('user' || 1 + (n * 3 + k - 1) % {organizations * 3})::uuid,
            CASE k WHEN 0 THEN 'owner' WHEN 1 THEN 'admin' ELSE 'member' END
        FROM generate_series(1, {organizations}) n, generate_series(0, {MEMBERS - 1}) k""",
    ]


def task_statements(organizations: int) -> list[str]:
    """Return what makes the tasks, with who does them and how they are marked."""
    words, count = words_of_titles()
    labels = ", ".join(f"('{name}', '{colour}')" for name, colour in LABELS.items())
    names = ", ".join(f"'{name}'" for name in LABELS)
    return [
        f"""
        INSERT INTO tasks_task (id, organization_id, number, title, description, status,
            priority, due_date, completed_at, created_by_id, created_at, rank)
        SELECT md5('task' || s.n || '.' || k)::uuid, md5('org' || s.n)::uuid, k,
            initcap(({words})[1 + k % {count}]) || ' the '
                || ({words})[1 + k * 7 % {count}] || ' before the '
                || ({words})[1 + k / 3 % {count}] || ' arrives'
                || CASE WHEN k % 500 = 0 THEN ' xylophone' ELSE '' END,
            'Talk to ' || ({words})[1 + k * 3 % {count}] || ' about it first.',
            (ARRAY['backlog', 'todo', 'in_progress', 'in_review', 'done'])[1 + k % 5],
            (ARRAY[1, 3, 5])[1 + k % 3],
            CASE k % 3 WHEN 0 THEN date '2026-11-01' + k % 90 END,
            CASE WHEN k % 5 = 4 THEN now() END,
            md5('user' || s.n * 3)::uuid,
            now() - (s.tasks - k) * interval '7 minutes',
            -extract(epoch FROM now() - (s.tasks - k) * interval '7 minutes') * 1000000
        FROM bench_size s, generate_series(1, s.tasks) k""",
        f"""
        INSERT INTO tasks_taskassignee (id, organization_id, task_id, user_id)
        SELECT md5('assignee' || s.n || '.' || k || '.' || a)::uuid,
            md5('org' || s.n)::uuid, md5('task' || s.n || '.' || k)::uuid,
            md5('user' || 1 + (s.n * 3 + (k + a) % {MEMBERS} - 1)
                % {organizations * 3})::uuid
        FROM bench_size s, generate_series(1, s.tasks) k, generate_series(0, 1) a
        WHERE a = 0 OR k % 3 = 0""",
        f"""
        INSERT INTO labels_label (id, organization_id, name, colour)
        SELECT md5('label' || s.n || '.' || l.name)::uuid, md5('org' || s.n)::uuid,
            l.name, l.colour
        FROM bench_size s, (VALUES {labels}) l (name, colour)""",
        f"""
        INSERT INTO labels_tasklabel (id, organization_id, task_id, label_id)
        SELECT md5('tasklabel' || s.n || '.' || k)::uuid, md5('org' || s.n)::uuid,
            md5('task' || s.n || '.' || k)::uuid,
            md5('label' || s.n || '.' || (ARRAY[{names}])[1 + k % 3])::uuid
        FROM bench_size s, generate_series(1, s.tasks) k WHERE k % 4 = 0""",
        """
        INSERT INTO tasks_taskcounter (id, organization_id, last_number)
        SELECT md5('counter' || n)::uuid, md5('org' || n)::uuid, tasks
        FROM bench_size""",
        """
        INSERT INTO limits_usage (id, organization_id, key, used)
        SELECT md5('usage' || n)::uuid, md5('org' || n)::uuid, 'tasks', tasks
        FROM bench_size""",
    ]


def words_of_titles() -> tuple[str, int]:
    """Return the words as an array of SQL, and how many they are."""
    return "ARRAY[" + ",".join(f"'{word}'" for word in WORDS) + "]", len(WORDS)
