"""What integrators keep with an organization: one JSON object that the column takes."""

import json
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST_CHARACTERS: Final = 8_000
MOST_LEVELS: Final = 20


def metadata_from(text: str) -> dict[str, Any]:
    """Return the object a text stands for; a sentence where it stands for none."""
    try:
        found = json.loads(
            text or "{}", object_pairs_hook=distinct, parse_constant=no_number
        )
    except json.JSONDecodeError as error:
        raise ValidationError(
            _("Line %(line)d, column %(column)d: that is no JSON."),
            params={"line": error.lineno, "column": error.colno},
        ) from error
    except (RecursionError, ValueError) as error:
        raise ValidationError(
            _("A number is too long, or objects are too deep within each other.")
        ) from error
    if not isinstance(found, dict):
        raise ValidationError(
            _("Begin with { and end with }: it is one object of names and values.")
        )
    check(found, MOST_LEVELS)
    return found


def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object whose names are told apart."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValidationError(
                _("“%(name)s” stands twice in one object."),
                params={"name": name[:100]},
            )
        found[name] = value
    return found


def no_number(word: str) -> None:
    raise ValidationError(_("%(word)s is no number in JSON."), params={"word": word})


def check(value: Any, levels: int) -> None:
    """Refuse what the database's JSON cannot hold, and what nobody could read."""
    if not levels:
        raise ValidationError(
            _("More than %(most)d objects or lists within each other."),
            params={"most": MOST_LEVELS},
        )
    if isinstance(value, dict):
        for name, inner in value.items():
            check(name, levels - 1)
            check(inner, levels - 1)
    elif isinstance(value, list):
        for inner in value:
            check(inner, levels - 1)
    elif isinstance(value, float) and value in (float("inf"), float("-inf")):
        raise ValidationError(_("A number is too large."))
    elif isinstance(value, str) and ("\0" in value or not is_text(value)):
        raise ValidationError(
            _("“\\u0000” and halves of a letter such as “\\ud800” cannot be kept.")
        )


def is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def written(metadata: dict[str, Any]) -> str:
    """Return the object as a person edits it; nothing where there is nothing."""
    if not metadata:
        return ""
    return json.dumps(metadata, ensure_ascii=False, indent=2)
