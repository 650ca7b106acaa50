"""A POST that names an Idempotency-Key happens once, however often it is sent.

The name is taken in the transaction of the change. Somebody who sends the same at the
same time waits for the first; what is refused changes nothing and takes no name.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError

from organizations.api.models import KeptAnswer
from organizations.api.problems import Problem, answered

HEADER: Final = "Idempotency-Key"
LONGEST: Final = 255
KEPT_HEADERS: Final = ("Content-Type", "ETag", "Location")


def once(
    request: Any, get_response: Callable[[HttpRequest], HttpResponse]
) -> HttpResponse:
    """Answer a request; a POST that was answered before gets the answer it got."""
    name = request.headers.get(HEADER, "")
    if request.method != "POST" or not name:
        return get_response(request)
    if len(name) > LONGEST or not name.isprintable():
        words = f"An Idempotency-Key has at most {LONGEST} printable characters."
        return answered(request, Problem("malformed", words))
    with transaction.atomic():
        kept, new = taken(request, name)
        if not new:
            return answer_of(request, kept)
        response = get_response(request)
        if response.status_code >= 400:
            transaction.set_rollback(True)
        else:
            keep(kept, response)
    return response


def taken(request: Any, name: str) -> tuple[KeptAnswer, bool]:
    """Return the row of a name, and whether this request is the first with it."""
    row = KeptAnswer(key=request.api_key, name=name, fingerprint=fingerprint(request))
    KeptAnswer.objects.bulk_create([row], ignore_conflicts=True)
    found = KeptAnswer.objects.get(key=request.api_key, name=name)
    return found, found.pk == row.pk


def fingerprint(request: HttpRequest) -> str:
    """Return what tells one request from another that has the same name."""
    text = f"{request.get_full_path()}\n{request.content_type}\n".encode()
    found = hashlib.sha256(text)
    for piece in pieces(request):
        found.update(piece)
    return found.hexdigest()


def pieces(request: HttpRequest) -> Iterator[bytes]:
    """Yield a body; of a form with files what is in it, as its boundary is another
    each time and the whole may be too much to hold."""
    if request.content_type != "multipart/form-data":
        yield request.body
        return
    # What cannot be read is refused by the endpoint.
    with suppress(MultiPartParserError):
        yield repr(sorted(request.POST.lists())).encode()
        for field, files in sorted(request.FILES.lists()):
            for file in files:
                yield f"{field} {file.name} {file.size}\n".encode()
                yield from file.chunks()
                file.seek(0)


def answer_of(request: Any, kept: KeptAnswer) -> HttpResponse:
    """Return the answer that was kept; a problem where the request is another."""
    if kept.fingerprint != fingerprint(request):
        return answered(request, Problem("idempotency_key_reused"))
    response = HttpResponse(kept.body, status=kept.status)
    for header, value in kept.headers.items():
        response.headers[header] = value
    response.headers["Idempotency-Replayed"] = "true"
    return response


def keep(kept: KeptAnswer, response: HttpResponse) -> None:
    """Write down what was answered."""
    kept.status, kept.body = response.status_code, response.content.decode()
    found = {name: response.headers.get(name) for name in KEPT_HEADERS}
    kept.headers = {name: value for name, value in found.items() if value}
    kept.save(update_fields=["status", "body", "headers"])
