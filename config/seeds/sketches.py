"""Pictures of Acme's gallery, drawn with a few shapes each."""

from typing import Final

from config.seeds.drafts import Sketch

POLYGON, ELLIPSE, BAR = "polygon", "ellipse", "bar"
SKY, DUSK, PAPER, LINEN = "#cfe3ec", "#2c3350", "#f5f1e8", "#e9dfcd"
BRICK, ASH, STEEL, LEAF, MOSS = "#b4532f", "#d9b483", "#8d99a3", "#7fa35b", "#4f7543"
SOIL, LAMP, NIGHT, SUN = "#6b4a34", "#ffcf70", "#1d2338", "#f2b84b"

SKETCHES: Final = (
    Sketch(
        "Trial beds in April",
        "Four rows of young green on dark soil, below low hills and a pale sun.",
        SKY,
        (
            (ELLIPSE, SUN, (70, 12, 84, 26)),
            (POLYGON, LEAF, (0, 42, 30, 28, 62, 40, 100, 26, 100, 75, 0, 75)),
            (POLYGON, MOSS, (0, 52, 40, 42, 100, 50, 100, 75, 0, 75)),
            (POLYGON, SOIL, (44, 48, 56, 48, 100, 68, 100, 75, 0, 75, 0, 68)),
            *(
                (
                    POLYGON,
                    LEAF,
                    (50 + x, 49, 50.6 + x, 49, 54 + 14 * x, 75, 46 + 14 * x, 75),
                )
                for x in (-3.6, -1.2, 1.2, 3.6)
            ),
        ),
    ),
    Sketch(
        "Hand trowel, ash handle",
        "A trowel with a steel blade and a light wooden handle, lying on linen.",
        LINEN,
        (
            (BAR, ASH, (12, 33, 46, 42)),
            (BAR, BRICK, (9, 33, 15, 42)),
            (BAR, STEEL, (44, 35.5, 60, 39.5)),
            (POLYGON, STEEL, (56, 27, 78, 28, 92, 37.5, 78, 47, 56, 48)),
            (POLYGON, "#aab4bc", (58, 36, 88, 37.5, 58, 39)),
        ),
    ),
    Sketch(
        "Hall 2 at dusk",
        "A long brick hall in the evening, five of its seven windows lit.",
        DUSK,
        (
            (ELLIPSE, "#e8e4d4", (80, 8, 88, 16)),
            (POLYGON, "#8e4327", (8, 34, 50, 18, 92, 34)),
            (POLYGON, BRICK, (8, 34, 92, 34, 92, 64, 8, 64)),
            (POLYGON, NIGHT, (0, 64, 100, 64, 100, 75, 0, 75)),
            *(
                (
                    BAR,
                    LAMP if lit else NIGHT,
                    (13 + 11 * place, 40, 20 + 11 * place, 54),
                )
                for place, lit in enumerate((1, 1, 0, 1, 1, 0, 1))
            ),
        ),
    ),
    Sketch(
        "Watering can, first sample",
        "A green watering can with a round handle and a long spout.",
        PAPER,
        (
            (ELLIPSE, MOSS, (52, 20, 80, 56)),
            (ELLIPSE, PAPER, (57, 26, 75, 50)),
            (POLYGON, MOSS, (40, 50, 12, 26, 16, 22, 44, 40)),
            (POLYGON, SOIL, (8, 28, 18, 18, 20, 21, 11, 31)),
            (BAR, LEAF, (36, 28, 66, 62)),
            (BAR, MOSS, (34, 26, 68, 31)),
        ),
    ),
    Sketch(
        "Garden rake, long handle",
        "A rake standing upright: a long wooden handle and eight steel teeth.",
        "#dfe6d8",
        (
            (BAR, ASH, (47.5, 8, 52.5, 96)),
            (BAR, STEEL, (22, 94, 78, 99)),
            *((BAR, STEEL, (22 + 7.6 * n, 96, 24.6 + 7.6 * n, 112)) for n in range(8)),
        ),
        height=125,
    ),
    Sketch(
        "Seed bags, colour samples",
        "Four paper bags side by side in brick, yellow, green and blue.",
        LINEN,
        tuple(
            shape
            for place, colour in enumerate((BRICK, SUN, LEAF, "#6f93a8"))
            for shape in (
                (BAR, colour, (9 + 21.5 * place, 18, 26 + 21.5 * place, 62)),
                (BAR, PAPER, (12 + 21.5 * place, 34, 23 + 21.5 * place, 46)),
            )
        ),
    ),
)
