"""What is printed of a restored backup."""

from collections.abc import Iterator

from config.backups.restoring import Restored


def table(restored: Restored) -> Iterator[str]:
    """Yield a line for each table that holds something or differs, and the sum."""
    yield f"{'table':<44} {'backed up':>9} {'restored':>9}"
    for one in restored.tables:
        if not one.is_equal or (one.wanted and one.wanted.rows):
            yield str(one)
    rows = sum(one.found.rows for one in restored.tables if one.found)
    equal = sum(one.is_equal for one in restored.tables)
    yield f"{equal} of {len(restored.tables)} tables are equal, {rows} rows in all."
    yield from restored.holes
    if restored.pending:
        count = len(restored.pending)
        yield f"{count} migrations came later: run migrate, then check_isolation."
    elif not restored.holes:
        yield "The isolation proof finds nothing open."
