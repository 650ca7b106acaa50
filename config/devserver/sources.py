"""Notice that Python files changed, for processes that do not reload by themselves."""

import os
from pathlib import Path

SKIPPED = {"node_modules", "static", "staticfiles", "templates", "tests", "__pycache__"}


class Sources:
    """The newest change among a folder's Python files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen = self._stamp()

    def have_changed(self) -> bool:
        stamp = self._stamp()
        changed, self.seen = stamp != self.seen, stamp
        return changed

    def _stamp(self) -> tuple[int, int]:
        newest = count = 0
        for folder, folders, files in os.walk(self.folder):
            folders[:] = [f for f in folders if f not in SKIPPED and f[0] != "."]
            for name in files:
                if name.endswith(".py"):
                    changed = os.stat(os.path.join(folder, name)).st_mtime_ns
                    newest, count = max(newest, changed), count + 1
        return newest, count
