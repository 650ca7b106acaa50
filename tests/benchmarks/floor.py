"""The floor: psycopg 3 and WSGI, pages by string formatting, no framework, no checks.

It answers the measured addresses with the same pages. What stands round the rows is
taken once from the product's own answer, so that both send the same bytes.
"""

import os
import threading
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import psycopg
from uuid_utils.compat import uuid7

StartResponse = Callable[[str, list[tuple[str, str]]], Any]

SHELL = os.environ.get("FLOOR_SHELL", "")
ADDRESS = os.environ.get("FLOOR_DATABASE", "")
HEAD, _, FOOT = (
    Path(SHELL).read_text(encoding="utf-8").partition("<!-- rows -->")
    if SHELL
    else ("", "", "")
)
STATUS_LABELS = {
    "backlog": "Backlog",
    "todo": "To do",
    "in_progress": "In progress",
    "in_review": "In review",
    "done": "Done",
}
PRIORITY_LABELS = {1: "Low", 3: "Medium", 5: "High"}
WHO = """
SELECT s.user_id, m.organization_id, m.role, o.name, o.task_prefix
FROM accounts_session s
JOIN accounts_user u ON u.id = s.user_id
JOIN organizations_membership m ON m.user_id = u.id
  AND m.organization_id = s.organization_id
JOIN organizations_organization o ON o.id = m.organization_id
WHERE s.session_key = %s AND s.expire_date > now()"""
LIST = """
SELECT t.id, t.number, t.title, t.status, t.priority, t.due_date,
  ARRAY(SELECT u.name FROM tasks_taskassignee a JOIN accounts_user u ON u.id = a.user_id
    WHERE a.organization_id = t.organization_id AND a.task_id = t.id) AS people
FROM tasks_task t
WHERE t.organization_id = %s AND t.deleted_at IS NULL {more}
ORDER BY t.created_at DESC, t.id DESC LIMIT 50"""
COUNTS = """
SELECT status, count(*) FROM tasks_task
WHERE organization_id = %s AND deleted_at IS NULL GROUP BY status"""
MOVE = """
UPDATE tasks_task SET status = %s WHERE organization_id = %s AND id = %s
RETURNING id, number, title, status, priority, due_date, '{}'::text[]"""
NUMBER = """
UPDATE tasks_taskcounter SET last_number = last_number + 1
WHERE organization_id = %s RETURNING last_number"""
CREATE = """
INSERT INTO tasks_task (id, organization_id, number, title, description, status,
  priority, created_by_id) VALUES (%s, %s, %s, %s, '', 'todo', 3, %s)"""

local = threading.local()


def connection() -> psycopg.Connection:
    """Return this thread's own connection; statements prepare themselves."""
    if not hasattr(local, "connection"):
        local.connection = psycopg.connect(ADDRESS, autocommit=True)
    return local.connection


def application(environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
    """Answer the measured pages."""
    path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
    cookies = dict(
        part.strip().split("=", 1)
        for part in environ.get("HTTP_COOKIE", "__Host-sessionid=").split(";")
    )
    who = connection().execute(WHO, [cookies["__Host-sessionid"]]).fetchone()
    if who is None:
        start("403 Forbidden", [("Content-Length", "0")])
        return [b""]
    if method == "POST":
        length = int(environ["CONTENT_LENGTH"])
        form = parse_qs(environ["wsgi.input"].read(length).decode())
        body = move(who, path, form) if path.endswith("/status/") else create(who, form)
    else:
        query = parse_qs(environ["QUERY_STRING"])
        body = task_list(who, query.get("q", [""])[0])
    content = body.encode()
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(content))),
        ("Cache-Control", "no-store"),
    ]
    start("200 OK", headers)
    return [content]


def task_list(who: Any, words: str) -> str:
    more, params = "", [who[1]]
    if words:
        more = "AND t.search @@ to_tsquery('simple', %s)"
        params.append(f"{words}:*")
    session = connection()
    # A prepared search would be planned for the average organization.
    rows = session.execute(
        LIST.format(more=more), params, prepare=False if words else None
    ).fetchall()
    counts = {} if words else dict(session.execute(COUNTS, [who[1]]).fetchall())
    groups: dict[str, list[str]] = {}
    for task in rows:
        groups.setdefault(task[3], []).append(row(task, who[4]))
    parts = [HEAD]
    for status, label in STATUS_LABELS.items():
        if status in groups:
            parts.append(
                f'<details class="group" open><summary>{label}'
                f'<span class="count">{counts.get(status, "")}</span></summary>'
                f'<ul class="task-list">{"".join(groups[status])}</ul></details>'
            )
    parts.append(FOOT)
    return "".join(parts)


def row(task: Any, prefix: str) -> str:
    task_id, number, title, status, priority, due, people = task
    avatars = "".join(
        f'<span class="avatar h{len(name) % 6 + 1}" title="{escape(name)}">'
        f'<span aria-hidden="true">{name[:1]}</span>'
        f'<span class="visually-hidden">{escape(name)}</span></span>'
        for name in people
    )
    when = f"{due:%d} {due:%b}" if due else ""
    return (
        f'<li class="task" id="task-{task_id}"><svg class="prio" role="img">'
        f'<use href="/static/img/icons.svg#p-{priority}"/></svg>'
        f'<span class="visually-hidden">{PRIORITY_LABELS[priority]}</span>'
        f'<span class="key">{prefix}-{number}</span>'
        f'<a class="status-button" href="/tasks/{task_id}/status/"'
        f' hx-get="/tasks/{task_id}/status/" hx-target="#task-{task_id}"'
        f' aria-label="{STATUS_LABELS[status]}, change"><svg class="status-icon">'
        f'<use href="/static/img/icons.svg#s-{status}"/></svg></a>'
        f'<span class="title"><a href="/tasks/{task_id}/">{escape(title)}</a></span>'
        f'<span class="avatars">{avatars}</span>'
        f'<span class="due">{when}</span></li>'
    )


def move(who: Any, path: str, form: dict[str, list[str]]) -> str:
    task_id = path.split("/")[2]
    found = connection().execute(MOVE, [form["status"][0], who[1], task_id]).fetchone()
    return row(found, who[4]) if found else ""


def create(who: Any, form: dict[str, list[str]]) -> str:
    session, task_id, title = connection(), uuid7(), form["title"][0]
    with session.transaction():
        number = session.execute(NUMBER, [who[1]]).fetchone()
        assert number is not None
        session.execute(CREATE, [task_id, who[1], number[0], title, who[0]])
    return row((task_id, number[0], title, "todo", 3, None, []), who[4])
