"""Answer headers that Django has no setting for."""

from collections.abc import Callable, MutableMapping
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

PERMISSIONS: Final = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "payment",
        "usb",
    )
)
# One address answers a whole page or a part of it, for one person, in one language.
VARIES_BY: Final = ("HX-Request", "Cookie", "Accept-Language")


class HeadersMiddleware:
    """Keeps private pages out of caches and other sites out of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        headers = response.headers
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", PERMISSIONS)
        # Static files carry their own lifetime; every page is somebody's.
        headers.setdefault("Cache-Control", "private, no-store")
        if headers.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, VARIES_BY)
        return response


def open_to_mail(headers: MutableMapping[str, str], path: str, url: str) -> None:
    """Let the mark in our mails be drawn by whatever page a mail is read on."""
    if "/img/mail-mark." in url:
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
