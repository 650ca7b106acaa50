"""A database of a million tasks over ten thousand organizations, made in SQL."""

import os
import subprocess
import sys
from dataclasses import dataclass

import psycopg
from psycopg import sql

from config import devdb

DATABASE = "insula_bench"
ORGANIZATIONS = 10_000
LARGEST = 50_000
SECOND = 20_000
MIDDLE = 1_000
SMALL = 100
# Organization n has so many tasks; 3 to 12 are the ones whose pages are measured.
TOTAL = 1_000_000
MEMBERS = 8

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
    import hashlib
    import uuid

    digest = hashlib.md5(f"{kind}{number}".encode(), usedforsecurity=False)
    return str(uuid.UUID(digest.hexdigest()))


def superuser(database: str = DATABASE) -> psycopg.Connection:
    """Return an administrator's connection to the embedded server."""
    return psycopg.connect(devdb.url("postgres", database), autocommit=True)


def environment() -> dict[str, str]:
    """Return the variables a server process needs for the bench database."""
    return os.environ | {
        "DATABASE_URL": devdb.url("insula_app", DATABASE),
        "DATABASE_OWNER_URL": devdb.url("insula_owner", DATABASE),
        "SECRET_KEY": "bench " * 10,
        "TENANCY_SEAL_KEY": "bench seal " * 5,
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECURE_SSL_REDIRECT": "false",
        "SERVER_TIMING": "true",
    }


def manage(*arguments: str) -> None:
    """Run a management command against the bench database."""
    subprocess.run(
        [sys.executable, "manage.py", *arguments], env=environment(), check=True
    )


def prepare(fingerprint: str) -> None:
    """Make the database unless the one that exists has this fingerprint."""
    devdb.hold()
    if current_fingerprint() == fingerprint:
        return
    print("making a million tasks ...", flush=True)
    with superuser("postgres") as session:
        name = sql.Identifier(DATABASE)
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        session.execute(drop.format(name))
        session.execute(sql.SQL("CREATE DATABASE {} OWNER insula_owner").format(name))
    manage("migrate", "--verbosity", "0")
    with superuser() as session:
        for statement in fill_statements():
            session.execute(statement)
        session.execute("VACUUM ANALYZE")
        comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
        session.execute(
            comment.format(sql.Identifier(DATABASE), sql.Literal(fingerprint))
        )


def current_fingerprint() -> str | None:
    with superuser("postgres") as session:
        row = session.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE datname = %s",
            [DATABASE],
        ).fetchone()
    return row[0] if row else None


def fill_statements() -> list[str]:
    """Return the statements that fill the tables; keys need no check in bulk."""
    words = "ARRAY[" + ",".join(f"'{word}'" for word in WORDS) + "]"
    count = len(WORDS)
    return [
        "SET session_replication_role = replica",
        f"""
        INSERT INTO accounts_user (id, password, is_superuser, email, email_verified,
            first_name, last_name, image, language, theme, timezone,
            onboarding_completed, is_staff, is_active, banned, ban_reason,
            ban_message)
        SELECT md5('user' || n)::uuid, '!', false, 'user' || n || '@example.com', true,
            initcap(({words})[1 + n % {count}]), initcap(({words})[1 + n * 7 % {count}]),
            '', 'en', 'system', 'UTC', true, false, true, false, '', ''
        FROM generate_series(1, {ORGANIZATIONS * 3}) n""",
        f"""
        INSERT INTO organizations_organization (id, name, is_active, slug, task_prefix,
            logo, settings, metadata, plan, limits)
        SELECT md5('org' || n)::uuid, initcap(({words})[1 + n % {count}]) || ' ' || n,
            true, 'org-' || n, 'B' || lpad(to_hex(n), 4, '0'), '', '{{}}', '{{}}',
            'pro', '{{}}'
        FROM generate_series(1, {ORGANIZATIONS}) n""",
        f"""
        INSERT INTO organizations_membership (id, organization_id, user_id, role)
        SELECT md5('membership' || n || '.' || k)::uuid, md5('org' || n)::uuid,
            md5('user' || 1 + (n * 3 + k - 1) % {ORGANIZATIONS * 3})::uuid,
            CASE k WHEN 0 THEN 'owner' WHEN 1 THEN 'admin' ELSE 'member' END
        FROM generate_series(1, {ORGANIZATIONS}) n, generate_series(0, {MEMBERS - 1}) k""",
        f"""
        CREATE UNLOGGED TABLE bench_size AS SELECT n, CASE WHEN n = 1 THEN {LARGEST}
            WHEN n = 2 THEN {SECOND} WHEN n <= 12 THEN {MIDDLE}
            WHEN n <= 22 THEN {SMALL}
            ELSE ({TOTAL} - {LARGEST} - {SECOND} - {10 * MIDDLE} - {10 * SMALL})
                / {ORGANIZATIONS - 22} + 1 END AS tasks
        FROM generate_series(1, {ORGANIZATIONS}) n""",
        f"""
        INSERT INTO tasks_task (id, organization_id, number, title, description, status,
            priority, due_date, completed_at, created_by_id, created_at)
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
            now() - (s.tasks - k) * interval '7 minutes'
        FROM bench_size s, generate_series(1, s.tasks) k""",
        f"""
        INSERT INTO tasks_taskassignee (id, organization_id, task_id, user_id)
        SELECT md5('assignee' || s.n || '.' || k || '.' || a)::uuid,
            md5('org' || s.n)::uuid, md5('task' || s.n || '.' || k)::uuid,
            md5('user' || 1 + (s.n * 3 + (k + a) % {MEMBERS} - 1)
                % {ORGANIZATIONS * 3})::uuid
        FROM bench_size s, generate_series(1, s.tasks) k, generate_series(0, 1) a
        WHERE a = 0 OR k % 3 = 0""",
        """
        INSERT INTO tasks_taskcounter (id, organization_id, last_number)
        SELECT md5('counter' || n)::uuid, md5('org' || n)::uuid, tasks
        FROM bench_size""",
        "RESET session_replication_role",
    ]
