"""A lock on a folder that ends with the process that holds it, however that ends; nothing is written for it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FolderLock:
    """Held from ``take`` until ``let_go``; on Windows, which knows no such locks, by nobody."""

    def __init__(self, handle: int) -> None:
        self._handle: int | None = handle

    @property
    def owner(self) -> int:
        """The account whose folder it is."""
        return -1 if self._handle is None else os.fstat(self._handle).st_uid

    def let_go(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def take(folder: Path, wait: bool = False) -> FolderLock | None:
    """The lock on a folder; None where somebody else holds it, or there is no such folder, or no such locks."""
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(handle)
        return None
    return FolderLock(handle)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the lock on a folder, after whoever holds it now."""
    lock = take(folder, wait=True)
    try:
        yield
    finally:
        if lock is not None:
            lock.let_go()
