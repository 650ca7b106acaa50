"""The ZIP itself: JSON that any program reads, sums that are right, no context left."""

import io
import json
import zipfile
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.personal import archive
from organizations.personal.models import PersonalExport, State
from organizations.personal.parts import collecting, memberships, parts
from organizations.tenancy import as_user, current, no_context, tenant
from tests.conftest import join
from tests.personal.conftest import ASK, export_of

SCALAR = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=30), st.floats(0, 1)
)
ROW = st.dictionaries(st.text(max_size=10), SCALAR, max_size=4)


def joined(rows):
    return json.loads(b"".join(archive.as_json(rows)))


@given(rows=st.lists(ROW, max_size=5))
def test_rows_are_read_back_as_they_were(rows):
    assert joined(rows) == rows


def test_half_letters_are_no_error():
    assert joined([{"title": "a\ud800b"}]) == [{"title": "a?b"}]


def test_what_json_has_no_type_for_is_text():
    key = UUID("018f0000-0000-7000-8000-000000000000")
    row = {
        "id": key,
        "at": datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        "due": date(2026, 1, 2),
        "cost": Decimal("1.50"),
    }
    assert joined([row]) == [
        {
            "id": str(key),
            "at": "2026-01-02T03:04:00Z",
            "due": "2026-01-02",
            "cost": "1.50",
        }
    ]


def test_no_rows_are_an_empty_list():
    assert joined([]) == []


def test_rows_are_written_as_they_come():
    taken = []

    def rows():
        for number in range(3):
            taken.append(number)
            yield {"number": number}

    pieces = archive.as_json(rows())
    assert taken == []
    assert next(pieces) == b"["
    next(pieces)
    assert taken == [0]
    pieces.close()


def test_the_readme_names_every_kind_of_file(cast):
    words = archive.readme(cast.bob)
    for name in ("account.json", "manifest.json", "picture.webp", "organizations/"):
        assert name in words
    assert "bob@example.com" in words


def test_a_copy_is_a_sound_zip(cast, work):
    out = io.BytesIO()
    with no_context():
        archive.write(cast.bob, out)
    with zipfile.ZipFile(out) as copy:
        assert copy.testzip() is None
        names = copy.namelist()
    assert len(names) == len(set(names))
    assert not [name for name in names if name.startswith("/") or ".." in name]


def test_each_part_is_read_in_the_context_that_may(cast, work):
    join(cast.globex, cast.bob, "viewer")
    seen = []

    def look(*, person, **kwargs):
        seen.append((current().mode, current().organization_id, current().user_id))
        return "look", []

    collecting.connect(look)
    try:
        with no_context(), as_user(cast.bob):
            archive.write(cast.bob, io.BytesIO())
    finally:
        collecting.disconnect(look)
    assert seen == [
        ("tenant", cast.acme.pk, cast.bob.pk),
        ("tenant", cast.globex.pk, cast.bob.pk),
    ]


def test_nobody_is_left_in_an_organization_by_a_failure(cast, work):
    def fail(**kwargs):
        raise RuntimeError("no")

    collecting.connect(fail)
    try:
        with no_context(), as_user(cast.bob) as mine:
            with pytest.raises(RuntimeError):
                archive.write(cast.bob, io.BytesIO())
            assert current() is mine
    finally:
        collecting.disconnect(fail)


def test_nobody_is_left_in_one_by_stopping_halfway(cast, work):
    with no_context(), as_user(cast.bob) as mine:
        with closing(parts(cast.bob)) as found:
            for name, _rows in found:
                if name.startswith("organizations/"):
                    break
        assert current() is mine


def test_memberships_are_ones_own_whoever_asks(cast):
    with no_context(), tenant(cast.acme, cast.alice):
        assert [one.user_id for one in memberships(cast.bob)] == [cast.bob.pk]
        assert memberships(cast.nora) == []


def test_a_copy_waits_for_its_own_person_alone(bob, cast):
    bob.post(ASK)
    with no_context(), as_user(cast.alice):
        assert not PersonalExport.objects.exists()
        assert not PersonalExport.objects.filter(user=cast.bob).update(file="x")
    with no_context(), tenant(cast.acme, cast.alice):
        assert not PersonalExport.objects.exists()
    with no_context():
        assert not PersonalExport.objects.exists()
    assert export_of(cast.bob).state == State.ASKED


@pytest.mark.parametrize(
    ("moments", "state"),
    [
        ({}, State.ASKED),
        ({"failed_at": datetime(2026, 1, 1, tzinfo=UTC)}, State.FAILED),
        ({"expires_at": datetime(2020, 1, 1, tzinfo=UTC), "file": "x"}, State.EXPIRED),
        ({"expires_at": datetime(2120, 1, 1, tzinfo=UTC), "file": "x"}, State.READY),
        ({"expires_at": datetime(2120, 1, 1, tzinfo=UTC)}, State.EXPIRED),
    ],
)
def test_where_a_copy_stands(moments, state):
    asked = datetime(2020, 1, 1, tzinfo=UTC)
    assert PersonalExport(asked_at=asked, **moments).state == state
