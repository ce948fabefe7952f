"""A process that has read the program once, and forks a child for every command that a test wants run and killed.

Each line of standard input is a JSON object of words (of the command line), folder (to work in), settings (for its
environment), output (a file), busy (seconds to wait for a lock) and fatal (the step at which the child kills itself
with SIGKILL; 0 for never; -1 to count its steps into the file's ``.steps``; or, where ``gently``, interrupts itself as
Ctrl-C does), and account, where it is to be another:
its number, the groups it is in, and the rights its new files lack; the answer is the child's process id. It may also
have environment (all of it, instead of what settings add), heard (the file that is its standard input) and known_as
(the account and the machine that it takes itself for).
A line ``{"wait": PID}`` waits for it and answers with its wait status.

A step is the beginning or the end of a statement, each row of a statement with many rows, and each side of a commit.
"""

import json
import multiprocessing.connection
import multiprocessing.popen_fork
import multiprocessing.reduction
import multiprocessing.util  # noqa: F401
import os
import platform
import pwd
import resource  # noqa: F401
import signal
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import psycopg  # noqa: F401
from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

import workflow.engine.apply
import workflow.engine.undo
import workflow.intake.take
import workflow.post.dispatch
import workflow.screens.batch
import workflow.screens.cases
import workflow.screens.letters
import workflow.screens.tables  # noqa: F401
from workflow.store import database

ROOT = Path(__file__).parents[2]


class Steps:
    """Counts what the child does to its database, and kills it at the fatal step."""

    def __init__(self, fatal: int, gently: bool) -> None:
        self.fatal, self.taken = fatal, 0
        self.end = signal.SIGINT if gently else signal.SIGKILL

    def take(self, *_: Any) -> None:
        self.taken += 1
        if self.taken == self.fatal:
            os.kill(os.getpid(), self.end)

    def begin(
        self, _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool
    ) -> tuple[str, Any]:
        self.take()
        return statement, Rows(parameters, self) if many else parameters

    def watch(self) -> None:
        event.listen(Engine, "before_cursor_execute", self.begin, retval=True)
        event.listen(Engine, "after_cursor_execute", self.take)
        event.listen(Engine, "commit", self.take)
        event.listen(Pool, "checkin", self.take)


class Rows(list[Any]):
    """The rows of one statement; each is a step as the driver takes it."""

    def __init__(self, rows: Iterable[Any], steps: Steps) -> None:
        super().__init__(rows)
        self._steps = steps

    def __iter__(self) -> Iterator[Any]:
        for row in super().__iter__():
            self._steps.take()
            yield row


NEEDED = ("alembic.command", "alembic.config", "rich.table", "rich.progress", "openpyxl", "PIL.Image", "lxml.etree")
PACKAGES = (
    "encodings",
    "email",
    "xml",
    "html",
    "http",
    "urllib",
    "json",
    "importlib",
    "logging",
    "concurrent",
    "collections",
)
UNHEARD_OF = {"antigravity", "this", "idlelib", "lib2to3", "tkinter", "turtle", "turtledemo", "test"}


def read_everything() -> None:
    """Import all that a command may need: what Python itself lies in may be closed to other accounts."""
    for package in ("workflow", "notifications", "states"):
        for module in walk_packages([str(ROOT / package)], f"{package}."):
            if ".migrations." not in module.name:
                import_module(module.name)
    for name in NEEDED:
        import_module(name)
    for name in sys.stdlib_module_names - UNHEARD_OF:
        with suppress(Exception):
            import_module(name)
    for package in PACKAGES:
        for module in walk_packages(import_module(package).__path__, f"{package}."):
            with suppress(Exception):
                import_module(module.name)


def become(uid: int, groups: list[int], mask: int) -> None:
    os.setgroups(groups)
    os.setgid(uid)
    os.setuid(uid)
    os.umask(mask)


def be_known_as(account: str, machine: str) -> None:
    pwd.getpwuid = lambda uid: pwd.struct_passwd((account, "x", uid, uid, "", "/", "/bin/sh"))
    platform.node = lambda: machine


def live(
    *,
    words: list[str],
    folder: str,
    settings: dict[str, str],
    output: str,
    fatal: int,
    busy: int,
    account: list[Any] | None,
    gently: bool = False,
    environment: dict[str, str] | None = None,
    heard: str = os.devnull,
    known_as: list[str] | None = None,
) -> None:
    """Be the command, and never return."""
    os.chdir(folder)
    if environment is not None:
        os.environ.clear()
        os.environ.update(environment)
    os.environ.update(settings)
    file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(file, 1)
    os.dup2(os.open(f"{output}.err", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 2)
    os.dup2(os.open(heard, os.O_RDONLY), 0)
    sys.stdin = open(0, encoding=sys.stdin.encoding, errors=sys.stdin.errors, closefd=False)  # noqa: SIM115
    sys.argv = ["anli", *words]
    import cli  # which chooses its language as it is read

    if account:
        become(*account)
    if known_as:
        be_known_as(*known_as)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    steps = Steps(fatal, gently)
    if fatal:
        steps.watch()
    if busy:
        database.BUSY_SECONDS = busy
    status = 0
    try:
        cli.main()
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException:  # noqa: BLE001 - a child that went back to the loop would take its parent for another
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    if fatal < 0:
        Path(f"{output}.steps").write_text(str(steps.taken), encoding="ascii")
    os._exit(status)


def main() -> None:
    read_everything()
    for line in sys.stdin:
        asked = json.loads(line)
        if "wait" in asked:
            answer = os.waitpid(asked["wait"], 0)[1]
        else:
            answer = os.fork()
            if answer == 0:
                live(**asked)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


main()
