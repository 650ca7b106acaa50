"""What staff type to org_import and org_delete, wrong in every way."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError

from organizations.closing import delete_organization
from organizations.models import Organization
from organizations.tenancy import no_context, tenant
from tests.archives.test_commands import acme_file, entries, found, hashed, run
from tests.operator.conftest import CONSOLE

pytestmark = CONSOLE
__all__ = ["acme_file"]

ADDRESSES = [
    "Two!",
    "two words",
    "-two",
    "two--three",
    "../two",
    "o" * 51,
    "zwölf",
    "tw\u200bo",
    "admin",
]
NAMES = ["", "   ", "n" * 101, "a\u202eb", "\u200b", "two\nlines"]


def test_no_organization_gets_an_address_that_none_could_choose(cast, acme_file):
    for slug in ADDRESSES:
        with pytest.raises(CommandError):
            run("org_import", acme_file, as_new="Two", slug=slug, yes=True)
        with pytest.raises(CommandError):
            run("org_import", acme_file, over="acme", slug=slug, yes=True)
    assert found(cast, name="Two") is None
    assert found(cast, slug="acme").pk == cast.acme.pk
    assert entries(cast, "organization.imported") == []


def test_no_organization_gets_a_name_that_none_could_choose(cast, acme_file):
    for name in NAMES:
        with pytest.raises(CommandError):
            run("org_import", acme_file, as_new=name, slug="two", yes=True)
    assert found(cast, slug="two") is None
    assert entries(cast, "organization.imported") == []


def test_an_address_is_written_small(cast, acme_file, capsys):
    run("org_import", acme_file, as_new="Two", slug="TWO", yes=True)
    assert "The archive is now two" in capsys.readouterr().out
    assert found(cast, slug="two").name == "Two"


def test_over_nobody_is_refused(cast, acme_file):
    for place in ("", " ", "nobody", "acme' OR ''='", str(cast.globex.pk)):
        with pytest.raises(CommandError):
            run("org_import", acme_file, over=place, yes=True)
    assert entries(cast, "organization.imported") == []


def test_over_one_that_is_deleted_opens_it_again(cast, acme_file):
    run("org_delete", "acme", yes=True)
    run("org_import", acme_file, over=str(cast.acme.pk), yes=True)
    assert found(cast, slug="acme").deleted_at is None
    assert len(entries(cast, "organization.imported")) == 1


def test_a_dry_run_makes_nobody_and_records_nothing(cast, acme_file, capsys):
    before = hashed(capsys)
    run("org_import", acme_file, over="acme", dry_run=True, create_people=True)
    assert hashed(capsys) == before
    assert entries(cast, "organization.imported") == []


def test_a_directory_is_no_archive(cast, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        run("org_import", tmp_path, as_new="Two", slug="two", yes=True)
    with pytest.raises(CommandError, match="cannot be written"):
        run("org_export", "acme", to=tmp_path / "no" / "such" / "folder.zip")
    assert entries(cast, "organization.exported") == []


def test_the_one_that_is_named_ends_though_another_waits_longer(cast, capsys):
    """The function ends whichever was deleted first; both are due, one was asked for."""
    with no_context(), tenant(cast.globex, cast.charlie):
        delete_organization(organization=cast.globex, by=cast.charlie)
        rows = Organization.objects.filter(pk=cast.globex.pk)
        rows.update(deleted_at=datetime(1960, 1, 1, tzinfo=UTC))
    run("org_delete", "acme", yes=True, now=True)
    assert "acme" in capsys.readouterr().out
    assert found(cast, pk=cast.acme.pk) is None
    ended = {one.before["slug"] for one in entries(cast, "organization.purged")}
    assert ended == {"acme", "globex"}


def test_ending_one_twice_says_that_there_is_none(cast):
    run("org_delete", "acme", yes=True, now=True)
    with pytest.raises(CommandError, match="There is no organization acme"):
        run("org_delete", "acme", yes=True, now=True)
    assert len(entries(cast, "organization.purged")) == 1
    assert len(entries(cast, "organization.time_ended")) == 1
