"""Running a program of the machine on bytes from outside: in a session of its own, bounded, and ended as a whole."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple

SHELL = "/bin/sh"
_BOUNDED = 'ulimit -t {seconds} && ulimit -v {memory} && ulimit -f {blocks} && exec "$@"'
_BLOCK_BYTES = 512
_PRINTED_BYTES = 4 * 1024 * 1024
_SEARCHED = ("PATH", "LD_LIBRARY_PATH")
_WITHOUT_NETWORK = ("unshare", "--map-root-user", "--net")


class Bounds(NamedTuple):
    """seconds: of the clock, and of each processor. memory_kib: of addresses. file_bytes: of any file it writes."""

    seconds: int
    memory_kib: int
    file_bytes: int


class Ended(NamedTuple):
    """A program's exit status, and the beginning of what it printed."""

    status: int
    printed: str


class OutOfBounds(Exception):
    """The program took longer than it may."""


def run_bounded(words: Sequence[str], bounds: Bounds, folder: Path, environment: Mapping[str, str]) -> Ended:
    """Run a program in a folder, without a network where the system can; raises OutOfBounds, OSError.

    Whatever it started is ended with it. Of this process's environment it inherits where programs are found.
    """
    inherited = {name: os.environ[name] for name in _SEARCHED if name in os.environ}
    limits = _BOUNDED.format(
        seconds=bounds.seconds, memory=bounds.memory_kib, blocks=bounds.file_bytes // _BLOCK_BYTES + 1
    )
    with TemporaryFile(dir=folder) as printed:
        with subprocess.Popen(  # noqa: S603 - a program the machine's owner installed or named, and words of our own
            [SHELL, "-c", limits, "sh", *_alone(), *words],
            stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.STDOUT,
            cwd=folder, env={**inherited, **environment}, start_new_session=True,
        ) as process:  # fmt: skip
            try:
                status = process.wait(timeout=bounds.seconds)
            except subprocess.TimeoutExpired as error:
                raise OutOfBounds from error
            finally:
                _end_group(process.pid)
        printed.seek(0)
        return Ended(status, printed.read(_PRINTED_BYTES).decode("utf-8", "replace"))


@cache
def _alone() -> tuple[str, ...]:
    """The words before a command that give it no network, none where the system does not let this account do so."""
    program = shutil.which(_WITHOUT_NETWORK[0])
    if program is None:
        return ()
    words = (program, *_WITHOUT_NETWORK[1:])
    try:
        tried = subprocess.run([*words, "true"], capture_output=True, check=False, timeout=10)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return words if tried.returncode == 0 else ()


def _end_group(group: int) -> None:
    """End whatever the program started and did not wait for."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
