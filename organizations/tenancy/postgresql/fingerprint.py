"""What a test template depends on: migrations, models and the code of the walls."""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings

# What of the core writes into a database; the rest may change and keep the template.
WALL_SOURCES = (
    "fields.py",
    "functions.py",
    "models.py",
    "operations.py",
    "policies.py",
    "rules.py",
    "apply.py",
    "postgresql/schema.py",
    "management/commands/migrate.py",
)
# And of its settings.
SETTINGS = (
    *("GLOBAL_TABLES", "TABLE_RULES", "EXTRA_SQL", "SEAL_KEY"),
    *("DEFINER_READS", "DEFINER_PURGES"),
)


def sources() -> Iterator[Path]:
    """Yield every file a test template is made from."""
    core = Path(__file__).resolve().parent.parent
    yield from (core / name for name in WALL_SOURCES)
    for config in apps.get_app_configs():
        yield from sorted(Path(config.path).glob("migrations/*.py"))
        yield Path(config.path) / "models.py"
    for path in settings.TENANCY["EXTRA_SQL"]:
        module = path.rpartition(".")[0].replace(".", "/")
        yield Path(settings.BASE_DIR) / f"{module}.py"


@cache
def schema_fingerprint() -> str:
    """Return a digest that changes whenever a fresh template would differ."""
    digest = hashlib.sha256()
    for path in sources():
        if path.exists():
            digest.update(str(path).encode() + path.read_bytes())
    for name in SETTINGS:
        digest.update(repr(settings.TENANCY[name]).encode())
    return digest.hexdigest()[:16]
