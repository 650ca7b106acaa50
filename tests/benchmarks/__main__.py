"""`make bench`: each page beside the floor, interleaved, medians of the rounds."""

import argparse
import os
import statistics
import sys

from tests.benchmarks import data

os.environ.update(data.environment())
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from organizations.tenancy.postgresql.creation import schema_fingerprint
from tests.benchmarks import cpu, driver, growth, report, servers
from tests.benchmarks.pages import PAGES, Page, forget_created, shells_of


def main() -> int:
    options = parser().parse_args()
    stores = [data.MANY, data.FEW] if options.growth else [data.MANY]
    for store in stores:
        data.prepare(store, schema_fingerprint())
    data.manage("collectstatic", "--noinput", "--verbosity", "0")
    with servers.serve("config.wsgi:application", options.port) as app:
        floor_options = {
            "FLOOR_SHELLS": str(shells_of(options.port)),
            "FLOOR_DATABASE": data.devdb.url("postgres", data.MANY.database),
        }
        floor_port = options.port + 1
        with servers.serve(
            "tests.benchmarks.floor:application", floor_port, floor_options
        ) as floor:
            contenders = {
                "floor": (options.port + 1, floor),
                "insula": (options.port, app),
            }
            results = measure(contenders, options)
        grown = growth.lines(options.port) if options.growth else []
    report.show(results, grown)
    return 0


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(description=__doc__)
    found.add_argument("--rounds", type=int, default=5)
    found.add_argument("--seconds", type=float, default=3.0)
    found.add_argument("--port", type=int, default=8190)
    found.add_argument("--page", choices=[page.name for page in PAGES])
    found.add_argument("--growth", action=argparse.BooleanOptionalAction, default=True)
    return found


def measure(
    contenders: dict[str, tuple[int, int]], options: argparse.Namespace
) -> dict[str, dict[str, report.Row]]:
    """Return, for each page and contender, the medians of the interleaved rounds."""
    rows: dict[str, dict[str, list[report.Row]]] = {}
    pages = [page for page in PAGES if options.page in (None, page.name)]
    for number in range(options.rounds + 1):
        for page in pages:
            for name, (port, pid) in contenders.items():
                row = once(page, port, pid, options.seconds if number else 1.0)
                if number:  # the first round only warms up
                    rows.setdefault(page.name, {}).setdefault(name, []).append(row)
        print(f"round {number} of {options.rounds}", file=sys.stderr, flush=True)
    return {
        page: {name: middle(found) for name, found in by_name.items()}
        for page, by_name in rows.items()
    }


def once(page: Page, port: int, pid: int, seconds: float) -> report.Row:
    messages = page.messages()
    app_before, database_before = cpu.of_server(pid), cpu.of_database()
    load = driver.run(port, messages, seconds)
    app, database = cpu.of_server(pid) - app_before, cpu.of_database() - database_before
    alone = driver.run(port, messages, seconds / 3, threads=1)
    forget_created()
    return report.Row(
        rate=load.rate,
        p50=load.percentile(50),
        p99=load.percentile(99),
        alone=alone.percentile(50),
        app_cpu=app * 1000 / load.requests,
        database_cpu=database * 1000 / load.requests,
        size=load.body_bytes,
        bad=load.bad + alone.bad,
        timing=load.timing,
    )


def middle(rows: list[report.Row]) -> report.Row:
    def median(name: str) -> float:
        return statistics.median(getattr(row, name) for row in rows)

    return report.Row(
        rate=median("rate"),
        p50=median("p50"),
        p99=median("p99"),
        alone=median("alone"),
        app_cpu=median("app_cpu"),
        database_cpu=median("database_cpu"),
        size=max(row.size for row in rows),
        bad=sum(row.bad for row in rows),
        timing=rows[-1].timing,
    )


if __name__ == "__main__":
    sys.exit(main())
