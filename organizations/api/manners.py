"""What is refused before an endpoint sees it: parameters and bodies it does not know."""

from functools import lru_cache
from typing import Any, Final

from django.http import HttpRequest
from ninja.operation import Operation, PathView

from organizations.api.problems import Problem

JSON: Final = "application/json"
FORM: Final = "multipart/form-data"
# Where a parameter of an endpoint comes from: what its body has to be.
KINDS: Final = {"body": JSON, "form": FORM, "file": FORM}


@lru_cache(maxsize=1024)
def path_view_of(view: Any) -> PathView | None:
    """Return what the library answers an address with; None for views of ours."""
    for cell in getattr(view, "__closure__", None) or ():
        if isinstance(cell.cell_contents, PathView):
            return cell.cell_contents
    return None


def operation_of(view: Any, method: str) -> Operation | None:
    """Return the endpoint behind a view for a method."""
    behind = path_view_of(view)
    operations = behind.operations if behind is not None else []
    return next((one for one in operations if method in one.methods), None)


@lru_cache(maxsize=1024)
def known_parameters(operation: Operation) -> frozenset[str]:
    """Return the names that an endpoint's query may have."""
    models = [one for one in operation.models if source_of(one) == "query"]
    return frozenset(name for one in models for name in one.__ninja_flatten_map__)


@lru_cache(maxsize=1024)
def kind_of_body(operation: Operation) -> str:
    """Return the media type that an endpoint reads; "" where it reads none."""
    kinds = [
        KINDS[source_of(one)] for one in operation.models if source_of(one) in KINDS
    ]
    # A file comes in a form, whatever else is asked for.
    return FORM if FORM in kinds else next(iter(kinds), "")


def source_of(model: Any) -> str:
    return str(getattr(model, "__ninja_param_source__", ""))


def refuse_strange(request: HttpRequest, operation: Operation) -> None:
    """Raise a Problem for what an endpoint would overlook or misread.

    A misspelt filter that is overlooked answers with rows that nobody asked for.
    """
    unknown = [name for name in request.GET if name not in known_parameters(operation)]
    if unknown:
        words = "There is no such parameter."
        errors = [{"where": f"query.{name}", "detail": words} for name in unknown]
        raise Problem("invalid", errors=errors)
    wanted = kind_of_body(operation)
    if wanted and request.content_type != wanted and has_body(request):
        words = f"Send the body as {wanted}."
        raise Problem("unsupported_media_type", words)


def has_body(request: HttpRequest) -> bool:
    """Return whether a request brings a body at all; what it needs is said elsewhere."""
    return request.headers.get("Content-Length", "0") not in ("", "0")
