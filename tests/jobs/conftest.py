"""Jobs that exist only here, and what they saw when they ran."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from structlog.contextvars import get_contextvars

from organizations.audit.recording import record
from organizations.models import Organization
from organizations.tenancy import current
from organizations.tenancy.jobs import job


@pytest.fixture
def seen() -> list[SimpleNamespace]:
    return []


@pytest.fixture
def look(seen: list[SimpleNamespace]) -> Iterator[Callable[..., None]]:
    """A job that notes which context it runs in and which organizations it sees."""

    def look(**arguments: str) -> None:
        seen.append(
            SimpleNamespace(
                context=current(),
                organizations=set(Organization.objects.values_list("name", flat=True)),
                arguments=arguments,
                bound=dict(get_contextvars()),
            )
        )

    task = job()(look)
    yield task
    del app.tasks[task.name]


@pytest.fixture
def fail(seen: list[SimpleNamespace]) -> Iterator[Callable[..., None]]:
    """A job that never succeeds; it is tried again at once, twice."""

    def fail() -> None:
        seen.append(SimpleNamespace(context=current()))
        raise ZeroDivisionError("as always")

    task = job(retry=RetryStrategy(max_attempts=2))(fail)
    yield task
    del app.tasks[task.name]


@pytest.fixture
def note() -> Iterator[Callable[..., None]]:
    """A job that changes something and records it."""

    def note() -> None:
        record("lab.noted")

    task = job()(note)
    yield task
    del app.tasks[task.name]
