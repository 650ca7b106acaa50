"""The plan of this house's models, and the stand-in where a test asks for it."""

from io import StringIO

import pytest
from django.core.management import call_command

from config.distribute import spread
from tests.distribute import standin


@pytest.fixture
def plan():
    return spread()


@pytest.fixture
def citus(db):
    """Install the stand-in until the test's transaction is rolled back."""
    standin.install()
    return standin


@pytest.fixture
def distribute():
    """Return a call of the command that answers with its lines."""

    def call(*options):
        said = StringIO()
        call_command("distribute", *options, stdout=said, stderr=said)
        return said.getvalue().splitlines()

    return call
