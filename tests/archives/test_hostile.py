"""Archives that are signed as they should be, and were written by somebody hostile.

Whoever is trusted by a key may still write what they like: it must be refused in one
sentence, and reach nothing that is another organization's.
"""

import json
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from organizations.archives import signing
from organizations.archives.reading import Unreadable
from organizations.models import files_of
from organizations.tenancy import no_context
from tests.archives.conftest import (
    exported,
    forged,
    hashed,
    members_of,
    opened,
    signed,
    take_in,
)
from tests.operator.conftest import CONSOLE

ROWS = "rows/tasks_task.jsonl"
ATTACHED = "rows/attachments_attachment.jsonl"
ONE = "files/gallery/one.webp"


def refused(data):
    with pytest.raises(Unreadable) as error:
        opened(data)
    return str(error.value)


def renamed(name):
    def change(members, manifest):
        members[name] = members.pop(ONE)

    return change


def with_manifest(**values):
    def change(members, manifest):
        manifest.update(values)

    return change


def with_rows(name, edit):
    """Return a change of one table's rows, each a dictionary."""

    def change(members, manifest):
        rows = [json.loads(line) for line in members[name].splitlines()]
        found = edit(rows)
        rows = rows if found is None else found
        members[name] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
        table = name.removeprefix("rows/").removesuffix(".jsonl")
        manifest["tables"][table]["rows"] = len(rows)

    return change


ELSEWHERE = [
    "files/../x.webp",
    "files/../../../x.webp",
    "files/gallery/../../x.webp",
    "files//etc/passwd",
    "files/gallery//one.webp",
    "files/./one.webp",
    "files/gallery/..",
    "files/gallery\\one.webp",
    "files/gallery/one\n.webp",
    "files/archives/mine.zip",
]


def test_a_file_that_would_stand_elsewhere_is_refused(both):
    data = exported(both.acme)
    for name in ELSEWHERE:
        answer = refused(forged(data, renamed(name)))
        assert answer == f"{name}: no file of an organization has such a name."


def test_no_file_of_another_organization_is_touched(both):
    others = f"{files_of(both.globex.pk)}/gallery/one.webp"
    with default_storage.open(others) as file:
        before = file.read()
    name = f"files/../{both.globex.pk}/gallery/one.webp"
    data = forged(exported(both.acme), renamed(name))
    for how in ({"over": True}, {"new": True, "name": "Two", "slug": "two"}):
        with pytest.raises(Unreadable, match="no file of an organization"):
            take_in(data, **how)
    with default_storage.open(others) as file:
        assert file.read() == before


@pytest.mark.parametrize("table", ["attachments_attachment", "gallery_image"])
def test_no_row_leads_to_a_file_of_another_organization(both, table):
    """A page gives away the file a row names: it must not name a foreign one."""
    column = "path" if table == "attachments_attachment" else "file"

    def edit(rows):
        rows[0][column] = f"{files_of(both.globex.pk)}/gallery/one.webp"

    data = forged(exported(both.acme), with_rows(f"rows/{table}.jsonl", edit))
    before = hashed(both.acme)
    with pytest.raises(Unreadable, match=f"{table}: {column} names a file elsewhere"):
        take_in(data, over=True)
    assert hashed(both.acme) == before
    with pytest.raises(Unreadable, match="names a file elsewhere"):
        take_in(data, new=True, name="Two", slug="two")


def test_the_organizations_own_picture_is_its_own(both):
    def edit(rows):
        rows[0]["logo"] = f"{files_of(both.globex.pk)}/gallery/one.webp"

    name = "rows/organizations_organization.jsonl"
    data = forged(exported(both.acme), with_rows(name, edit))
    with pytest.raises(Unreadable, match="logo names a file elsewhere"):
        take_in(data, over=True)


def test_an_attachment_is_below_the_organizations_folder(both):
    own = files_of(both.acme.pk)
    whole = exported(both.acme)
    for path in ("../x", "/etc/passwd", "org/", f"{own}/../x", f"{own}/archives/x"):

        def edit(rows, path=path):
            rows[0]["path"] = path

        data = forged(whole, with_rows(ATTACHED, edit))
        with pytest.raises(Unreadable, match="path names a file elsewhere"):
            take_in(data, over=True)


def test_a_text_may_look_like_a_file_of_somebody_else(both):
    text = f"{files_of(both.globex.pk)}/gallery/one.webp"

    def edit(rows):
        rows[0]["title"] = text

    data = forged(exported(both.acme), with_rows(ROWS, edit))
    take_in(data, over=True)
    assert text.encode() in members_of(exported(both.acme))[ROWS]


NO_MANIFESTS = [
    b"",
    b"[]",
    b"null",
    b"1",
    b'"insula-archive"',
    b"no json",
    b"\xff\xfe\xfa",
    b"[" * 200_000,
    b'{"format": "insula-archive", "version": 1}',
]


def test_a_manifest_that_is_none_is_refused(cast):
    members = members_of(exported(cast.acme))
    for name in ("manifest.json", "SIGNATURE"):
        del members[name]
    for text in NO_MANIFESTS:
        assert refused(signed(members, text)).startswith("manifest.json: ")


ODD_MANIFESTS: list[dict[str, Any]] = [
    {"organization": None},
    {"organization": {"id": "acme", "name": "Acme", "slug": "acme"}},
    {"organization": {"id": 7, "name": "Acme", "slug": "acme"}},
    {"tables": []},
    {"tables": {"tasks_task": {"rows": 1}}},
    {"tables": {"tasks_task": {"rows": "1", "columns": {}}}},
    {"tables": {"tasks_task": {"rows": 1, "columns": []}}},
    {"storage_bytes": "all"},
    {"storage_bytes": -1},
    {"made_at": None},
]


def test_a_manifest_of_another_shape_is_refused(cast):
    whole = exported(cast.acme)
    for values in ODD_MANIFESTS:
        data = forged(whole, with_manifest(**values))
        assert refused(data) == "manifest.json: it is not as this format has it."


def test_a_manifest_that_says_nothing_of_a_file_is_refused(cast):
    members = members_of(exported(cast.acme))
    manifest = json.loads(members.pop("manifest.json"))
    del members["SIGNATURE"]
    for said in (None, [], {}, {"bytes": 3}, {"bytes": "3", "sha256": "x"}):
        manifest["members"][ROWS] = said
        data = signed(members, json.dumps(manifest).encode())
        assert refused(data) == "manifest.json: it is not as this format has it."


NO_ROWS = [b"", b"no json", b"[]", b"1", b"null", b"{}", b'{"id": 1}', b"\xff"]


def test_a_line_that_is_no_row_is_refused_and_named(both):
    before, whole = hashed(both.acme), exported(both.acme)
    for line in NO_ROWS:

        def change(members, manifest, line=line):
            members[ROWS] += line + b"\n"
            manifest["tables"]["tasks_task"]["rows"] += 1

        with pytest.raises(Unreadable, match=f"{ROWS}: line 2 is no row of it"):
            take_in(forged(whole, change), over=True)
    assert hashed(both.acme) == before


def test_a_value_that_is_no_text_is_refused(both):
    whole = exported(both.acme)
    for value in (3, True, ["x"], {"x": "y"}):

        def edit(rows, value=value):
            rows[0]["title"] = value

        with pytest.raises(Unreadable, match="line 1 is no row of it"):
            take_in(forged(whole, with_rows(ROWS, edit)), over=True)


ODD_VALUES = [
    ("priority", "much"),
    ("number", "99999999999999999999"),
    ("due_date", "soon"),
    ("title", None),
    ("title", "x" * 5000),
    ("id", "not-an-id"),
    ("title", "a\0b"),
]

# A text that is too long is cut by the database, which is noticed afterwards.
REFUSAL = "The database does not take it|rows do not become"


def test_a_value_the_database_does_not_take_changes_nothing(both):
    whole = exported(both.acme)
    before, others = hashed(both.acme), hashed(both.globex)
    for column, value in ODD_VALUES:

        def edit(rows, column=column, value=value):
            rows[0][column] = value

        with pytest.raises(Unreadable, match=REFUSAL):
            take_in(forged(whole, with_rows(ROWS, edit)), over=True)
    assert (hashed(both.acme), hashed(both.globex)) == (before, others)


def test_one_row_twice_changes_nothing(both):
    data = forged(exported(both.acme), with_rows(ROWS, lambda rows: rows * 2))
    before = hashed(both.acme)
    with pytest.raises(Unreadable, match="line 2 is out of order"):
        take_in(data, over=True)
    assert hashed(both.acme) == before


def test_rows_out_of_order_are_refused(both):
    name = "rows/audit_auditentry.jsonl"
    data = forged(exported(both.acme), with_rows(name, lambda rows: rows[::-1]))
    before = hashed(both.acme)
    with pytest.raises(Unreadable, match=f"{name}: line 2 is out of order"):
        take_in(data, over=True)
    assert hashed(both.acme) == before


def test_without_its_own_row_there_is_no_organization(both):
    name = "rows/organizations_organization.jsonl"
    data = forged(exported(both.acme), with_rows(name, lambda rows: []))
    with pytest.raises(Unreadable, match="own row is missing"):
        take_in(data, over=True)
    data = forged(exported(both.acme), with_rows(name, lambda rows: rows * 2))
    with pytest.raises(Unreadable, match="line 2 is out of order"):
        take_in(data, new=True, name="Two", slug="two")


def test_people_who_are_nobody_are_refused(both):
    def change(members, manifest):
        members["people.jsonl"] += b'{"id": "me", "email": "me@example.com"}\n'

    with pytest.raises(Unreadable, match=r"people.jsonl: a line of it is nobody"):
        take_in(forged(exported(both.acme), change), over=True)


def test_a_row_that_names_what_is_not_there_changes_nothing(both):
    """A comment on a task of Globex would lead there, were the key not both columns."""
    with no_context():
        theirs = json.loads(members_of(exported(both.globex))[ROWS].splitlines()[0])

    def edit(rows):
        rows[0]["task_id"] = theirs["id"]

    data = forged(exported(both.acme), with_rows("rows/comments_comment.jsonl", edit))
    before, others = hashed(both.acme), hashed(both.globex)
    with pytest.raises(Unreadable, match="The database does not take it"):
        take_in(data, over=True)
    assert (hashed(both.acme), hashed(both.globex)) == (before, others)


@CONSOLE
@pytest.mark.parametrize("manifest", [b"[]", b"no json", b"{}"])
def test_the_command_says_it_in_a_sentence(cast, tmp_path, manifest):
    """Also of an archive whose key nobody trusts: it is read before that is known."""
    file = tmp_path / "odd.zip"
    file.write_bytes(signed({}, manifest))
    key = signing.public_key()
    with no_context(), pytest.raises(CommandError, match="Nothing was changed. man"):
        call_command("org_import", file, over="acme", yes=True, trust=[key])
