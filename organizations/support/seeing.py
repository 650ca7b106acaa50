"""Which answers are pages that somebody who looks on has seen, and what they are called."""

import hashlib
import html
import re
from typing import Any, Final

from accounts.impersonation.sessions import SEEN_KEY
from organizations.support.visiting import note

TITLE: Final = re.compile(rb"<title>(.*?)</title>", re.DOTALL)
# A page names itself, its organization and us.
BETWEEN: Final = " · "
TITLE_LENGTH: Final = 120
# A title stands at the beginning.
LOOKED_THROUGH: Final = 4_000
KEY_LENGTH: Final = 12


def note_page(request: Any, response: Any) -> None:
    """Note a page once for each address and object, however often it is looked at."""
    if not is_page(request, response):
        return
    match = request.resolver_match
    whole = f"{match.view_name} {sorted(match.kwargs.items())}"
    key = hashlib.sha256(whole.encode()).hexdigest()[:KEY_LENGTH]
    seen = request.session.get(SEEN_KEY, [])
    if key in seen:
        return
    note(request.impersonation, path=request.path, title=title_of(response))
    request.session[SEEN_KEY] = [*seen, key]


def is_page(request: Any, response: Any) -> bool:
    """Whether an answer showed somebody something: a page, a file, a part with an object.

    Parts without one belong to a page that is noted already, and so do pictures.
    """
    match = request.resolver_match
    if request.method != "GET" or response.status_code != 200 or match is None:
        return False
    if "attachment" in response.headers.get("Content-Disposition", ""):
        return True
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return False
    return bool(match.kwargs) or not request.htmx


def title_of(response: Any) -> str:
    """Return what a page calls itself; nothing for a file or a part."""
    if response.streaming:
        return ""
    found = TITLE.search(response.content[:LOOKED_THROUGH])
    text = html.unescape(found.group(1).decode()) if found else ""
    return " ".join(text.split()).partition(BETWEEN)[0][:TITLE_LENGTH]
