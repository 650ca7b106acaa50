"""What is uploaded becomes a picture of the gallery, or is refused in words."""

import io
from pathlib import PurePath
from threading import Barrier, Thread

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image as Pillow

from organizations.audit.recording import recorded as told
from organizations.gallery.drawing import FULL, THUMBNAIL, drawn
from organizations.gallery.files import thumbnail_of
from organizations.gallery.flows import upload_image
from organizations.gallery.models import NAME_LENGTH
from organizations.gallery.uploading import name_from
from organizations.limits.counting import use_of
from organizations.limits.models import Key
from organizations.limits.refusals import LimitReached
from organizations.tenancy import tenant
from tests.conftest import gather
from tests.gallery.conftest import (
    GALLERY,
    HTMX,
    UPLOAD,
    allow,
    images,
    picture,
    send,
    used,
)
from tests.history import entries
from tests.pictures.test_drawing import HTML, SVG, chunk, png

NONE = "Choose at least one picture first."
REFUSED = "no whole PNG, JPEG, WebP or GIF"


def bytes_of(path):
    with default_storage.open(path) as file:
        return file.read()


def stored(path):
    return Pillow.open(io.BytesIO(bytes_of(path)))


# cap 65
def test_a_picture_is_uploaded_counted_and_recorded(as_bob, cast, files):
    page = send(as_bob, ("Beach at noon.png", picture()))
    assert (page.status_code, page["Location"]) == (302, GALLERY)
    (image,) = images(cast.acme)
    assert (image.name, image.alt, image.content_type) == (
        "Beach at noon",
        "",
        "image/webp",
    )
    assert (image.width, image.height) == (300, 200)
    assert image.uploaded_by_id == cast.bob.pk
    folder = f"org/{cast.acme.pk}/gallery/"
    assert files() == sorted([image.file, thumbnail_of(image.file)])
    assert image.file.startswith(folder)
    kept = sum(default_storage.size(name) for name in files())
    assert image.size == kept == used(cast.acme)
    (entry,) = entries(cast.acme, "image.uploaded")
    assert entry.actor_id == cast.bob.pk
    assert entry.after == {"name": "Beach at noon", "size": kept}


def test_several_are_uploaded_at_once_each_with_its_entry(as_bob, cast):
    page = send(as_bob, *((f"{n}.png", picture()) for n in "abc"))
    assert page.status_code == 302
    assert {image.name for image in images(cast.acme)} == {"a", "b", "c"}
    assert len(entries(cast.acme, "image.uploaded")) == 3
    assert "3 pictures added" in as_bob.get(GALLERY).text


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_each_kind_is_kept_as_webp_in_two_sizes(as_bob, cast, kind):
    send(as_bob, (f"x.{kind}", picture(kind, (1000, 500))))
    (image,) = images(cast.acme)
    full, thumbnail = stored(image.file), stored(thumbnail_of(image.file))
    assert (full.format, full.size) == ("WEBP", (1000, 500))
    assert (thumbnail.format, thumbnail.size) == ("WEBP", (480, 240))


@pytest.mark.parametrize(
    ("size", "full", "thumbnail"),
    [
        ((3000, 1500), (2560, 1280), (480, 240)),
        ((1000, 4000), (640, 2560), (120, 480)),
        ((300, 200), (300, 200), (300, 200)),
        ((1, 1), (1, 1), (1, 1)),
        ((6000, 2), (2560, 1), (480, 1)),
    ],
)
def test_a_large_picture_is_made_smaller_and_a_small_one_stays(size, full, thumbnail):
    drawing = drawn(picture(size=size))
    assert (drawing.width, drawing.height) == full
    assert Pillow.open(io.BytesIO(drawing.full)).size == full
    assert Pillow.open(io.BytesIO(drawing.thumbnail)).size == thumbnail
    assert max(full) <= FULL
    assert max(thumbnail) <= THUMBNAIL


def test_a_photograph_stands_upright_and_tells_nothing_else(as_bob, cast):
    exif = Pillow.Exif()
    exif[0x0112], exif[0x010F] = 6, "Secret Camera Works"
    data = picture("JPEG", exif=exif, comment=b"at the safe house")
    send(as_bob, ("x.jpg", data))
    (image,) = images(cast.acme)
    assert (image.width, image.height) == (200, 300)
    for path in (image.file, thumbnail_of(image.file)):
        kept = bytes_of(path)
        assert b"Secret Camera" not in kept
        assert b"safe house" not in kept
        assert not stored(path).getexif()


BOMB = png(50_000, 50_000)
POLYGLOTS = [
    picture() + HTML,
    picture("GIF") + b"/*" + HTML,
    picture("JPEG") + b"PK\x03\x04" + bytes(64),
    picture("WEBP") + SVG,
    b"GIF89a/*" + HTML + b"*/;",
]


@pytest.mark.parametrize(
    "data",
    [SVG, HTML, b"%PDF-1.7", picture("BMP"), picture("TIFF"), picture()[:-9], b"x"],
)
def test_what_is_no_picture_is_refused_in_words(as_bob, cast, files, data):
    page = send(as_bob, ("me.png", data))
    assert page.status_code == 422
    assert REFUSED in page.text
    assert "me.png" in page.text
    assert (images(cast.acme), files(), used(cast.acme)) == ([], [], 0)


@pytest.mark.parametrize("data", POLYGLOTS)
def test_a_picture_that_is_something_else_too_is_refused(as_bob, cast, files, data):
    assert send(as_bob, ("me.gif", data)).status_code == 422
    assert (images(cast.acme), files()) == ([], [])


def test_what_hides_inside_a_picture_is_left_behind(as_bob, cast):
    hidden = chunk(b"tEXt", b"Comment\0" + HTML)
    send(as_bob, ("me.png", png(2, 1, b"\0" + b"\xff" * 6, hidden)))
    (image,) = images(cast.acme)
    assert b"script" not in bytes_of(image.file)


def test_a_bomb_is_refused_before_it_is_unpacked(as_bob, cast):
    page = send(as_bob, ("bomb.png", BOMB))
    assert page.status_code == 422
    assert "40 million pixels" in page.text
    assert images(cast.acme) == []


def test_a_file_that_is_too_large_is_refused(as_bob, settings):
    settings.PICTURE_MAX_BYTES = 100
    page = send(as_bob, ("large.png", picture()))
    assert (page.status_code, "larger than 5 MB" in page.text) == (422, True)


def test_an_empty_file_is_refused_and_so_is_none(as_bob):
    assert REFUSED in send(as_bob, ("nothing.png", b"")).text
    for body in ({}, {"pictures": "me.png"}, {"pictures": ""}):
        page = as_bob.post(UPLOAD, body)
        assert (page.status_code, NONE in page.text) == (422, True)


def test_the_good_ones_of_many_are_kept(as_bob, cast):
    page = send(as_bob, ("a.png", picture()), ("b.svg", SVG), ("c.png", picture()))
    assert page.status_code == 422
    assert "b.svg" in page.text
    assert {image.name for image in images(cast.acme)} == {"a", "c"}
    assert len(entries(cast.acme, "image.uploaded")) == 2


def test_more_than_there_is_room_for_is_refused_in_words(as_bob, cast, files):
    send(as_bob, ("a.png", picture()))
    size = used(cast.acme)
    allow(cast.acme, 2 * size - 1)
    page = send(as_bob, ("b.png", picture()))
    assert page.status_code == 422
    assert "no room for this file" in page.text
    assert [image.name for image in images(cast.acme)] == ["a"]
    assert (len(files()), used(cast.acme)) == (2, size)


def test_the_page_shows_how_much_room_there_is(as_bob, cast):
    allow(cast.acme, 100_000_000)
    page = as_bob.get(GALLERY).text
    assert "0 bytes of 100 MB used" in page
    allow(cast.acme, 0)
    assert 'class="full"' in as_bob.get(GALLERY).text


# cap 65
def test_a_script_gets_the_card_of_its_file_and_the_room_that_is_left(as_bob, cast):
    page = send(as_bob, ("Beach.png", picture()), headers=HTMX)
    assert page.status_code == 200
    (image,) = images(cast.acme)
    assert f'href="/gallery/{image.pk}/"' in page.text
    assert 'hx-swap-oob="true"' in page.text
    assert "<html" not in page.text


@pytest.mark.parametrize("data", [SVG, b""])
def test_a_script_gets_the_reason_alone(as_bob, data):
    page = send(as_bob, ("x.png", data), headers=HTMX)
    assert page.status_code == 422
    assert page["Content-Type"] == "text/plain"
    assert page.text.startswith("This is no whole PNG")


def test_a_change_that_was_not_kept_leaves_no_file_and_no_count(as_bob, cast, files):
    def refuse(**kwargs):
        raise RuntimeError("no")

    told.connect(refuse)
    as_bob.raise_request_exception = False
    try:
        assert send(as_bob, ("a.png", picture())).status_code == 500
    finally:
        told.disconnect(refuse)
    assert (images(cast.acme), files(), used(cast.acme)) == ([], [], 0)


def test_a_viewer_uploads_nothing(as_vera, cast, files):
    page = send(as_vera, ("a.png", picture()))
    assert page.status_code == 403
    assert (images(cast.acme), files()) == ([], [])


def test_an_upload_of_a_page_of_another_organization_is_refused(as_bob, cast):
    body = {"pictures": [SimpleUploadedFile("a.png", picture())]}
    page = as_bob.post(UPLOAD, body | {"organization": str(cast.globex.pk)})
    assert page.status_code == 409
    assert images(cast.acme) == images(cast.globex) == []


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        ("Beach.png", "Beach"),
        ("archive.tar.gz", "archive.tar"),
        (".png", ".png"),
        ("  .jpg", "Picture"),
        ("", "Picture"),
        ("\u0301.png", "Picture"),
        ("x" * 300 + ".png", "x" * NAME_LENGTH),
        ("Straße 😀.webp", "Straße 😀"),
    ],
)
def test_a_picture_is_called_like_its_file(file_name, name):
    assert name_from(file_name) == name


@given(name=st.text(max_size=40))
@example(name="a\u202egnp.exe")
@example(name="../../etc/passwd")
@example(name="<script>.png")
def test_any_name_of_a_file_is_taken(as_bob, name):
    # The test's own client names no file by a folder.
    shown = PurePath(name).name.strip(".") or "x"
    answer = send(as_bob, (shown, picture(size=(1, 1))), headers=HTMX)
    assert answer.status_code in {200, 400, 422}
    assert "<script>" not in answer.text


@pytest.mark.parametrize("name", ["/", ".", "..", "", "a/", "\\"])
def test_a_file_without_a_name_is_no_file(as_bob, name):
    head = f'--b\r\nContent-Disposition: form-data; name="pictures"; filename="{name}"'
    body = head.encode() + b"\r\n\r\n" + picture() + b"\r\n--b--\r\n"
    form = "multipart/form-data; boundary=b"
    answer = as_bob.generic("POST", UPLOAD, body, form, headers=HTMX)
    assert (answer.status_code, answer.text) == (422, NONE)


@given(data=st.binary(max_size=300))
def test_any_bytes_get_an_answer(as_bob, data):
    sent = ("x.png", b"\x89PNG\r\n\x1a\n" + data)
    assert send(as_bob, sent, headers=HTMX).status_code == 422


def upload_at_once(organization, people, drawing):
    """Upload in threads of their own, and tell how many were kept and refused."""
    gate, kept, refused = Barrier(len(people)), [], []

    def go(user):
        try:
            with tenant(organization, user):
                use_of(Key.STORAGE)
                gate.wait()
                kept.append(upload_image(drawing=drawing, name="x", by=user))
        except LimitReached:
            refused.append(user)
        finally:
            connection.close()

    threads = [Thread(target=go, args=[user]) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(kept), len(refused)


@pytest.mark.django_db(transaction=True)
def test_of_uploads_at_once_only_those_are_kept_that_fit(files):
    people, drawing = gather(), drawn(picture())
    allow(people.acme, 2 * drawing.size)
    crowd = [people.alice, people.adam, people.bob, people.vera]
    assert upload_at_once(people.acme, crowd, drawing) == (2, 2)
    assert len(images(people.acme)) == 2
    assert len(files()) == 4
    assert used(people.acme) == 2 * drawing.size


@pytest.mark.parametrize("how", [{}, {"headers": HTMX}])
def test_more_than_are_taken_at_once_are_refused_in_a_sentence(as_bob, acme, how):
    sent = [(f"{number}.png", b"x") for number in range(21)]
    answer = send(as_bob, *sent, **how)
    assert answer.status_code == 422
    assert "These are 21 pictures; 20 can be added at once." in answer.text
    assert images(acme) == []
