"""Flags as staff write them, which are gone again after the test."""

from types import SimpleNamespace

import pytest

from organizations.flags import known
from organizations.flags.declared import DECLARED
from organizations.flags.flows import kill_flag, override_flag
from organizations.flags.models import FeatureFlag, OrganizationFeatureFlag
from organizations.tenancy import no_context, operator

STAFF = pytest.mark.django_db(transaction=True, databases=["default", "operator"])


@pytest.fixture
def staff(cast, transactional_db):
    """Write flags on the operator's connection; a flush keeps them, so this does not."""

    def make(key, **values):
        with no_context(), operator(cast.olga, "test"):
            return FeatureFlag.objects.create(key=key, **{"name": key.title()} | values)

    def change(flag, **values):
        with no_context(), operator(cast.olga, "test"):
            FeatureFlag.objects.filter(pk=flag.pk).update(**values)

    def override(flag, enabled, organization=None):
        with no_context(), operator(cast.olga, "test"):
            return override_flag(
                organization=organization or cast.acme,
                flag=flag,
                enabled=enabled,
                by=cast.olga,
                reason="A trial",
            )

    def kill(flag, killed=True):
        with no_context(), operator(cast.olga, "test"):
            return kill_flag(flag=flag, killed=killed, by=cast.olga, reason="It burns")

    yield SimpleNamespace(make=make, change=change, override=override, kill=kill)
    with no_context(), operator(cast.olga, "test"):
        OrganizationFeatureFlag.objects.all().delete()
        FeatureFlag.objects.exclude(key__in=DECLARED).delete()
        FeatureFlag.objects.update(
            is_killed=False, default_enabled=True, minimum_plan="", rollout_percent=None
        )
    known.forget()


@pytest.fixture
def declared(cast, staff):
    """The flag that the code asks for."""
    with no_context(), operator(cast.olga, "test"):
        return FeatureFlag.objects.get(key="webhooks_replay_failed")


@pytest.fixture
def known_anew():
    """Let the process forget, as it does by itself after a second."""
    return known.forget
