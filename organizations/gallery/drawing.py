"""An upload drawn anew in the two sizes that are kept: nothing of the file remains."""

from typing import Final, NamedTuple

from PIL.Image import Image, Resampling

from accounts.pictures import as_webp, upright

# The longest side of each.
FULL: Final = 2560
THUMBNAIL: Final = 480


class Drawing(NamedTuple):
    """A picture as WebP, its thumbnail, and how large the picture is."""

    full: bytes
    thumbnail: bytes
    width: int
    height: int

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return len(self.full) + len(self.thumbnail)


def drawn(data: bytes) -> Drawing:
    """Return an upload drawn anew; NoPicture or TooManyPixels when it cannot be."""
    return drawing_of(upright(data, FULL))


def drawing_of(picture: Image) -> Drawing:
    """Return a picture in the sizes that are kept."""
    full = fitted(picture, FULL)
    thumbnail = fitted(full.copy(), THUMBNAIL)
    return Drawing(as_webp(full), as_webp(thumbnail), full.width, full.height)


def fitted(picture: Image, side: int) -> Image:
    """Return a picture made to fit a square; a smaller one stays as it is."""
    picture.thumbnail((side, side), Resampling.LANCZOS)
    return picture
