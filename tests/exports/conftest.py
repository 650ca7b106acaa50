"""Exports of both boards, as text and as rows; what their tasks are marked with."""

import csv
import io

import pytest

from organizations.teams.flows import create_team
from organizations.tenancy import no_context, tenant
from tasks.labels.flows import create_label
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


class Marks:
    """Labels and teams of one organization."""

    def __init__(self, organization, owner):
        self.organization, self.owner = organization, owner

    def inside(self):
        return tenant(self.organization, self.owner)

    def labels(self, *names):
        with no_context(), self.inside():
            make = {"by": self.owner, "colour": "blue"}
            return [create_label(name=name, **make) for name in names]

    def team(self, name):
        with no_context(), self.inside():
            return create_team(name=name, by=self.owner)


@pytest.fixture
def acme_marks(cast):
    return Marks(cast.acme, cast.alice)


@pytest.fixture
def globex_marks(cast):
    return Marks(cast.globex, cast.charlie)
