"""A committed history, and a superuser who may do anything to it."""

from io import StringIO

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections

from organizations import flows
from organizations.models import Role
from organizations.tenancy import no_context, tenant
from tests.conftest import gather


@pytest.fixture
def committed(transactional_db):
    """The cast, with a dozen entries in Acme."""
    cast = gather()
    with no_context(), tenant(cast.acme, cast.alice):
        for number in range(8):
            flows.edit_organization(
                organization=cast.acme, by=cast.alice, name=f"Acme {number}"
            )
            cast.acme.refresh_from_db()
        flows.add_member(
            organization=cast.acme, user=cast.nora, role=Role.VIEWER, by=cast.alice
        )
    return cast


@pytest.fixture
def meddle():
    """Run a statement as a superuser whom no trigger and no policy holds."""

    def run(statement, *values):
        name = connections["default"].settings_dict["NAME"]
        address = settings.TENANCY["ADMIN_URL"]
        with psycopg.connect(address, dbname=name, autocommit=True) as admin:
            admin.execute("SET session_replication_role = replica")
            assert admin.execute(statement, values).rowcount > 0

    return run


@pytest.fixture
def verify():
    """Run audit_verify: whether it is content, and what it says."""

    def run(*arguments):
        out = StringIO()
        try:
            call_command("audit_verify", *arguments, stdout=out)
        except CommandError as refusal:
            return False, out.getvalue() + str(refusal)
        return True, out.getvalue()

    return run
