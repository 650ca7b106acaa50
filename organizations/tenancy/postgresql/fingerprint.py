"""What a test template depends on: migrations, models and the code of the walls."""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.apps import AppConfig, apps
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
    *("GLOBAL_TABLES", "GLOBAL_APPS", "TABLE_RULES", "EXTRA_SQL", "SEAL_KEY"),
    *("DEFINER_READS", "DEFINER_PURGES"),
)


def sources() -> Iterator[Path]:
    """Yield every file a test template is made from."""
    core = Path(__file__).resolve().parent.parent
    yield from (core / name for name in WALL_SOURCES)
    for config in apps.get_app_configs():
        yield from sorted(migrations_of(config).glob("*.py"))
        yield Path(config.path) / "models.py"
    for path in settings.TENANCY["EXTRA_SQL"]:
        module = path.rpartition(".")[0].replace(".", "/")
        yield Path(settings.BASE_DIR) / f"{module}.py"


def migrations_of(config: AppConfig) -> Path:
    """Return where an app's migrations are; a package's may be in the house."""
    moved = settings.MIGRATION_MODULES.get(config.label)
    if moved is None:
        return Path(config.path) / "migrations"
    return Path(settings.BASE_DIR) / moved.replace(".", "/")


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
