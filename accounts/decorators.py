"""The declaration of accounts' own views, read by the route list and the matrix."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required


def own_account(view: Callable[..., Any]) -> Callable[..., Any]:
    """Allow a view to any signed-in person, who sees only their own account in it."""
    checked: Any = login_required(view)
    checked.access = checked.post_access = "signed in"
    # What is the person's own stays so while staff look on in their place.
    checked.kept_from_staff = True
    return checked
