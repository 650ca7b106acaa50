"""What settings ask for in development: addresses and secrets, without a server."""

import secrets
from urllib.parse import quote

from config.devdb.paths import PORT, place, write_once

DATABASE = "insula"


def url(role: str, database: str = DATABASE) -> str:
    """Return the address of a database under a role; starts nothing."""
    host = quote(str(place().socket), safe="")
    return f"postgres://{role}@{host}:{PORT}/{database}"


def secret(name: str) -> str:
    """Return a secret of this checkout, made up on first use."""
    here = place()
    here.prepare()
    return write_once(here.base / f"secret-{name}", secrets.token_urlsafe(48))
