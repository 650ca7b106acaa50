"""Who each connection signs in as, and what that role could do."""

from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext as _

from config.doctor.asking import catalog
from config.doctor.finding import Finding
from organizations.tenancy.roles import role_name
from organizations.tenancy.startup import POWERS

ROLE_OF: Final = {
    "default": "app",
    "operator": "operator",
    "owner": "owner",
    "replica": "app",
}
# The owner hands functions to it, and may become it; it cannot sign in.
LENT: Final = {"owner": "definer"}


def connections_are_their_roles() -> Iterator[Finding]:
    """Look at each connection this process has."""
    for alias in ROLE_OF:
        if alias in connections:
            with catalog(alias) as cursor:
                yield from of_connection(alias, cursor)


def of_connection(alias: str, cursor: Any) -> Iterator[Finding]:
    """Yield what is wrong with the role a cursor works as."""
    prefix = settings.TENANCY["ROLE_PREFIX"]
    expected = role_name(prefix, ROLE_OF[alias])
    cursor.execute(POWERS)
    for name, is_self, is_super, bypasses, _owns in cursor.fetchall():
        if is_self and name != expected:
            words = {"alias": alias, "name": name, "expected": expected}
            text = _("The connection %(alias)s works as %(name)s, not as %(expected)s.")
            yield Finding("D101", text % words)
        is_lent = name == role_name(prefix, LENT.get(alias, "-"))
        if is_super or bypasses or not (is_self or is_lent):
            text = _("The role of the connection %(alias)s has the powers of %(name)s.")
            yield Finding("D102", text % {"alias": alias, "name": name})
