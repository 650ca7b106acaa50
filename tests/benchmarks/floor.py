"""The floor: psycopg 3 and WSGI, pages by string formatting, no framework, no checks.

It answers the measured addresses with the same pages. What stands round the rows is
taken once from the product's own answer, so that both send the same bytes.
"""

import json
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

ADDRESS = os.environ.get("FLOOR_DATABASE", "")
SHELLS = os.environ.get("FLOOR_SHELLS", "")
MARK = "<!-- rows -->"


def shell(name: str) -> tuple[str, str]:
    """Return what stands before and after the rows of a page."""
    path = Path(SHELLS) / f"{name}.html"
    head, _, foot = (
        path.read_text(encoding="utf-8").partition(MARK) if SHELLS else ("",) * 3
    )
    return head, foot


LIST_SHELL, BOARD_SHELL = shell("list"), shell("board")
STATUS_LABELS = {
    "backlog": "Backlog",
    "todo": "To do",
    "in_progress": "In progress",
    "in_review": "In review",
    "done": "Done",
}
PRIORITIES = {1: "low", 3: "medium", 5: "high"}
CARDS = 20
WHO = """
SELECT s.user_id, m.organization_id, m.role, o.name, o.task_prefix
FROM accounts_session s
JOIN accounts_user u ON u.id = s.user_id
JOIN organizations_membership m ON m.user_id = u.id
  AND m.organization_id = s.organization_id
JOIN organizations_organization o ON o.id = m.organization_id
WHERE s.session_key = %s AND s.expire_date > now()"""
PROGRAM = """
SELECT o.task_prefix FROM api_apikey k
JOIN organizations_organization o ON o.id = k.organization_id
WHERE k.organization_id = %s AND k.digest = %s AND k.revoked_at IS NULL"""
COLUMNS = """t.id, t.number, t.title, t.status, t.priority, t.due_date,
  ARRAY(SELECT u.name FROM tasks_taskassignee a JOIN accounts_user u ON u.id = a.user_id
    WHERE a.organization_id = t.organization_id AND a.task_id = t.id) AS people,
  ARRAY(SELECT ARRAY[l.name, l.colour] FROM labels_tasklabel m JOIN labels_label l
    ON l.organization_id = m.organization_id AND l.id = m.label_id
    WHERE m.organization_id = t.organization_id AND m.task_id = t.id) AS labels"""
LIST = f"""
SELECT {COLUMNS} FROM tasks_task t
WHERE t.organization_id = %s AND t.deleted_at IS NULL {{more}}
ORDER BY t.created_at DESC, t.id DESC LIMIT 50"""
API = """
SELECT t.id, t.number, t.title, t.status, t.priority, t.due_date,
  ARRAY(SELECT ARRAY[u.id::text, u.name] FROM tasks_taskassignee a
    JOIN accounts_user u ON u.id = a.user_id
    WHERE a.organization_id = t.organization_id AND a.task_id = t.id) AS people,
  ARRAY(SELECT ARRAY[l.name, l.colour] FROM labels_tasklabel m JOIN labels_label l
    ON l.organization_id = m.organization_id AND l.id = m.label_id
    WHERE m.organization_id = t.organization_id AND m.task_id = t.id) AS labels,
  t.created_at, t.comment_count FROM tasks_task t
WHERE t.organization_id = %s AND t.deleted_at IS NULL
ORDER BY t.created_at DESC, t.id DESC LIMIT 50"""
BOARD = f"""
SELECT found.* FROM unnest(%s::text[]) AS s (status) CROSS JOIN LATERAL (
  SELECT {COLUMNS} FROM tasks_task t
  WHERE t.organization_id = %s AND t.status = s.status AND t.deleted_at IS NULL
  ORDER BY t.rank, t.id LIMIT {CARDS}) found"""
COUNTS = """
SELECT status, count(*) FROM tasks_task
WHERE organization_id = %s AND deleted_at IS NULL GROUP BY status"""
STATUS = """
UPDATE tasks_task SET status = %s WHERE organization_id = %s AND id = %s
RETURNING id, number, title, status, priority, due_date, '{}'::text[], '{}'::text[]"""
MOVE = """
WITH low AS (
  SELECT rank, id, organization_id, status FROM tasks_task
  WHERE organization_id = %s AND id = %s
), high AS (
  SELECT t.rank FROM tasks_task t JOIN low ON t.organization_id = low.organization_id
    AND t.status = low.status AND (t.rank, t.id) > (low.rank, low.id)
  WHERE t.deleted_at IS NULL ORDER BY t.rank, t.id LIMIT 1
)
UPDATE tasks_task t SET status = %s,
  rank = (low.rank + coalesce((SELECT rank FROM high), low.rank + 1000000)) / 2
FROM low WHERE t.organization_id = low.organization_id AND t.id = %s"""
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
    if path.startswith("/api/"):
        return api(environ, start)
    cookies = dict(
        part.strip().split("=", 1)
        for part in environ.get("HTTP_COOKIE", "__Host-sessionid=").split(";")
    )
    who = connection().execute(WHO, [cookies["__Host-sessionid"]]).fetchone()
    if who is None:
        start("403 Forbidden", [("Content-Length", "0")])
        return [b""]
    body = write(who, path, environ) if method == "POST" else page(who, path, environ)
    content = body.encode()
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(content))),
        ("Cache-Control", "no-store"),
    ]
    start("200 OK" if content else "204 No Content", headers)
    return [content]


def api(environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
    """Answer a page of tasks as JSON to a program with a key."""
    session, organization = connection(), environ["HTTP_X_ORGANIZATION"]
    found = session.execute(
        PROGRAM, [organization, environ["HTTP_X_DIGEST"]]
    ).fetchone()
    if found is None:
        start("401 Unauthorized", [("Content-Length", "0")])
        return [b""]
    rows = session.execute(API, [organization]).fetchall()
    items = [summary(row, found[0]) for row in rows]
    content = json.dumps({"items": items, "next": str(rows[-1][0])}).encode()
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(content))),
    ]
    start("200 OK", headers)
    return [content]


def summary(row: Any, prefix: str) -> dict[str, Any]:
    task_id, number, title, status, priority, due, people, labels, at, comments = row
    return {
        "id": str(task_id),
        "number": number,
        "key": f"{prefix}-{number}",
        "title": title,
        "status": status,
        "priority": priority,
        "due_date": due.isoformat() if due else None,
        "created_at": at.isoformat(),
        "comments": comments,
        "assignees": [{"id": one[0], "name": one[1]} for one in people],
        "labels": [{"name": name, "colour": colour} for name, colour in labels],
    }


def write(who: Any, path: str, environ: dict[str, Any]) -> str:
    length = int(environ["CONTENT_LENGTH"])
    form = parse_qs(environ["wsgi.input"].read(length).decode())
    if path.endswith("/status/"):
        return change_status(who, path, form)
    return move(who, path, form) if path.endswith("/move/") else create(who, form)


def page(who: Any, path: str, environ: dict[str, Any]) -> str:
    if path.endswith("/board/"):
        return board(who)
    return task_list(who, parse_qs(environ["QUERY_STRING"]).get("q", [""])[0])


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
    parts = [LIST_SHELL[0]]
    for status, label in STATUS_LABELS.items():
        if status in groups:
            parts.append(
                f'<details class="group" open><summary>{label}'
                f'<span class="count">{counts.get(status, "")}</span></summary>'
                f'<ul id="rows-{status}">{"".join(groups[status])}</ul></details>'
            )
    parts.append(LIST_SHELL[1])
    return "".join(parts)


def board(who: Any) -> str:
    session = connection()
    rows = session.execute(BOARD, [list(STATUS_LABELS), who[1]]).fetchall()
    counts = dict(session.execute(COUNTS, [who[1]]).fetchall())
    columns: dict[str, list[str]] = {}
    for task in rows:
        columns.setdefault(task[3], []).append(card(task, who[4]))
    parts = [BOARD_SHELL[0]]
    for status, label in STATUS_LABELS.items():
        parts.append(
            f'<section class="column" id="column-{status}"><header><h2>{label}</h2>'
            f'<span class="count">{counts.get(status, 0)}</span></header>'
            f'<ol data-status="{status}">{"".join(columns.get(status, ()))}</ol>'
            "</section>"
        )
    parts.append(BOARD_SHELL[1])
    return "".join(parts)


def faces(people: list[str]) -> str:
    return "".join(
        f'<i class=h{len(name) % 6 + 1} role=img title="{escape(name)}">{name[:2]}</i>'
        for name in people
    )


def tags(labels: list[list[str]]) -> str:
    if not labels:
        return ""
    marks = "".join(f"<i class={colour}>{escape(name)}</i>" for name, colour in labels)
    return f"<span class=tags>{marks}</span>"


def when(due: Any) -> str:
    return f"<span class=due><i>Due </i>{due:%d} {due:%b}</span>" if due else ""


def mark(priority: int) -> str:
    name = PRIORITIES[priority]
    return f'<i class="mark {name}" role=img title="Priority: {name}"></i>'


def row(task: Any, prefix: str) -> str:
    _id, number, title, status, priority, due, people, labels = task
    key = f"{prefix}-{number}"
    return (
        f"<li class=task>{mark(priority)}<b>{key}</b>"
        f'<a class="st {status}" href={number}/status/'
        f' aria-label="{key}: {STATUS_LABELS[status]}. Change"></a>'
        f"<span class=title><a href={number}/ >{escape(title)}</a></span>"
        f"{tags(labels)}<span class=avatars>{faces(people)}</span>{when(due)}"
    )


def card(task: Any, prefix: str) -> str:
    task_id, number, title, _status, priority, due, people, labels = task
    key = f"{prefix}-{number}"
    foot = f"<div class=foot>{when(due)}</div>" if due else ""
    return (
        f"<li id=card-{task_id} draggable=true><article class=tcard>"
        f"<div class=top>{mark(priority)}<span>{key}</span>"
        f'<a class=move href=/tasks/{task_id}/move/ aria-label="Move {key}"></a>'
        f"<span class=avatars>{faces(people)}</span></div>"
        f"<h3><a href=/tasks/{number}/ >{escape(title)}</a></h3>"
        f"{tags(labels)}{foot}</article>"
    )


def change_status(who: Any, path: str, form: dict[str, list[str]]) -> str:
    values = [form["status"][0], who[1], path.split("/")[2]]
    found = connection().execute(STATUS, values).fetchone()
    return row(found, who[4]) if found else ""


def move(who: Any, path: str, form: dict[str, list[str]]) -> str:
    values = [who[1], form["after"][0], form["status"][0], path.split("/")[2]]
    connection().execute(MOVE, values)
    return ""


def create(who: Any, form: dict[str, list[str]]) -> str:
    session, task_id, title = connection(), uuid7(), form["title"][0]
    with session.transaction():
        number = session.execute(NUMBER, [who[1]]).fetchone()
        assert number is not None
        session.execute(CREATE, [task_id, who[1], number[0], title, who[0]])
    return row((task_id, number[0], title, "todo", 3, None, [], []), who[4])
