"""Folders for copies that nobody else may read: gone when their maker is done, or swept once it was killed."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workflow.store import folder_lock
from workflow.store.folder_lock import FolderLock

PREFIX = "anli-scratch-"


class Scratch:
    """A folder (0700) that is locked as long as its maker lives; beside it what the killed have left is swept.

    within, prefix: where it lies and how its name begins; the system's temporary folder unless said otherwise.
    """

    def __init__(self, within: Path | None = None, prefix: str = PREFIX) -> None:
        sweep(within, prefix)
        self.folder, self._lock = _make(within, prefix)

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self._let_go()

    def become(self, folder: Path) -> None:
        """Give what was made its lasting name. Raises OSError where something else has it."""
        self.folder.rename(folder)
        self._let_go()

    def _let_go(self) -> None:
        if self._lock is not None:
            self._lock.let_go()


@contextmanager
def scratch_folder() -> Iterator[Path]:
    scratch = Scratch()
    try:
        yield scratch.folder
    finally:
        scratch.remove()


def sweep(within: Path | None = None, prefix: str = PREFIX) -> None:
    """Remove the folders of this account whose makers no longer live."""
    if sys.platform == "win32":
        return
    for folder in (within or Path(tempfile.gettempdir())).glob(f"{prefix}*"):
        lock = folder_lock.take(folder)
        if lock is not None:
            if lock.owner == os.geteuid():
                shutil.rmtree(folder, ignore_errors=True)
            lock.let_go()


def _make(within: Path | None, prefix: str) -> tuple[Path, FolderLock | None]:
    """A new folder and its lock; another, where a sweeper was quicker than the lock."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=within))
        if sys.platform == "win32":
            return folder, None
        lock = folder_lock.take(folder)
        if lock is not None and folder.is_dir():
            return folder, lock
