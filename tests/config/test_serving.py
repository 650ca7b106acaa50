"""Gunicorn's settings on a server: what the environment chooses, and whose figures stay."""

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from config import serving
from tests.contracts.house import ROOT

READ = """
import json
from config import serving
names = ("bind", "workers", "threads", "worker_class", "preload_app", "accesslog")
print(json.dumps({name: getattr(serving, name) for name in names}))
"""


def read(**environment):
    """Return what a process reads that is started in an environment."""
    kept = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-c", READ],
        env=kept | environment,
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_without_a_word_it_serves_everybody_with_a_few_threads():
    assert read() == {
        "bind": "0.0.0.0:8000",
        "workers": 2,
        "threads": 4,
        "worker_class": "gthread",
        "preload_app": False,
        "accesslog": None,
    }


@pytest.mark.parametrize(
    ("given", "bind"),
    [
        ({"PORT": "9000"}, "0.0.0.0:9000"),
        ({"BIND": "127.0.0.1:7000"}, "127.0.0.1:7000"),
        ({"BIND": "unix:/run/insula/web", "PORT": "9000"}, "unix:/run/insula/web"),
    ],
)
def test_the_environment_says_where(given, bind):
    assert read(**given)["bind"] == bind


def test_the_environment_says_how_many():
    found = read(WEB_CONCURRENCY="6", WEB_THREADS="12")
    assert (found["workers"], found["threads"]) == (6, 12)


def test_a_process_outlives_the_longest_statement_and_the_proxys_patience():
    assert serving.timeout > 15
    assert serving.graceful_timeout < serving.timeout
    assert serving.keepalive >= 60
    assert serving.max_requests_jitter < serving.max_requests


def test_figures_of_a_former_start_are_forgotten(tmp_path, monkeypatch):
    folder = tmp_path / "figures"
    monkeypatch.setenv(serving.FOLDER, str(folder))
    serving.on_starting(None)
    assert list(folder.iterdir()) == []
    (folder / "counter_7.db").write_bytes(b"old")
    (folder / "notes").write_text("not ours")
    serving.on_starting(None)
    assert [path.name for path in folder.iterdir()] == ["notes"]


def test_what_only_a_living_process_has_goes_with_it(tmp_path, monkeypatch):
    monkeypatch.setenv(serving.FOLDER, str(tmp_path))
    for name in ("gauge_livesum_7.db", "gauge_livesum_8.db", "counter_7.db"):
        (tmp_path / name).write_bytes(b"")
    serving.child_exit(None, SimpleNamespace(pid=7))
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["counter_7.db", "gauge_livesum_8.db"]


def test_without_a_folder_nothing_is_touched(tmp_path, monkeypatch):
    monkeypatch.delenv(serving.FOLDER, raising=False)
    monkeypatch.chdir(tmp_path)
    serving.on_starting(None)
    serving.child_exit(None, SimpleNamespace(pid=7))
    assert list(tmp_path.iterdir()) == []
