import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.devserver import instance
from config.devserver.instance import Instance, StartError

HOST = "127.0.0.1"


def free_port() -> int:
    with socket.create_server((HOST, 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    return tmp_path / "run.lock"


@pytest.fixture
def running(mark: Path) -> Iterator[Instance]:
    first = Instance(mark, HOST, free_port())
    yield first
    first.listener.close()


def test_second_server_of_a_checkout_names_the_address_of_the_first(
    running: Instance, mark: Path
) -> None:
    with pytest.raises(StartError, match=f"already running .*{running.address}"):
        Instance(mark, HOST, free_port())


def test_server_can_start_again_after_a_clean_end(
    running: Instance, mark: Path
) -> None:
    port = running.listener.getsockname()[1]
    running.end()
    assert mark.read_text() == ""
    again = Instance(mark, HOST, port)
    assert again.listener.getsockname() == (HOST, port)
    again.end()


def test_port_in_use_is_said_at_once_with_a_way_out(
    running: Instance, tmp_path: Path
) -> None:
    port = running.listener.getsockname()[1]
    with pytest.raises(StartError, match=f"make run PORT={port + 1}"):
        Instance(tmp_path / "another.lock", HOST, port)


def test_address_of_another_machine_is_refused(mark: Path) -> None:
    with pytest.raises(StartError, match=r"Cannot listen on 203\.0\.113\.1"):
        Instance(mark, "203.0.113.1", free_port())


def test_port_of_a_killed_server_is_waited_for(
    running: Instance, mark: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert running.handle is not None
    os.close(running.handle)
    port = running.listener.getsockname()[1]
    # What the patience is for: the killed server's children let go a moment later.
    monkeypatch.setattr(
        instance.time, "sleep", lambda seconds: running.listener.close()
    )
    again = Instance(mark, HOST, port)
    assert again.address == running.address
    again.end()
