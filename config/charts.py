"""Charts as SVG that the server draws: numbers in, coordinates out.

The colours are the styles', so that they follow the theme and forced colours; what is
drawn stands in a table as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

WIDTH, HEIGHT = 640, 208
LEFT, RIGHT, TOP, BOTTOM = 36, 632, 14, 186
STEPS: Final = 3
NICE: Final = (1, 2, 5, 10)
BARS_WIDTH, BARS_BOTTOM, BARS_TOP = 320, 150, 12
SPARK_HEIGHT: Final = 32


@dataclass(frozen=True)
class Tick:
    """One line across, with the number at its left."""

    y: float
    value: int


@dataclass(frozen=True)
class Mark:
    """One word below the chart."""

    x: float
    text: str
    anchor: str


@dataclass(frozen=True)
class Line:
    """A line with its area, and the one of the time before."""

    now: str
    before: str
    area: str
    ticks: list[Tick]
    marks: list[Mark]
    end: tuple[float, float]


@dataclass(frozen=True)
class Bar:
    """One bar, the failed part on top of the other."""

    x: float
    width: float
    ok_y: float
    ok_height: float
    fail_y: float
    fail_height: float


@dataclass(frozen=True)
class Bars:
    """Bars of two parts each."""

    bars: list[Bar]
    marks: list[Mark]


def ceiling(most: int) -> int:
    """Return the end of an axis: at least what it must hold, in round steps."""
    rough = max(1, ceil(most / STEPS))
    power = 10 ** (len(str(rough)) - 1)
    return STEPS * next(nice * power for nice in NICE if nice * power >= rough)


def points(values: Sequence[int], top: int) -> list[tuple[float, float]]:
    """Return where each value of a line stands."""
    gap = (RIGHT - LEFT) / max(1, len(values) - 1)
    scale = (BOTTOM - TOP) / top
    return [
        (round(LEFT + n * gap, 1), round(BOTTOM - value * scale, 1))
        for n, value in enumerate(values)
    ]


def path(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in places)


def line(now: Sequence[int], before: Sequence[int], labels: Sequence[str]) -> Line:
    """Draw a line of values with that of the time before; one label for each value."""
    top = ceiling(max([*now, *before, 0]))
    drawn = points(now, top)
    ticks = [top * n // STEPS for n in range(STEPS + 1)]
    return Line(
        now=path(drawn),
        before=path(points(before, top)),
        area=path([(drawn[0][0], BOTTOM), *drawn, (drawn[-1][0], BOTTOM)]),
        ticks=[Tick(round(BOTTOM - t * (BOTTOM - TOP) / top, 1), t) for t in ticks],
        marks=marks([x for x, _y in drawn], labels),
        end=drawn[-1],
    )


def marks(places: Sequence[float], labels: Sequence[str]) -> list[Mark]:
    """Return the words below: the first, the last, and those at the thirds."""
    last = len(labels) - 1
    chosen = sorted({0, last // 3, 2 * last // 3, last})
    anchors = {0: "start", last: "end"}
    return [Mark(places[n], labels[n], anchors.get(n, "middle")) for n in chosen]


def bars(ok: Sequence[int], failed: Sequence[int], labels: Sequence[str]) -> Bars:
    """Draw a bar for each value, what failed above what did not."""
    most = max([a + b for a, b in zip(ok, failed, strict=True)] or [0])
    scale = (BARS_BOTTOM - BARS_TOP) / max(1, most)
    gap = BARS_WIDTH / max(1, len(ok))
    drawn = [
        bar(n * gap + gap * 0.1, gap * 0.8, a * scale, b * scale)
        for n, (a, b) in enumerate(zip(ok, failed, strict=True))
    ]
    places = [0.0, *[each.x + each.width / 2 for each in drawn[1:-1]], BARS_WIDTH]
    return Bars(drawn, marks(places, labels))


def bar(x: float, width: float, ok: float, failed: float) -> Bar:
    return Bar(
        x=round(x, 1),
        width=round(width, 1),
        ok_y=round(BARS_BOTTOM - ok, 1),
        ok_height=round(ok, 1),
        fail_y=round(BARS_BOTTOM - ok - failed, 1),
        fail_height=round(failed, 1),
    )


def spark(values: Sequence[int]) -> str:
    """Return the path of a line so small that it has no axis."""
    if len(values) < 2:
        return ""
    most, gap = max(1, *values), 100 / (len(values) - 1)
    places = [
        f"{n * gap:.1f} {SPARK_HEIGHT - 4 - value * (SPARK_HEIGHT - 8) / most:.1f}"
        for n, value in enumerate(values)
    ]
    return "M" + " L".join(places)
