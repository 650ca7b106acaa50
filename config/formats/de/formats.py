"""How dates are written in German; numbers are Django's own German.

Templates write a format in English, such as "j M Y". Django looks each one up here,
as it does DATE_FORMAT, and finds what Germans write instead.
"""

DATE_FORMAT = "j. N Y"
DATETIME_FORMAT = "j. N Y, H:i"
TIME_FORMAT = "H:i"
SHORT_DATE_FORMAT = "j. N Y"
SHORT_DATETIME_FORMAT = "j. N Y, H:i"
# Browsers send and expect days as ISO has them; people type them as they please.
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"]

WRITTEN = {
    "M Y": "N Y",
    "j F": "j. F",
    "j F Y": "j. F Y",
    "j F Y, H:i": "j. F Y, H:i",
    "j F Y, H:i:s e": "j. F Y, H:i:s e",
    "j F, H:i": "j. F, H:i",
    "j M": "j. N",
    "j M H:i": "j. N H:i",
    "j M H:i:s": "j. N H:i:s",
    "j M Y": "j. N Y",
    "j M Y H:i": "j. N Y H:i",
    "j M Y H:i:s": "j. N Y H:i:s",
    "j M Y, H:i": "j. N Y, H:i",
    "j M Y, H:i:s e": "j. N Y, H:i:s e",
    "j M, H:i": "j. N, H:i",
    "j M, H:i e": "j. N, H:i e",
}
globals().update(WRITTEN)
