"""Pictures by key."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow

from organizations.gallery.models import Image
from organizations.tenancy import no_context, tenant
from tests.api_client import BASE, VIEWS, Program, code, wheres
from tests.gallery.conftest import allow, images, used
from tests.pictures.conftest import picture

UNKNOWN = "0190f5a0-0000-7000-8000-000000000000"


@pytest.fixture
def api(cast):
    return Program(cast.acme, cast.alice)


def send(api, data=None, name="tyre.png", **headers):
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    file = SimpleUploadedFile(name, picture() if data is None else data, "image/png")
    where, how = f"{BASE}/images", {"headers": api.headers | named}
    return api.client.post(where, {"picture": file}, **how)


@pytest.fixture
def tyre(api):
    return send(api).json()


def at(image):
    return f"/images/{image['id']}"


def test_a_picture_is_uploaded_in_the_name_of_the_key(api, cast, tyre):
    (row,) = images(cast.acme)
    assert (row.name, row.uploaded_by_id) == ("tyre", None)
    assert (tyre["name"], tyre["uploaded_by"]) == ("tyre", None)
    assert (tyre["width"], tyre["height"]) == (300, 200)
    assert tyre["size"] == used(cast.acme)
    assert api.last() == ("image.uploaded", "program", str(api.key))


def test_a_picture_is_where_it_is_said_to_be(api):
    answer = send(api)
    assert answer.status_code == 201
    path = answer.headers["Location"].removeprefix(BASE)
    assert api.get(path).json() == answer.json()


@pytest.mark.parametrize("size", ["full", "thumbnail"])
def test_a_picture_itself_can_be_fetched(api, tyre, size):
    answer = api.get(f"{at(tyre)}/content?size={size}")
    assert answer.headers["Content-Type"] == "image/webp"
    assert Pillow.open(io.BytesIO(answer.content)).format == "WEBP"
    tag = answer.headers["ETag"]
    again = api.get(f"{at(tyre)}/content?size={size}", If_None_Match=tag)
    assert again.status_code == 304


@pytest.mark.parametrize("data", [b"", b"no picture", b"<svg/>", picture()[:-20]])
def test_what_is_no_picture_is_refused(api, cast, data):
    assert wheres(send(api, data)) == ["file.picture"]
    assert images(cast.acme) == []


def test_no_file_is_refused(api):
    assert wheres(api.client.post(f"{BASE}/images", headers=api.headers)) == [
        "file.picture"
    ]


def test_without_room_no_picture_is_kept(api, cast, files):
    allow(cast.acme, 10)
    assert code(send(api)) == (402, "plan_limit")
    assert files() == []


def test_a_picture_is_named_and_described(api, tyre):
    now = api.patch(at(tyre), {"alt": "A tyre"}).json()
    assert (now["name"], now["alt"]) == ("tyre", "A tyre")
    assert api.last()[:2] == ("image.changed", "program")


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"name": " "}, "body.name"),
        ({"name": "a\u202eb"}, "body.name"),
        ({"name": "x" * 201}, "body.name"),
        ({"alt": "x" * 501}, "body.alt"),
        ({"alt": "a\0b"}, "body.alt"),
        ({"file": "/etc/passwd"}, "body.file"),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(api, tyre, body, where):
    assert wheres(api.patch(at(tyre), body)) == [where]
    assert api.get(at(tyre)).json() == tyre


def test_a_picture_goes_to_the_trash_and_comes_back(api, tyre):
    assert api.delete(at(tyre)).status_code == 204
    assert api.last()[:2] == ("image.removed", "program")
    for path in (at(tyre), f"{at(tyre)}/content"):
        assert code(api.get(path)) == (404, "not_found")
    assert api.post(f"{at(tyre)}/restore").json() == tyre
    assert api.last()[:2] == ("image.restored", "program")


def test_a_list_has_every_picture_once(api, cast):
    with no_context(), tenant(cast.acme):
        Image.objects.bulk_create(
            Image(name=f"P{number}", width=4, height=3, uploaded_by=cast.bob)
            for number in range(120)
        )
    found = api.every("/images")
    assert len({one["name"] for one in found}) == len(found) == 120
    assert {one["uploaded_by"]["name"] for one in found} == {"Bob Example"}


def test_a_picture_changed_meanwhile_is_left(api, tyre):
    read = api.get(at(tyre)).headers["ETag"]
    assert api.patch(at(tyre), {"name": "A"}, If_Match=read).status_code == 200
    late = api.patch(at(tyre), {"name": "B"}, If_Match=read)
    assert code(late) == (412, "changed_meanwhile")
    assert code(api.delete(at(tyre), If_Match=read)) == (412, "changed_meanwhile")


def test_a_key_to_read_changes_nothing(cast, tyre):
    reader = Program(cast.acme, cast.alice, *VIEWS)
    assert reader.every("/images") == [tyre]
    for answer in (
        send(reader),
        reader.patch(at(tyre), {"name": "No"}),
        reader.delete(at(tyre)),
        reader.post(f"{at(tyre)}/restore"),
    ):
        assert code(answer) == (403, "scope_missing")
    assert reader.get(f"{at(tyre)}/content").status_code == 200


def test_pictures_of_others_are_missing(cast, tyre):
    theirs = Program(cast.globex, cast.charlie)
    assert theirs.every("/images") == []
    for path in (at(tyre), f"/images/{UNKNOWN}"):
        for answer in (
            theirs.get(path),
            theirs.get(f"{path}/content"),
            theirs.patch(path, {"name": "x"}),
            theirs.delete(path),
            theirs.post(f"{path}/restore"),
        ):
            assert code(answer) == (404, "not_found")


def send_bounded(api, boundary, data):
    """Upload a picture under a name that makes it happen once."""
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="picture";'
        ' filename="t.png"\r\nContent-Type: image/png\r\n\r\n'
    )
    body = head.encode() + data + f"\r\n--{boundary}--\r\n".encode()
    kind = f"multipart/form-data; boundary={boundary}"
    headers = api.headers | {"Idempotency-Key": "k"}
    return api.client.generic("POST", f"{BASE}/images", body, kind, headers=headers)


def test_the_same_upload_sent_twice_is_kept_once(api, cast):
    for boundary in ("first", "second"):
        assert send_bounded(api, boundary, picture()).status_code == 201
    assert len(images(cast.acme)) == 1
    other = send_bounded(api, "third", picture(size=(30, 20)))
    assert code(other) == (422, "idempotency_key_reused")


def test_an_upload_that_cannot_be_read_is_refused(api, cast):
    headers = api.headers | {"Idempotency-Key": "k"}
    where, kind = f"{BASE}/images", "multipart/form-data"
    answer = api.client.generic("POST", where, b"nothing", kind, headers=headers)
    assert wheres(answer) == ["file.picture"]


@pytest.mark.parametrize("headers", [{}, {"Idempotency_Key": "k"}])
def test_a_large_picture_is_taken_or_refused_as_such(api, cast, headers):
    noise = Pillow.effect_noise((1250, 1250), 90).convert("RGB")
    held = io.BytesIO()
    noise.save(held, "PNG")
    assert 2_500_000 < len(held.getvalue()) < 5_000_000
    assert send(api, held.getvalue(), **headers).status_code == 201
    assert len(images(cast.acme)) == 1


def test_a_picture_that_is_too_large_is_refused(api, cast):
    assert wheres(send(api, b"x" * 5_000_001)) == ["file.picture"]
    assert images(cast.acme) == []


def test_the_page_says_that_a_program_uploaded_it(tyre, as_bob):
    text = as_bob.get(f"/gallery/{tyre['id']}/").content.decode()
    assert "A program" in text
    assert 'class="avatar key"' in text
