"""Bodies are checked by the forms of the pages that do the same: one set of rules."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS

from organizations.api.problems import Problem


def checked(form: Any, place: str = "body") -> dict[str, Any]:
    """Return what a form makes of a body; Problem with whatever it finds wrong."""
    form.is_valid()
    refuse_errors(form, place)
    values: dict[str, Any] = form.cleaned_data
    return values


def only(form: Any, names: Any) -> Any:
    """Return a form that asks for nothing but what a body brings."""
    form.fields = {name: form.fields[name] for name in form.fields if name in names}
    return form


def refuse_errors(form: Any, place: str = "body") -> None:
    """Raise a Problem for what is wrong with a form, said of each field."""
    errors = [
        {"where": where(place, name), "detail": str(words)}
        for name, problems in form.errors.items()
        for words in problems
    ]
    if errors:
        raise Problem("invalid", errors=errors)


def wrong(name: str, words: Any, place: str = "body") -> Problem:
    """Return the Problem of one value at fault."""
    errors = [{"where": where(place, name), "detail": str(words)}]
    return Problem("invalid", errors=errors)


def where(place: str, name: str) -> str:
    return place if name == NON_FIELD_ERRORS else f"{place}.{name}"
