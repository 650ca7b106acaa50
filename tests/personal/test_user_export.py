"""manage.py user_export: the same copy, written by staff at the terminal."""

import stat
import zipfile

import pytest
from django.core.management import CommandError, call_command

from organizations.audit.models import PlatformEntry
from organizations.tenancy import no_context, operator
from tests.operator.conftest import CONSOLE
from tests.personal.test_export import EXPECTED


def export(email, to):
    with no_context():
        call_command("user_export", email, to=to)


def test_it_writes_what_the_person_would_get(cast, work, tmp_path):
    to = tmp_path / "bob.zip"
    export("Bob@Example.com", to)
    with zipfile.ZipFile(to) as copy:
        assert set(copy.namelist()) == EXPECTED
    assert stat.S_IMODE(to.stat().st_mode) == 0o600


@CONSOLE
def test_it_is_recorded(cast, tmp_path):
    export("bob@example.com", tmp_path / "bob.zip")
    with no_context(), operator(cast.olga, reason="test"):
        entry = PlatformEntry.objects.get(action="user.exported")
    assert (entry.target_id, entry.actor_type) == (str(cast.bob.pk), "system")


def test_somebody_unknown_is_said_to_be(cast, tmp_path):
    with pytest.raises(CommandError, match="Nobody has the address"):
        export("x@example.com", tmp_path / "x.zip")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_not_written_over(cast, tmp_path):
    to = tmp_path / "bob.zip"
    to.write_text("kept")
    with pytest.raises(CommandError, match="cannot be written"):
        export("bob@example.com", to)
    assert to.read_text() == "kept"
