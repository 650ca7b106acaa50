"""Exports of both boards, as text and as rows."""

import csv
import io

import pytest

from tests.tasks.conftest import acme_board, globex_board  # noqa: F401

EXPORT = "/tasks/export/"


def body(answer):
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()


def table(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
def taken():
    """Return what somebody takes along, as text."""

    def take(client, query="", kind="csv"):
        return body(client.post(EXPORT + query, {"format": kind}))

    return take
