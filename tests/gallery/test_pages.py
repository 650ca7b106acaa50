"""The gallery's pages: finding, naming, throwing away, bringing back."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from organizations.gallery.listing import PAGE
from organizations.gallery.models import ALT_LENGTH, NAME_LENGTH, Image
from organizations.tenancy import no_context, tenant
from tests.gallery.conftest import (
    GALLERY,
    HTMX,
    TRASH,
    UPLOAD,
    images,
    page_of,
    picture,
    send,
)
from tests.history import entries

NAMES = re.compile(r'<span class="truncate">([^<]+)</span>\s*</a>')
MORE = re.compile(r'hx-get="([^"]*before[^"]*)"')
QUERIES = 8


def shown(page):
    return NAMES.findall(page.text)


def more(page):
    found = MORE.search(page.text)
    return found and found[1].replace("&amp;", "&")


def fill(cast, count, **values):
    """Put pictures in Acme's gallery, one each minute; half share their minute."""
    start = timezone.now() - timedelta(days=1)
    with no_context(), tenant(cast.acme, cast.alice):
        for number in range(count):
            Image.objects.create(
                name=f"Picture {number:02}",
                file=f"org/{cast.acme.pk}/gallery/{number}.webp",
                width=4,
                height=3,
                uploaded_by=cast.alice,
                created_at=start + timedelta(minutes=number // 2),
                **values,
            )


# cap 65
def test_pictures_are_listed_the_newest_first(as_vera, as_bob):
    for name in ("First", "Second"):
        send(as_bob, (f"{name}.png", picture()))
    assert shown(as_vera.get(GALLERY)) == ["Second", "First"]


def test_the_list_goes_on_where_the_page_ended(as_bob, cast):
    fill(cast, 2 * PAGE + 1)
    names, where = [], GALLERY
    while where:
        page = as_bob.get(where, headers=HTMX)
        assert "<html" not in page.text
        names += shown(page)
        where = more(page)
    assert len(names) == len(set(names)) == 2 * PAGE + 1
    minutes = [int(name.split()[1]) // 2 for name in names]
    assert minutes == sorted(minutes, reverse=True)


def test_without_scripts_the_next_page_is_a_page(as_bob, cast):
    fill(cast, PAGE + 2)
    page = as_bob.get(more(as_bob.get(GALLERY)))
    assert "<html" in page.text
    assert len(shown(page)) == 2


def test_the_list_goes_on_below_a_refused_upload(as_bob, cast):
    fill(cast, PAGE + 2)
    page = send(as_bob, ("x.png", b"no picture"))
    assert (page.status_code, len(shown(page))) == (422, PAGE)
    assert len(shown(as_bob.get(more(page), headers=HTMX))) == 2


@pytest.mark.parametrize(
    "query",
    [
        "?before=x&before_id=y",
        "?before=2026-01-01",
        "?before_id=018f0000-0000-7000-8000-000000000000",
        "?before=0000-00-00&before_id=018f0000-0000-7000-8000-000000000000",
        "?before=&before_id=",
    ],
)
def test_a_place_that_makes_no_sense_is_the_beginning(as_bob, one, query):
    assert shown(as_bob.get(GALLERY + query)) == ["Beach"]


@given(before=st.datetimes().map(str), before_id=st.uuids())
def test_any_place_gets_a_page(as_bob, one, before, before_id):
    for page in (GALLERY, TRASH):
        where = {"before": before, "before_id": str(before_id)}
        assert as_bob.get(page, where).status_code == 200


@pytest.mark.parametrize("page", [GALLERY, TRASH])
@pytest.mark.parametrize("count", [1, PAGE])
def test_a_page_asks_no_more_for_many_than_for_one(
    as_bob, cast, page, count, django_assert_max_num_queries
):
    fill(cast, count, deleted_at=timezone.now() if page == TRASH else None)
    as_bob.get(page)
    with django_assert_max_num_queries(QUERIES):
        assert as_bob.get(page).status_code == 200


def test_an_empty_gallery_says_what_comes_next(as_bob, as_vera):
    assert "Add the first ones above." in as_bob.get(GALLERY).text
    assert "You can see pictures here, not add them." in as_vera.get(GALLERY).text


def test_a_viewer_sees_everything_and_is_told_why_nothing_can_be_changed(as_vera, one):
    for page in (GALLERY, page_of(one)):
        text = as_vera.get(page).text
        assert "Beach" in text
        assert "change the gallery" in text
        assert UPLOAD not in text
        assert 'method="post"\n      action="/gallery' not in text


@pytest.mark.parametrize("verb", ["edit", "delete", "restore", "purge"])
def test_a_viewer_changes_nothing(as_vera, one, cast, verb):
    answer = as_vera.post(page_of(one, verb), {"name": "Mine", "alt": "Mine"})
    assert answer.status_code == 403
    assert images(cast.acme)[0].name == "Beach"
    assert as_vera.get(TRASH).status_code == 403


@pytest.mark.parametrize("verb", ["", "edit", "delete", "restore", "purge"])
def test_a_foreign_picture_is_a_missing_one(as_alice, foreign, cast, verb):
    call = as_alice.post if verb else as_alice.get
    answer = call(page_of(foreign, verb), {"name": "Mine"})
    assert answer.status_code == 404
    (kept,) = images(cast.globex)
    assert (kept.name, kept.deleted_at) == ("Secret", None)


def test_the_page_of_a_picture_tells_who_and_how_large(as_vera, one):
    text = as_vera.get(page_of(one)).text
    assert "Bob Example" in text
    assert "300 × 200" in text
    assert f"/gallery/{one.pk}/download/" in text
    assert 'alt="Beach"' in text


def test_a_picture_is_named_and_described(as_bob, one, cast):
    values = {"name": "Beach at noon", "alt": "Sand, and a red boat on it"}
    page = as_bob.post(page_of(one, "edit"), values, follow=True)
    assert "Picture saved" in page.text
    assert 'alt="Sand, and a red boat on it"' in page.text
    (image,) = images(cast.acme)
    assert (image.name, image.alt) == (values["name"], values["alt"])
    (entry,) = entries(cast.acme, "image.changed")
    assert (entry.before, entry.after) == ({"name": "Beach", "alt": ""}, values)


def test_saving_what_is_there_records_nothing(as_bob, one, cast):
    as_bob.post(page_of(one, "edit"), {"name": "Beach", "alt": ""})
    assert entries(cast.acme, "image.changed") == []


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": "", "alt": "Kept"}, "Give it a name."),
        ({"name": "x" * (NAME_LENGTH + 1), "alt": "Kept"}, "at most 200"),
        ({"name": "\u200b", "alt": "Kept"}, "letters that can be seen"),
        ({"name": "x", "alt": "Kept" * ALT_LENGTH}, "at most 500"),
        ({"name": "a\0b", "alt": "Kept"}, "Null characters"),
    ],
)
def test_what_cannot_be_kept_is_said_and_what_was_typed_stays(
    as_bob, one, cast, values, words
):
    page = as_bob.post(page_of(one, "edit"), values)
    assert (page.status_code, words in page.text) == (422, True)
    assert "Kept" in page.text
    assert images(cast.acme)[0].name == "Beach"


def test_a_name_cannot_break_out_of_the_page(as_bob, one):
    evil = '"><script>alert(1)</script>'
    as_bob.post(page_of(one, "edit"), {"name": evil, "alt": evil})
    for page in (GALLERY, page_of(one)):
        assert "<script>alert" not in as_bob.get(page).text


# cap 65
def test_a_picture_goes_to_the_trash_and_comes_back(as_bob, one, cast):
    page = as_bob.post(page_of(one, "delete"), follow=True)
    assert "Beach moved to the trash" in page.text
    assert f'action="/gallery/{one.pk}/restore/"' in page.text
    assert shown(page) == []
    assert as_bob.get(page_of(one)).status_code == 404
    assert "Beach" in as_bob.get(TRASH).text
    page = as_bob.post(page_of(one, "restore"), follow=True)
    assert "Beach is back" in page.text
    assert shown(as_bob.get(GALLERY)) == ["Beach"]
    assert "Beach" not in as_bob.get(TRASH).text
    for action in ("image.removed", "image.restored"):
        (entry,) = entries(cast.acme, action)
        assert (entry.actor_id, entry.target_id) == (cast.bob.pk, str(one.pk))


@pytest.mark.parametrize(
    ("verb", "action"), [("delete", "image.removed"), ("restore", "image.restored")]
)
def test_doing_it_twice_is_doing_it_once(as_bob, trashed, cast, verb, action):
    for _time in range(2):
        as_bob.post(page_of(trashed, verb))
    assert len(entries(cast.acme, action)) == 1


def test_the_trash_tells_until_when_a_picture_can_come_back(as_bob, trashed):
    last = timezone.now() + timedelta(days=30)
    assert f"gone for good on {last:%-d %b %Y}" in as_bob.get(TRASH).text


def test_an_empty_trash_says_so(as_bob):
    assert "Nothing in the trash" in as_bob.get(TRASH).text


def test_a_long_trash_goes_on_too(as_bob, cast):
    fill(cast, PAGE + 3, deleted_at=timezone.now())
    page = as_bob.get(TRASH)
    assert page.text.count("Restore Picture") == PAGE
    rest = as_bob.get(TRASH + more(page), headers=HTMX)
    assert rest.text.count("Restore Picture") == 3


def test_the_way_to_the_gallery_is_in_the_frame(as_vera):
    page = as_vera.get("/tasks/").text
    assert page.count(f'href="{GALLERY}"') == 2
    here = as_vera.get(GALLERY).text
    assert re.search(
        r'href="/gallery/"\s+data-hotkey="g g"\s+aria-current="page"', here
    )
