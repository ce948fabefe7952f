"""Folders for copies that nobody else may read: gone when their maker is done, or swept once it was killed."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "anli-scratch-"


class Scratch:
    """A folder (0700) that is locked as long as its maker lives."""

    def __init__(self) -> None:
        """Sweep what the killed have left, and make one."""
        sweep()
        self.folder, self._lock = _make()

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


@contextmanager
def scratch_folder() -> Iterator[Path]:
    scratch = Scratch()
    try:
        yield scratch.folder
    finally:
        scratch.remove()


def sweep() -> None:
    """Remove the folders of this account whose makers no longer live."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        lock = _take(folder)
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _make() -> tuple[Path, int | None]:
    """A new folder and its lock; another, where a sweeper was quicker than the lock."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        if sys.platform == "win32":
            return folder, None
        lock = _take(folder)
        if lock is not None and folder.is_dir():
            return folder, lock


def _take(folder: Path) -> int | None:
    """The lock on a folder of this account's own; None where somebody holds it, or the system knows no such locks."""
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        if os.fstat(handle).st_uid == os.geteuid():
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return handle
    except OSError:
        pass
    os.close(handle)
    return None
