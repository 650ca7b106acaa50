"""What an organization prefers until its people say otherwise: the declared schema."""

from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Theme

# Key: what it is until somebody chooses. A key within another one is joined by a dot.
DEFAULTS: Final[dict[str, Any]] = {
    "theme": Theme.SYSTEM.value,
    "language": "en",
    "notifications.email": True,
    "notifications.push": False,
}


def allowed(key: str) -> list[Any]:
    """Return the values a preference may have."""
    if key == "theme":
        return list(Theme.values)
    if key == "language":
        return [code for code, _name in settings.LANGUAGES]
    return [True, False]


def default_preferences() -> dict[str, Any]:
    """Return what a new organization prefers."""
    return nested(DEFAULTS)


def nested(flat: dict[str, Any]) -> dict[str, Any]:
    """Return dotted keys as objects within objects, as the column keeps them."""
    found: dict[str, Any] = {}
    for key, value in flat.items():
        *outer, last = key.split(".")
        place = found
        for name in outer:
            place = place.setdefault(name, {})
        place[last] = value
    return found


def flattened(values: Any, before: str = "") -> dict[str, Any]:
    """Return objects within objects as dotted keys."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict) and value:
            found |= flattened(value, f"{before}{name}.")
        else:
            found[before + name] = value
    return found


def preferred(values: dict[str, Any], key: str) -> Any:
    """Return a preference from the column's value; unset ones are the default."""
    return flattened(values).get(key, DEFAULTS[key])


def valid_preferences(values: Any) -> None:
    """Refuse unknown keys and values that the schema does not have."""
    if not isinstance(values, dict):
        raise ValidationError(_("Preferences are an object of names and values."))
    flat = flattened(values)
    for key, value in flat.items():
        if key not in DEFAULTS:
            raise ValidationError(
                _("“%(key)s” is no preference."), params={"key": key[:100]}
            )
        # True equals 1 for Python, and not for whoever reads the column.
        fitting = [one for one in allowed(key) if type(one) is type(value)]
        if value not in fitting:
            raise ValidationError(_("“%(key)s” cannot be that."), params={"key": key})
    if nested(flat) != values:
        raise ValidationError(_("A dot stands for an object within an object."))
