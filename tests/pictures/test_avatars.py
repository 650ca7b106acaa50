"""Where pictures are shown: each avatar, with initials for whoever has none."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from accounts import pictures
from accounts.models import User
from config.templatetags.design import avatar
from organizations.models import Organization
from organizations.tenancy import identity, no_context, tenant
from tasks.people import Name, forget, names_of
from tasks.rows import face, face_of
from tests.pictures.conftest import LOGO, OWN, picture, upload

NAME = f"people/018f0000-0000-7000-8000-000000000000/{'a' * 32}.webp"
KEY = "018f0000-0000-7000-8000-000000000000"


def somebody(**values):
    return User(first_name="Ann", last_name="Lee", email="ann@example.com", **values)


def test_somebody_without_a_picture_has_initials():
    drawn = avatar(somebody())
    assert ">AL</span>" in drawn
    assert "<img" not in drawn


def test_a_picture_beside_a_name_is_silent():
    drawn = avatar(somebody(image=NAME), "md")
    assert drawn.startswith('<img class="avatar md"')
    assert 'alt=""' in drawn
    assert "title" not in drawn


def test_a_picture_alone_says_whose_it_is():
    drawn = avatar(somebody(image=NAME), spoken=True)
    assert 'alt="Ann Lee"' in drawn
    assert 'title="Ann Lee"' in drawn


def test_a_large_avatar_asks_for_the_large_picture():
    assert "&amp;s=l" in avatar(somebody(image=NAME), "lg")
    assert "s=l" not in avatar(somebody(image=NAME), "md")


def test_a_name_cannot_break_out_of_the_picture():
    person = User(first_name='"><script>', email="x@example.com", image=NAME)
    for drawn in (avatar(person, spoken=True), face(KEY, str(person), NAME)):
        assert "<script" not in drawn
        assert "&quot;&gt;&lt;script&gt;" in drawn


def test_a_picture_that_was_not_loaded_is_not_asked_for(
    cast, django_assert_num_queries
):
    with no_context(), tenant(cast.acme):
        person = User.objects.only("first_name", "email").get(pk=cast.bob.pk)
        organization = Organization.objects.only("name").get(pk=cast.acme.pk)
        with django_assert_num_queries(0):
            assert "<img" not in avatar(organization)
            pictured = {key for key in vars(person) if key == "image"}
            assert pictured == set()


def test_a_name_knows_its_picture_and_is_a_name():
    name = Name("Ann Lee", NAME)
    assert (name, name.image, f"{name}") == ("Ann Lee", NAME, "Ann Lee")
    assert Name() == ""
    assert Name().image == ""


def test_two_pictures_of_one_name_are_two_faces():
    first, second = face_of(KEY, Name("Ann", NAME)), face_of(KEY, Name("Ann"))
    assert "<img" in first
    assert "<img" not in second
    assert face_of(KEY, "Ann") == second


def test_names_come_with_pictures_in_the_same_statement(
    as_bob, cast, django_assert_num_queries
):
    as_bob.post(OWN, upload(picture()))
    forget()
    with no_context(), tenant(cast.acme), django_assert_num_queries(1):
        names = names_of(cast.acme.pk, [str(cast.bob.pk), str(cast.alice.pk)])
    assert names[str(cast.bob.pk)].image.startswith(f"people/{cast.bob.pk}/")
    assert names[str(cast.alice.pk)].image == ""


def test_a_strangers_picture_has_no_name_to_go_with(as_charlie, cast):
    as_charlie.post(OWN, upload(picture()))
    forget()
    with no_context(), tenant(cast.acme):
        names = names_of(cast.acme.pk, [str(cast.charlie.pk)])
    assert (names[str(cast.charlie.pk)], names[str(cast.charlie.pk)].image) == ("", "")


def test_a_page_without_pictures_is_as_long_as_before(as_alice):
    page = as_alice.get("/organizations/members/").text
    assert "/pictures/" not in re.sub(r'action="/pictures/[^"]*"', "", page)


def test_a_changed_logo_is_shown_at_once(as_alice, cast):
    as_alice.post(LOGO, upload(picture()))
    first = re.search(r"/pictures/organizations/[^\"]+", as_alice.get("/tasks/").text)
    as_alice.post(LOGO, upload(picture("GIF")))
    second = re.search(r"/pictures/organizations/[^\"]+", as_alice.get("/tasks/").text)
    assert first[0] != second[0]
    as_alice.post(f"{LOGO}remove/")
    assert "/pictures/organizations/" not in as_alice.get("/tasks/").text


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("me.svg", "image/svg+xml"),
        ("me.html", "text/html"),
        ("me.php\x00.png", "image/png"),
        ("../../../etc/passwd", "text/plain"),
        ("", "application/x-sh"),
        ("‮gnp.exe", "application/octet-stream"),
    ],
)
def test_neither_name_nor_type_of_an_upload_is_believed(as_bob, cast, name, type_):
    good = SimpleUploadedFile(name or "x", picture(), type_)
    as_bob.post(OWN, {"picture": good})
    bad = SimpleUploadedFile("me.png", b"<svg onload=alert(1)>", "image/png")
    assert as_bob.post(OWN, {"picture": bad}).status_code == 422
    with identity():
        kept = User.objects.get(pk=cast.bob.pk).image.name
    assert pictures.is_ours(kept)


@given(name=st.text(max_size=60))
def test_any_name_of_a_file_gets_an_answer(as_bob, name):
    file = SimpleUploadedFile(name or "x", b"GIF89a", "image/gif")
    assert as_bob.post(OWN, {"picture": file}).status_code == 422


def test_words_in_place_of_a_file_are_no_picture(as_bob):
    assert as_bob.post(OWN, {"picture": "me.png"}).status_code == 422


def test_of_two_files_one_is_taken(as_bob, cast, files):
    both = [SimpleUploadedFile(f"{n}.png", picture()) for n in "ab"]
    assert as_bob.post(OWN, {"picture": both}).status_code == 302
    assert len(files()) == 2


@pytest.mark.parametrize("query", ["?v=x", "?s=9999", "?s=", "?v=&v=x&s=l&s=s", "?%ff"])
def test_any_query_gets_a_picture_or_nothing(as_bob, cast, query):
    as_bob.post(OWN, upload(picture()))
    assert as_bob.get(f"/pictures/people/{cast.bob.pk}/{query}").status_code == 200
