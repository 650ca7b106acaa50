"""How a page's median alone grows with the organization, their number and the page."""

import statistics
from collections.abc import Sequence

from accounts.sessions import SessionStore
from tasks.filters import cursor_of
from tests.benchmarks import data, driver, pages, servers

ROUNDS = 7
SECONDS = 0.7
FAR = 500
BY_TASKS, BY_PAGE, BY_ORGANIZATIONS = 1.5, 1.1, 1.1
MEASURED = {
    "list": "/tasks/",
    "board": "/tasks/board/",
    "search": "/tasks/?q=arrives",
}
Ask = tuple[int, bytes]


def lines(port: int) -> list[str]:
    """Return the medians in milliseconds, and whether their ratios meet the goals."""
    return ["", *by_tasks(port), *by_page(port), *by_organizations(port)]


def by_tasks(port: int) -> list[str]:
    places = [data.place(number) for number in (13, 3, 2, 1)]
    found = []
    for name, path in MEASURED.items():
        asks = [(port, request(path, place)) for place in places]
        said = [f"{place.tasks:,} tasks" for place in places]
        found.append(line(name, said, asks, BY_TASKS))
    return found


def by_page(port: int) -> list[str]:
    """Compare the first page of all tasks with one far behind it, without groups."""
    path, place = "/tasks/?group=none", data.place(1)
    asks = [
        (port, request(path, place)),
        (port, request(f"{path}&cursor={cursor_before(place, FAR)}", place)),
    ]
    return [line("list", ["page 1", f"page {FAR}"], asks, BY_PAGE)]


def by_organizations(port: int) -> list[str]:
    """Compare two organizations of as many tasks: among ten, and among ten thousand."""
    many, few = data.place(13), data.place(10)
    asks = [(port, request("/tasks/", many)), (port + 2, request("/tasks/", few))]
    copy_session(pages.cookies(few))
    said = [f"{store.organizations:,} organizations" for store in (data.MANY, data.FEW)]
    with servers.serve("config.wsgi:application", port + 2, data.environment(data.FEW)):
        return [line("list", said[::-1], asks[::-1], BY_ORGANIZATIONS)]


def request(path: str, place: data.Place) -> bytes:
    return driver.request(path, pages.cookies(place))


def line(name: str, said: Sequence[str], asks: Sequence[Ask], goal: float) -> str:
    """Return one comparison, its last value against its first."""
    found = medians(asks)
    values = ", ".join(
        f"{what} {value:.2f}" for what, value in zip(said, found, strict=True)
    )
    ratio = found[-1] / found[0]
    verdict = "met" if ratio <= goal else "MISSED"
    return f"{name:6} p50 alone: {values}; {ratio:.2f} x, {verdict} (<= {goal})"


def medians(asks: Sequence[Ask]) -> list[float]:
    """Return the median of each over interleaved rounds; the first warms up."""
    found: list[list[float]] = [[] for _ in asks]
    for number in range(ROUNDS + 1):
        for values, (port, message) in zip(found, asks, strict=True):
            load = driver.run(port, [message], SECONDS, threads=1)
            if load.bad:
                raise SystemExit(f"{load.bad} bad answers to {message[:60]!r}")
            if number:
                values.append(load.percentile(50))
    return [statistics.median(values) for values in found]


def cursor_before(place: data.Place, page: int) -> str:
    """Return the place after the last task of the page before."""
    with data.superuser() as session:
        row = session.execute(
            "SELECT created_at, id FROM tasks_task WHERE organization_id = %s"
            " AND deleted_at IS NULL ORDER BY created_at DESC, id DESC"
            " OFFSET %s LIMIT 1",
            [place.organization, (page - 1) * 50 - 1],
        ).fetchone()
    assert row is not None
    return str(cursor_of(row[0].isoformat(), str(row[1])))


def copy_session(cookies: str) -> None:
    """Let the same cookie sign in to the database of few organizations."""
    key = cookies.partition("=")[2].partition(";")[0]
    table = SessionStore.get_model_class()._meta.db_table
    chosen = f"SELECT * FROM {table} WHERE session_key = %s"
    with data.superuser() as source, data.superuser(data.FEW.database) as target:
        row = source.execute(chosen, [key])
        names = [column.name for column in row.description or ()]
        marks = ", ".join(["%s"] * len(names))
        target.execute(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})",
            row.fetchone(),
        )
