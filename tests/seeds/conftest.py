"""Stories, told once for the tests of a file."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from io import StringIO
from typing import Any

import pytest
from django.conf import settings as project
from django.core.management import call_command

from accounts.models import User
from config.seeds.switches import KEY
from organizations.flags.models import FeatureFlag
from organizations.tenancy import identity, no_context, operator
from tests.conftest import forget

Telling = Callable[..., AbstractContextManager[str]]


def seed(*args: Any, **options: Any) -> str:
    out = StringIO()
    call_command("seed", *args, stdout=out, **options)
    return out.getvalue()


def people() -> dict[str, User]:
    with no_context(), identity():
        return {user.email: user for user in User.objects.all()}


@pytest.fixture(autouse=True)
def _development(settings: Any) -> None:
    settings.DEBUG = True


@pytest.fixture(scope="session")
def told_once(django_db_setup: None, django_db_blocker: Any) -> Telling:
    """Return how to commit a story, which is gone again after the block."""

    @contextmanager
    def telling(**options: Any) -> Iterator[str]:
        with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
            patch.setattr(project, "DEBUG", True)
            words = seed(**options)
        yield words
        with django_db_blocker.unblock():
            with no_context(), operator(None, "test"):
                # A flush keeps flags, because migrations make some.
                FeatureFlag.objects.filter(key=KEY).delete()
            call_command(
                "flush", verbosity=0, interactive=False, inhibit_post_migrate=True
            )
            forget()

    return telling
