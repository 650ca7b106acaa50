"""docs/new-room.md, followed to the letter."""

import re
import sys
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from config.settings import BASE_DIR
from organizations.tenancy import NoTenant, tenant
from tests.tenancy.attacks import sql
from tests.tenancy.conftest import furnish
from tests.tenancy.databases import extra_app, spare_database

PAGE = (BASE_DIR / "docs" / "new-room.md").read_text()


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def shelf(transactional_db, tmp_path, monkeypatch):
    """The page's model in an app of its own, its commands run in a spare database."""
    package = tmp_path / "shelf"
    (package / "migrations").mkdir(parents=True)
    for path in (package / "__init__.py", package / "migrations" / "__init__.py"):
        path.touch()
    (package / "models.py").write_text(blocks("python")[0])
    monkeypatch.syspath_prepend(str(tmp_path))
    with extra_app("shelf") as app:
        yield app
    for name in [name for name in sys.modules if name.split(".")[0] == "shelf"]:
        del sys.modules[name]


# cap 45
@pytest.mark.django_db(transaction=True, databases=["default", "owner", "operator"])
def test_a_new_room_has_its_walls(shelf):
    said = StringIO()
    with spare_database():
        for line in blocks("sh")[0].splitlines():
            _, command, *arguments = line.split()
            call_command(command, *arguments, skip_checks=True, stdout=said)
        assert "nothing is open" in said.getvalue()
        ours, theirs = furnish("ours"), furnish("theirs")
        models = {model.__name__: model for model in shelf.get_models()}
        for where in (ours, theirs):
            with tenant(where.organization):
                exec(blocks("python")[1], dict(models))
        with pytest.raises(NoTenant):
            models["Book"].objects.count()
        assert sql("SELECT * FROM shelf_book") == []
        with tenant(ours.organization):
            found = sql("SELECT organization_id FROM shelf_book")
        assert found == [(ours.id,)]
        connection.close()


def test_the_page_is_short():
    code = blocks("python")[0].splitlines()
    model = [line for line in code if line and not line.startswith(("from", "import"))]
    assert len(model) <= 10


def test_the_room_to_copy_from_has_the_files_the_page_names():
    _before, rest = PAGE.split("## A room to copy from")
    rows = re.findall(r"^\| (`.+?) \|", rest, re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`(\w+\.py)`", row)]
    room = BASE_DIR / "organizations" / "gallery"
    whole = {path.name for path in room.glob("*.py")} - {"__init__.py", "apps.py"}
    assert set(named) == whole
