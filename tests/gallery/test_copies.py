"""The copy of one's data tells which pictures one has uploaded, and no others."""

from organizations.personal.parts import parts
from tests.gallery.conftest import page_of, picture, send


def copied(person):
    found = {}
    for name, rows in parts(person):
        if name.endswith("/pictures.json"):
            found[name] = list(rows)
    return found


def test_ones_own_pictures_are_in_the_copy(as_bob, as_alice, one, cast):
    as_bob.post(page_of(one, "edit"), {"name": "Beach", "alt": "A red boat"})
    send(as_alice, ("Hills.png", picture()))
    (row,) = copied(cast.bob)["organizations/acme/pictures.json"]
    assert (row["name"], row["alt"], row["size"]) == ("Beach", "A red boat", one.size)


def test_the_trash_is_in_the_copy_too(trashed, cast):
    (row,) = copied(cast.bob)["organizations/acme/pictures.json"]
    assert row["deleted_at"] is not None


def test_somebody_without_pictures_has_an_empty_list(one, cast):
    assert copied(cast.vera) == {"organizations/acme/pictures.json": []}
