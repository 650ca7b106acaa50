"""Pictures are shown to the organization's own people, and to nobody else."""

import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image as Pillow

from organizations.gallery.files import discard
from organizations.gallery.models import Image
from organizations.tenancy import no_context, tenant
from tests.gallery.conftest import page_of

MISSING = "/gallery/018f0000-0000-7000-8000-000000000000/"
EACH = pytest.mark.parametrize("what", ["file", "thumbnail", "download"])


# cap 65
@EACH
@pytest.mark.parametrize("viewer", ["as_alice", "as_adam", "as_bob", "as_vera"])
def test_members_get_it_and_their_browser_keeps_it_to_itself(
    request, one, what, viewer
):
    answer = request.getfixturevalue(viewer).get(page_of(one, what))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["Vary"] == "Cookie"
    assert Pillow.open(io.BytesIO(answer.content)).format == "WEBP"


@EACH
@pytest.mark.parametrize("stranger", ["as_charlie"])
def test_another_organization_gets_what_a_missing_one_gets(
    request, one, what, stranger
):
    client = request.getfixturevalue(stranger)
    there = client.get(page_of(one, what), {"v": one.version})
    missing = client.get(f"{MISSING}{what}/")
    assert (there.status_code, missing.status_code) == (404, 404)
    assert there.content == missing.content


@EACH
@pytest.mark.parametrize("stranger", ["client", "as_nora", "as_olga"])
def test_whoever_is_in_no_organization_is_led_away(request, one, what, stranger):
    answer = request.getfixturevalue(stranger).get(page_of(one, what))
    assert answer.status_code == 302
    assert not answer.content


def test_a_thumbnail_is_smaller(as_bob, one):
    full, small = (as_bob.get(page_of(one, n)) for n in ("file", "thumbnail"))
    assert len(small.content) <= len(full.content)
    assert small["ETag"] != full["ETag"]


@EACH
def test_what_a_browser_has_is_not_sent_again(as_bob, one, what):
    known = {"If-None-Match": as_bob.get(page_of(one, what))["ETag"]}
    answer = as_bob.get(page_of(one, what), headers=known)
    assert (answer.status_code, answer.content) == (304, b"")


def test_what_a_stranger_knows_of_it_gives_them_nothing(as_charlie, one, as_bob):
    known = {"If-None-Match": as_bob.get(page_of(one, "file"))["ETag"]}
    assert as_charlie.get(page_of(one, "file"), headers=known).status_code == 404
    every = {"If-None-Match": "*"}
    assert as_charlie.get(page_of(one, "file"), headers=every).status_code == 404


def test_the_address_on_the_page_lasts(as_bob, one):
    answer = as_bob.get(page_of(one, "thumbnail"), {"v": one.version})
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"


def test_a_picture_is_shown_in_place_and_handed_over_by_name(as_bob, one):
    assert as_bob.get(page_of(one, "file"))["Content-Disposition"] == "inline"
    handed = as_bob.get(page_of(one, "download"))["Content-Disposition"]
    assert handed == 'attachment; filename="Beach.webp"'


@pytest.mark.parametrize("name", ['"; x="y', "Straße/😀", "../../x", "a\\b"])
def test_a_name_cannot_break_out_of_the_header(as_bob, one, cast, name):
    with no_context(), tenant(cast.acme):
        Image.objects.filter(pk=one.pk).update(name=name)
    answer = as_bob.get(page_of(one, "download"))
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment; filename")


@EACH
def test_of_the_trash_only_those_see_it_who_may_bring_it_back(
    as_bob, as_vera, trashed, what
):
    assert as_bob.get(page_of(trashed, what)).status_code == 200
    assert as_vera.get(page_of(trashed, what)).status_code == 404


@EACH
def test_a_picture_whose_file_is_lost_is_missing(as_bob, one, what):
    discard(one.file)
    assert not default_storage.exists(one.file)
    assert as_bob.get(page_of(one, what)).status_code == 404
