"""Whatever is uploaded, it is a picture drawn anew or it is refused."""

import io
import struct
import zlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from accounts.pictures import LARGE, NoPicture, TooManyPixels, drawn, kind_of
from tests.pictures.conftest import picture

KINDS = ("PNG", "JPEG", "WEBP", "GIF")
HTML = b"<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def opened(data):
    return Image.open(io.BytesIO(data))


def chunk(name, data):
    checked = name + data
    return (
        struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))
    )


def png(width, height, pixels=b"", extra=b""):
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [chunk(b"IHDR", head), extra, chunk(b"IDAT", zlib.compress(pixels))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_becomes_squares_of_webp(kind):
    squares = drawn(picture(kind))
    assert {size: opened(data).size for size, data in squares.items()} == {
        256: (256, 256),
        64: (64, 64),
    }
    assert {opened(data).format for data in squares.values()} == {"WEBP"}


@pytest.mark.parametrize("mode", ["RGBA", "L", "LA", "P", "1", "I;16"])
def test_any_mode_of_colour_is_drawn(mode):
    assert opened(drawn(picture("PNG", mode=mode))[LARGE]).size == (LARGE, LARGE)


def test_a_picture_for_print_is_drawn():
    assert opened(drawn(picture("JPEG", mode="CMYK"))[LARGE]).size == (LARGE, LARGE)


@pytest.mark.parametrize("size", [(1, 1), (1, 2000), (2000, 1), (3, 7)])
def test_any_shape_is_drawn(size):
    assert opened(drawn(picture(size=size))[LARGE]).size == (LARGE, LARGE)


def test_where_a_picture_was_taken_is_forgotten():
    exif = Image.Exif()
    exif[0x010E] = "At home, 48.2082 N 16.3738 E"
    exif[0x8825] = {1: "N", 2: (48.0, 12.0, 29.0)}
    data = picture("JPEG", exif=exif, comment=b"secret comment")
    assert b"At home" in data
    for square in drawn(data).values():
        assert b"At home" not in square
        assert b"secret" not in square
        assert b"EXIF" not in square
        assert not opened(square).getexif()


def test_what_hides_in_a_picture_is_not_in_ours():
    words = chunk(b"tEXt", b"Comment\0" + HTML)
    for square in drawn(png(1, 1, b"\0\1\2\3", words)).values():
        assert b"<script" not in square


def test_a_picture_taken_sideways_is_set_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    made = opened(drawn(picture("JPEG", exif=exif))[LARGE]).convert("RGB")
    top, bottom = made.getpixel((128, 10)), made.getpixel((128, 245))
    assert top[0] > 200
    assert bottom[2] > 200


def test_the_first_picture_of_a_film_is_taken():
    first, second = Image.new("RGB", (9, 9), "red"), Image.new("RGB", (9, 9), "blue")
    for kind in ("GIF", "WEBP", "PNG"):
        held = io.BytesIO()
        first.save(held, kind, save_all=True, append_images=[second] * 20)
        made = opened(drawn(held.getvalue())[LARGE])
        assert getattr(made, "n_frames", 1) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        HTML,
        SVG,
        b"<?xml version='1.0'?>" + SVG,
        b"%PDF-1.7\n%%EOF",
        b"PK\x03\x04" + b"\0" * 40,
        b"MZ" + b"\0" * 100,
        b"RIFF\x04\0\0\0WAVE",
        picture("BMP"),
        picture("TIFF"),
        picture("ICO"),
        picture("PPM"),
    ],
)
def test_what_is_no_picture_of_ours_is_refused(data):
    with pytest.raises(NoPicture):
        drawn(data)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("more", [HTML, b"PK\x05\x06" + b"\0" * 18, b"<?php ?>"])
def test_a_second_file_behind_a_picture_is_refused(kind, more):
    with pytest.raises(NoPicture):
        drawn(picture(kind) + more + b"!")


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_before_a_picture_is_refused(kind):
    with pytest.raises(NoPicture):
        kind_of(HTML + picture(kind))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_half_a_picture_is_refused(kind, part):
    data = picture(kind, size=(600, 400))
    with pytest.raises(NoPicture):
        drawn(data[: int(len(data) * part)])


def test_a_photograph_whose_end_was_mended_is_drawn_as_far_as_it_goes():
    data = picture("JPEG", size=(600, 400))
    squares = drawn(data[: len(data) // 2] + b"\xff\xd9")
    assert opened(squares[LARGE]).size == (LARGE, LARGE)


@pytest.mark.parametrize(
    "size", [(60_000, 60_000), (2**31 - 1, 1), (10_000, 4_001), (2**31 - 1, 2**31 - 1)]
)
def test_a_few_bytes_that_unfold_to_gigabytes_are_refused(size):
    with pytest.raises(NoPicture):
        drawn(png(*size))


def test_too_many_pixels_are_called_so(settings):
    settings.PICTURE_MAX_PIXELS = 100
    with pytest.raises(TooManyPixels):
        drawn(picture(size=(11, 10)))
    assert drawn(picture(size=(10, 10)))


def test_words_that_unfold_to_gigabytes_are_refused():
    words = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"a" * 80_000_000))
    with pytest.raises(NoPicture):
        drawn(png(1, 1, b"\0\1\2\3", words))


@given(data=st.binary(max_size=400))
@example(data=b"\x89PNG\r\n\x1a\nIEND\xaeB`\x82")
@example(data=b"\xff\xd8\xff\xff\xd9")
@example(data=b"GIF89a;")
@example(data=b"RIFF\x04\0\0\0WEBP")
def test_any_bytes_are_refused_in_one_way(data):
    with pytest.raises(NoPicture):
        drawn(data)


@pytest.mark.parametrize("kind", KINDS)
@given(place=st.floats(0, 0.999), values=st.binary(min_size=1, max_size=8))
def test_a_picture_with_broken_bytes_is_drawn_or_refused(kind, place, values):
    data = bytearray(picture(kind, size=(40, 30)))
    start = int(place * len(data))
    data[start : start + len(values)] = values
    try:
        squares = drawn(bytes(data))
    except NoPicture:
        return
    assert opened(squares[LARGE]).size == (LARGE, LARGE)
