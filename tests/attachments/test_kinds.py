"""What a file is and what it is called, whatever it says of itself."""

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tasks.attachments.kinds import (
    ENDINGS,
    LONGEST_NAME,
    PICTURES,
    UNKNOWN,
    clean_name,
    content_type_of,
    thumbnail_of,
)
from tests.pictures.conftest import picture

# What a browser would run or draw as a page if it were told so.
LIVELY = ("html", "svg", "xml", "javascript", "xhtml", "mathml", "flash")


@pytest.mark.parametrize(("kind", "said"), PICTURES.items())
def test_a_picture_is_known_by_its_bytes(kind, said):
    for name in ("a.txt", "a", "a.html", f"a.{kind.lower()}"):
        assert content_type_of(name, picture(kind)) == said


@pytest.mark.parametrize(
    "data",
    [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBP"],
)
def test_a_beginning_alone_makes_no_picture(data):
    assert content_type_of("a.png", data) == UNKNOWN
    assert thumbnail_of(UNKNOWN, data) == b""


@given(data=st.binary(max_size=200), ending=st.text(max_size=6))
def test_nothing_is_ever_served_as_what_a_browser_runs(data, ending):
    said = content_type_of(f"a.{ending}", data)
    assert not any(word in said for word in LIVELY)
    assert said in {*ENDINGS.values(), *PICTURES.values(), UNKNOWN}


@pytest.mark.parametrize("ending", ["html", "HTM", "svg", "xhtml", "js", "mjs", "swf"])
def test_what_a_browser_would_run_is_bytes(ending):
    assert content_type_of(f"a.{ending}", b"<script>") == UNKNOWN


def test_the_small_drawing_holds_nothing_of_the_upload():
    exif = Image.Exif()
    exif[0x010E] = "Taken at home"
    data = picture("JPEG", exif=exif)
    assert b"Taken at home" in data
    small = thumbnail_of("image/jpeg", data)
    assert b"Taken at home" not in small
    assert Image.open(io.BytesIO(small)).size == (256, 256)


def test_a_picture_that_breaks_off_is_kept_without_a_drawing():
    whole = picture("PNG", size=(200, 200))
    broken = whole[:60] + b"\0" * 20 + whole[-12:]
    said = content_type_of("a.png", broken)
    assert thumbnail_of(said, broken) == b""


@given(name=st.text(max_size=300))
def test_every_name_can_be_shown(name):
    shown = clean_name(name)
    assert 0 < len(shown) <= LONGEST_NAME
    assert shown == shown.strip()
    assert "/" not in shown
    assert "\\" not in shown
    assert not any(unicodedata.category(one) in {"Cc", "Cf", "Cs"} for one in shown)


@given(name=st.text(max_size=300))
def test_a_clean_name_stays_as_it_is(name):
    assert clean_name(clean_name(name)) == clean_name(name)


@pytest.mark.parametrize("name", ["", ".", "..", "...", "/", "\u202e", " ", "a/.."])
def test_no_name_at_all_is_called_file(name):
    assert clean_name(name) == "file"


@pytest.mark.parametrize("ending", [".txt", ".tar.gz", ".JPEG"])
def test_a_long_name_keeps_its_ending(ending):
    shown = clean_name("x" * 500 + ending)
    assert len(shown) == LONGEST_NAME
    assert shown.endswith("." + ending.rpartition(".")[2])
