"""Which PostgreSQL has the mended row security, and which has not."""

# The first release of each line without the flaws known in row security.
OLDEST = {15: 150014, 16: 160010, 17: 170006}


def is_too_old(version: int) -> bool:
    """Return whether a server's number (170006 is 17.6) is below the floor."""
    line = version // 10000
    return line < min(OLDEST) or version < OLDEST.get(line, 0)


def readable(version: int) -> str:
    """Return a server's number as people write it."""
    return f"{version // 10000}.{version % 10000}"
