"""What was measured, as tables of ratios."""

from dataclasses import dataclass

from tests.benchmarks import pages

COLUMNS = (
    f"{'page':8} {'contender':9} {'req/s':>7} {'p50':>7} {'p99':>7} {'alone':>6}"
    f" {'app':>6} {'db':>6} {'cpu/floor':>9} {'rate/floor':>10} {'bytes':>7}"
    f" {'bad':>4}  goal"
)


@dataclass(frozen=True)
class Row:
    """One contender on one page: milliseconds, requests a second, bytes."""

    rate: float
    p50: float
    p99: float
    alone: float
    app_cpu: float
    database_cpu: float
    size: int
    bad: int
    timing: str

    @property
    def cpu(self) -> float:
        return self.app_cpu + self.database_cpu


def show(results: dict[str, dict[str, Row]], growth: list[str]) -> None:
    """Print the tables; every time is in milliseconds."""
    print(COLUMNS)
    for page in pages.PAGES:
        if page.name in results:
            for line in lines(page, results[page.name]):
                print(line)
    for line in growth:
        print(line)


def lines(page: pages.Page, found: dict[str, Row]) -> list[str]:
    floor, written = found["floor"], []
    for name, row in found.items():
        cpu, rate = row.cpu / floor.cpu, row.rate / floor.rate
        verdict = ""
        if name != "floor":
            good = cpu <= page.cpu_goal and rate >= page.rate_goal
            verdict = (
                f"{'met' if good else 'MISSED'}"
                f" (<= {page.cpu_goal}, >= {page.rate_goal}) {row.timing}"
            )
        written.append(
            f"{page.name:8} {name:9} {row.rate:7.0f} {row.p50:7.2f} {row.p99:7.2f}"
            f" {row.alone:6.2f} {row.app_cpu:6.2f} {row.database_cpu:6.2f}"
            f" {cpu:9.2f} {rate:10.2f} {row.size:7d} {row.bad:4d}  {verdict}"
        )
    return written
