import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.devserver import children, lifeline
from config.devserver.children import Child
from config.devserver.sources import Sources

SLEEP = "import time; time.sleep(60)"
PATIENCE = 20

Make = Callable[[str], Child]


@pytest.fixture
def make() -> Iterator[Make]:
    made: list[Child] = []

    def child(code: str) -> Child:
        made.append(Child("helper", [sys.executable, "-c", code], {}, []))
        made[-1].start()
        return made[-1]

    yield child
    for one in made:
        one.finish(time.monotonic())


def wait_until(is_true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_true():
        assert time.monotonic() < deadline


def tend_until_news(child: Child) -> str:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if news := child.tend():
            return news
    raise AssertionError("the child never ended")


def test_killed_child_is_started_again_and_reported(make: Make) -> None:
    child = make(SLEEP)
    assert child.process
    first = child.process.pid
    child.process.kill()
    assert tend_until_news(child) == "helper ended (SIGKILL) and is started again."
    child.wait = 0
    child.tend()
    assert child.process
    assert child.process.pid != first


def test_child_that_keeps_failing_is_retried_ever_more_slowly(make: Make) -> None:
    child, waits = make("raise SystemExit(3)"), []
    for _ in range(6):
        assert "status 3" in tend_until_news(child)
        waits.append(child.wait)
        child.start()
    assert waits == sorted(waits)
    assert waits[0] < waits[-1] == children.SLOWEST_RETRY


def test_child_is_not_started_before_its_wait_is_over(make: Make) -> None:
    child = make("raise SystemExit(3)")
    tend_until_news(child)
    child.wait = PATIENCE
    child.tend()
    assert child.process is None


def test_child_may_be_started_later() -> None:
    child = Child("helper", [sys.executable, "-c", SLEEP], {}, [])
    child.start_in(PATIENCE)
    child.tend()
    assert child.process is None
    child.start_in(0)
    child.tend()
    assert child.process
    child.finish(time.monotonic())


def test_restart_on_demand_is_immediate_and_silent(make: Make) -> None:
    child = make(SLEEP)
    assert child.process
    first = child.process.pid
    child.restart()
    wait_until(
        lambda: not child.tend() and child.process and child.process.pid != first
    )
    assert child.wait == 0


def test_finish_kills_a_child_that_ignores_the_signal(make: Make) -> None:
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"
    child = make(code)
    assert child.process
    pid = child.process.pid
    child.ask_to_stop()
    child.finish(time.monotonic() + 0.2)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_finish_leaves_no_grandchild(make: Make, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    child = make(
        f"import os, time; child = os.fork(); "
        f"child and open({str(note)!r}, 'w').write(str(child)); time.sleep(60)"
    )
    wait_until(lambda: note.exists() and note.read_text())
    child.finish(time.monotonic())
    grandchild = int(note.read_text())
    wait_until(lambda: is_gone(grandchild))


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z"


def test_child_ends_when_the_other_end_of_its_lifeline_closes() -> None:
    reading, writing = os.pipe()
    code = (
        "from config.devserver.lifeline import end_with_parent; import time; "
        "end_with_parent(); print('up', flush=True); time.sleep(60)"
    )
    child = Child(
        "helper",
        [sys.executable, "-c", code],
        {lifeline.VARIABLE: str(reading)},
        [reading],
    )
    child.start()
    assert child.process
    os.close(writing)
    assert child.process.wait(PATIENCE) == -signal.SIGTERM
    os.close(reading)


@pytest.mark.parametrize(
    ("name", "is_noticed"),
    [
        ("models.py", True),
        ("new.py", True),
        ("notes.txt", False),
        ("tests/a.py", False),
    ],
)
def test_only_changed_python_files_are_noticed(
    tmp_path: Path, name: str, is_noticed: bool
) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "models.py").write_text("")
    os.utime(tmp_path / "models.py", (1, 1))
    sources = Sources(tmp_path)
    (tmp_path / name).write_text("changed")
    assert sources.have_changed() is is_noticed
    assert not sources.have_changed()
