"""Pictures of the stories, drawn while they are told."""

from collections.abc import Iterable
from typing import Any, Final

from PIL import Image, ImageDraw

from config.seeds.drafts import Sketch
from organizations.gallery.drawing import drawing_of
from organizations.gallery.flows import upload_image

# Drawn twice as large as it is kept, because that smooths the edges.
SCALE: Final = 12
ROUND: Final = 1.5 * SCALE


def add_pictures(sketches: Iterable[Sketch], *, by: Any) -> None:
    """Upload sketches to the organization this runs in."""
    for sketch in sketches:
        drawing = drawing_of(painted(sketch))
        upload_image(drawing=drawing, name=sketch.name, alt=sketch.alt, by=by)


def painted(sketch: Sketch) -> Image.Image:
    """Return a sketch as a picture."""
    canvas = Image.new("RGB", (100 * SCALE, sketch.height * SCALE), sketch.ground)
    pen = ImageDraw.Draw(canvas)
    for kind, colour, numbers in sketch.shapes:
        points = [number * SCALE for number in numbers]
        if kind == "bar":
            pen.rounded_rectangle(points, ROUND, fill=colour)
        else:
            getattr(pen, kind)(points, fill=colour)
    return canvas.reduce(2)
