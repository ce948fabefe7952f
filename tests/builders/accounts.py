"""Other accounts of the machine: numbers that belong to nobody, in a folder that all may enter."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.builders.campaigns import FOUNDED
from tests.faults.program import ROOT, Program
from workflow import clock

LI, WANG = 48_101, 48_102
"""Two accounts, each in a group of its own number."""
TOGETHER = 48_200
"""A group."""


def account_of(uid: int) -> str:
    """What the history calls it."""
    return f"uid {uid}"


def program_of(
    nursery: "subprocess.Popen[str]", folder: Path, file: Path, uid: int | None = None, groups: tuple[int, ...] = ()
) -> Program:
    """``anli`` on a rehearsal's SQLite file on the day of its founding, run by an account; None: by this one."""
    program = Program(nursery, folder, ["--db", f"sqlite:///{file}", "--now", clock.write(FOUNDED)])
    program.account = None if uid is None else (uid, list(groups), 0o022)
    return program


@contextmanager
def open_house() -> Iterator[Path]:
    """A folder that every account may enter; skips where this account cannot become another that reads the program."""
    if sys.platform == "win32" or os.geteuid() != 0:
        pytest.skip("only root may become another account")
    reached = subprocess.run(
        ["ls", ROOT / "cli.py"], user=LI, group=LI, extra_groups=[], capture_output=True, check=False
    )
    if reached.returncode != 0:
        pytest.skip("other accounts cannot read the program here")
    with tempfile.TemporaryDirectory(prefix="anli-house-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
