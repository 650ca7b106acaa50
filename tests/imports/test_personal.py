"""Imports belong to an organization and name who made them."""

import json

from django.core.files.storage import default_storage

from organizations.personal.parts import parts
from organizations.purging import remove_files
from organizations.tenancy import identity, no_context, tenant
from tasks.imports.copies import imports_of
from tests.imports.conftest import PLAIN, Journey


def copy_of(cast, person):
    with no_context(), tenant(cast.acme, person):
        name, rows = imports_of(person=person)
        return name, list(rows)


def test_a_persons_copy_names_their_imports(journey, cast):
    journey.upload(PLAIN, "winter.csv")
    name, [row] = copy_of(cast, cast.bob)
    assert name == "imports"
    assert (row["name"], row["rows"], row["state"]) == ("winter.csv", 1, "uploaded")


def test_a_persons_copy_names_nobody_elses(journey, as_adam, kept, cast):
    Journey(as_adam, kept).upload(PLAIN)
    assert copy_of(cast, cast.bob)[1] == []


def test_it_is_part_of_the_copy_of_everything(journey, cast):
    journey.upload(PLAIN, "winter.csv")
    with no_context(), identity(cast.bob):
        found = {name: list(rows) for name, rows in parts(cast.bob)}
    [mine] = [rows for name, rows in found.items() if name.endswith("imports.json")]
    assert "winter.csv" in json.dumps(mine, default=str)


def test_files_go_with_their_organization(journey, kept, cast):
    journey.upload("Title,Status\nFirst,nowhere\n")
    journey.map()
    names = [kept().file, kept().errors]
    assert all(map(default_storage.exists, names))
    remove_files({"id": str(cast.acme.pk), "logo": ""})
    assert not any(map(default_storage.exists, names))
