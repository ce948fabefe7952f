"""Small disks that fill up, where this account may mount one."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(size: str, owner: int | None = None) -> Iterator[Path]:
    """An empty disk of that size (as mount writes it), gone afterwards; skips where nothing may be mounted."""
    with tempfile.TemporaryDirectory(prefix="anli-disk-") as folder:
        Path(folder).chmod(0o755)
        disk = Path(folder) / "disk"
        disk.mkdir()
        words = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", str(disk)]
        if os.name != "posix" or subprocess.run(words, capture_output=True, check=False).returncode != 0:
            pytest.skip("nothing may be mounted here")
        if owner is not None:
            os.chown(disk, owner, owner)
        try:
            yield disk
        finally:
            subprocess.run(["umount", "-l", disk], check=True)


def fill(disk: Path, leave: int) -> None:
    """Leave no more than so many bytes of it free."""
    ballast = disk / "ballast"
    ballast.unlink(missing_ok=True)
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    with ballast.open("wb") as file:
        file.write(bytes(max(free - leave, 0)))
