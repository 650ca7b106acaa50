"""A person's picture: uploaded, replaced, removed, and shown to colleagues alone."""

import pytest
from django.core.files.storage import default_storage
from hypothesis import given
from hypothesis import strategies as st

from accounts import pictures
from accounts.models import User
from organizations.tenancy import as_user, identity
from tests.accounts.conftest import person, recorded
from tests.pictures.conftest import OWN, picture, upload

REMOVE = f"{OWN}remove/"


def give(client, data=None):
    return client.post(OWN, upload(data or picture()))


def face_of(user, **query):
    return f"/pictures/people/{user.pk}/", query


def image_of(user):
    return person(user.email).image.name


# cap 1
def test_a_picture_is_uploaded_and_kept_as_our_own_drawing(as_bob, cast, files):
    assert give(as_bob)["Location"] == "/accounts/profile/"
    name = image_of(cast.bob)
    assert name.startswith(f"people/{cast.bob.pk}/")
    assert files() == sorted([name, name.replace(".webp", "-64.webp")])
    [entry] = recorded(cast.bob, "user.picture_changed")
    assert (entry.before, entry.after) == ({"picture": ""}, {"picture": name})


def test_its_name_tells_nothing_of_the_upload(as_bob, cast):
    as_bob.post(OWN, upload(picture(), "../../my name.png"))
    stem = image_of(cast.bob).rpartition("/")[2]
    assert len(stem) == 32 + len(".webp")
    assert "name" not in stem


def test_a_replaced_picture_is_deleted_once_the_new_one_is_kept(
    as_bob, cast, files, run_jobs
):
    give(as_bob)
    first = image_of(cast.bob)
    give(as_bob, picture("JPEG"))
    assert first in files()
    assert run_jobs() == ["succeeded"]
    assert first not in files()
    assert image_of(cast.bob) in files()
    assert len(files()) == 2


def test_a_removed_picture_is_gone(as_bob, cast, files, run_jobs):
    give(as_bob)
    assert as_bob.post(REMOVE)["Location"] == "/accounts/profile/"
    assert run_jobs() == ["succeeded"]
    assert (image_of(cast.bob), files()) == ("", [])
    assert len(recorded(cast.bob, "user.picture_removed")) == 1


def test_removing_none_does_nothing(as_bob, cast):
    as_bob.post(REMOVE)
    assert recorded(cast.bob, "user.picture_removed") == []


def test_a_change_that_was_not_kept_leaves_no_file(as_bob, cast, files):
    from organizations.audit.recording import recorded as told

    def refuse(**kwargs):
        raise RuntimeError("no")

    told.connect(refuse)
    as_bob.raise_request_exception = False
    try:
        assert give(as_bob).status_code == 500
    finally:
        told.disconnect(refuse)
    assert (image_of(cast.bob), files()) == ("", [])


@pytest.mark.parametrize(
    "data", [b"<svg/>", b"<html>", b"GIF89a;", picture("BMP"), picture()[:-9]]
)
def test_what_is_no_picture_is_refused_in_words(as_bob, cast, files, data):
    page = give(as_bob, data)
    assert page.status_code == 422
    assert "no whole PNG, JPEG, WebP or GIF" in page.text
    assert 'name="first_name"' in page.text
    assert (image_of(cast.bob), files()) == ("", [])


def test_an_empty_file_and_none_are_refused(as_bob):
    assert "The file is empty" in as_bob.post(OWN, upload(b"")).text
    page = as_bob.post(OWN)
    assert (page.status_code, "Choose a picture first." in page.text) == (422, True)


def test_a_file_that_is_too_large_is_refused(as_bob, settings):
    settings.PICTURE_MAX_BYTES = 100
    page = give(as_bob)
    assert (page.status_code, "larger than 5 MB" in page.text) == (422, True)


def test_a_picture_with_too_many_pixels_is_refused(as_bob, settings):
    settings.PICTURE_MAX_PIXELS = 100
    page = give(as_bob)
    assert (page.status_code, "40 million pixels" in page.text) == (422, True)


@given(data=st.binary(max_size=300))
def test_any_bytes_get_an_answer(as_bob, data):
    assert as_bob.post(OWN, upload(b"\x89PNG\r\n\x1a\n" + data)).status_code == 422


@pytest.mark.parametrize("viewer", ["alice", "adam", "bob", "vera"])
def test_colleagues_and_oneself_see_it(cast, as_bob, sign_in, viewer):
    give(as_bob)
    answer = sign_in(getattr(cast, viewer), cast.acme).get(*face_of(cast.bob))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == "inline"


def test_somebody_without_organization_sees_their_own(as_nora, cast):
    give(as_nora)
    assert as_nora.get(*face_of(cast.nora)).status_code == 200


@pytest.mark.parametrize("viewer", ["as_charlie", "as_nora", "as_olga"])
def test_strangers_get_what_a_missing_picture_gets(request, cast, as_bob, viewer):
    give(as_bob)
    client = request.getfixturevalue(viewer)
    there = client.get(*face_of(cast.bob, v=image_of(cast.bob)))
    missing = client.get("/pictures/people/018f0000-0000-7000-8000-000000000000/")
    assert (there.status_code, missing.status_code) == (404, 404)
    assert there.content == missing.content


def test_somebody_signed_out_is_asked_to_sign_in(client, cast, as_bob):
    give(as_bob)
    assert client.get(*face_of(cast.bob)).status_code == 302


def test_somebody_without_a_picture_has_none(as_alice, cast):
    assert as_alice.get(*face_of(cast.bob)).status_code == 404


def test_a_picture_whose_file_is_lost_is_missing(as_bob, cast):
    give(as_bob)
    for size in pictures.SIZES:
        default_storage.delete(pictures.sized(image_of(cast.bob), size))
    assert as_bob.get(*face_of(cast.bob)).status_code == 404


def test_there_are_two_sizes(as_bob, cast):
    give(as_bob)
    small, large = (as_bob.get(*face_of(cast.bob, s=size)) for size in ("", "l"))
    assert len(small.content) < len(large.content)


def test_the_address_of_one_picture_lasts_for_this_browser_alone(as_bob, cast):
    give(as_bob)
    version = pictures.version(image_of(cast.bob))
    lasting = as_bob.get(*face_of(cast.bob, v=version))["Cache-Control"]
    assert lasting == "private, max-age=31536000, immutable"
    assert as_bob.get(*face_of(cast.bob))["Cache-Control"] == "private, no-cache"


def test_what_a_browser_has_is_not_sent_again(as_bob, cast):
    give(as_bob)
    path, _query = face_of(cast.bob)
    known = {"If-None-Match": as_bob.get(path)["ETag"]}
    answer = as_bob.get(path, headers=known)
    assert (answer.status_code, answer.content) == (304, b"")
    give(as_bob)
    assert as_bob.get(path, headers=known).status_code == 200


def test_a_file_we_did_not_draw_is_handed_over_and_not_shown(as_bob, cast):
    from django.core.files.base import ContentFile

    default_storage.save("people/x.html", ContentFile(b"<script>"))
    with identity():
        User.objects.filter(pk=cast.bob.pk).update(image="people/x.html")
    answer = as_bob.get(*face_of(cast.bob))
    assert answer["Content-Disposition"] == "attachment"
    assert answer["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize("name", ["", "people/../x.webp", "x.webp", "people/x.html"])
def test_only_pictures_of_ours_are_deleted(name, files):
    from django.core.files.base import ContentFile

    kept = default_storage.save("people/x.html", ContentFile(b"kept"))
    pictures.discard(name)
    assert files() == [kept]


def test_avatars_show_the_picture_and_fall_back_to_initials(as_bob, as_alice, cast):
    before = as_alice.get("/organizations/members/").text
    assert "/pictures/people/" not in before
    give(as_bob)
    after = as_alice.get("/organizations/members/").text
    assert f'src="/pictures/people/{cast.bob.pk}/?v=' in after
    assert after.count("<img") == 1


def test_the_frame_shows_ones_own(as_bob, cast):
    give(as_bob)
    assert f"/pictures/people/{cast.bob.pk}/" in as_bob.get("/tasks/").text


def test_the_list_of_tasks_shows_faces_without_another_statement(
    as_bob, as_alice, cast, django_assert_max_num_queries
):
    from tasks.people import forget

    give(as_bob)
    values = {"title": "Oil the gate", "priority": "3", "assignees": [cast.bob.pk]}
    assert as_alice.post("/tasks/new/", values).status_code == 302
    forget()
    with django_assert_max_num_queries(5):
        page = as_alice.get("/tasks/").text
    assert f'<img class=avatar src="/pictures/people/{cast.bob.pk}/?v=' in page
    assert 'alt="Bob Example"' in page


def test_a_person_reads_their_own_entries_about_it(as_bob, cast):
    give(as_bob)
    with as_user(cast.bob):
        assert User.objects.get(pk=cast.bob.pk).image
