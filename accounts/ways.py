"""Where somebody goes on to: a page of ours, whatever a link or a form says."""

from django.utils.http import url_has_allowed_host_and_scheme


def page_of_ours(address: str, otherwise: str = "/") -> str:
    """Return the address if it is a path on this server."""
    is_ours = address.startswith("/") and url_has_allowed_host_and_scheme(address, None)
    return address if is_ours else otherwise
