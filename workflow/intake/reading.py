"""The process that reads mails: it knows neither the campaign nor its database, and ends with who started it."""

import gc
import os
import signal
import stat
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from states.reasons import Reason
from workflow.intake import limits, submission
from workflow.intake.converter import Converter, find_converter
from workflow.intake.excess import BeyondBudget
from workflow.intake.original import Original
from workflow.intake.submission import Submission, unread

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_GRACE = 2
_STANDARD_ERROR = 2
_FIRST_TO_GO = "1000"
"""Where the machine runs out of memory, it is to end this process rather than the one that keeps the record."""


class Task(NamedTuple):
    """How a mail is to be read, beside its bytes; see ``read_submission``."""

    names: Mapping[int, str]
    headings: tuple[str, ...]
    zone: tzinfo
    arrived_at: datetime | None = None
    withheld: tuple[Reason, ...] = ()


class Answer(NamedTuple):
    """What was read, its originals without their bytes, which follow each by itself; or what the reading ended in.

    numbers: for each original, which of the ``pieces`` that follow is its own.
    """

    read: Submission | BeyondBudget | OSError
    numbers: tuple[int, ...] = ()
    pieces: int = 0

    def take(self, receive: Callable[[], bytes]) -> Submission:
        """The submission, whole again; raises what the reading ended in."""
        if isinstance(self.read, Exception):
            raise self.read
        pieces = [receive() for _ in range(self.pieces)]
        originals = zip(self.read.originals, self.numbers, strict=True)
        return replace(self.read, originals=tuple(replace(kept, data=pieces[number]) for kept, number in originals))


def read_all(connection: "Connection") -> None:
    """Read what comes, until nothing more does."""
    import multiprocessing

    gc.freeze()
    parent = multiprocessing.parent_process()
    alive = parent.sentinel if parent is not None else -1
    _let_go({connection.fileno(), alive})
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    threading.Thread(target=_end_with, args=(alive,), daemon=True).start()
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO)
    with suppress(EOFError, ConnectionError):
        while True:
            task: Task = connection.recv()
            _answer(connection, task, connection.recv_bytes())


def _answer(connection: "Connection", task: Task, raw: bytes) -> None:
    read = _read(task, raw)
    if isinstance(read, Exception):
        connection.send(Answer(read))
        return
    pieces = list({original.sha256: original.data for original in read.originals}.items())
    places = {digest: place for place, (digest, _) in enumerate(pieces)}
    bare = replace(read, originals=tuple(map(_without_data, read.originals)))
    connection.send(Answer(bare, tuple(places[original.sha256] for original in read.originals), len(pieces)))
    for _, data in pieces:
        connection.send_bytes(data)


def _without_data(original: Original) -> Original:
    return replace(original, data=b"")


def _read(task: Task, raw: bytes) -> Submission | BeyondBudget | OSError:
    """What nobody foresaw in a mail is a reason; what is wrong with the system is no fault of the mail."""
    budget = limits.budget_of(len(raw))
    program = find_converter()
    converter = Converter(program) if program is not None else None
    _bound(budget)
    try:
        return submission.read_submission(
            raw, task.names, task.headings, task.arrived_at, task.zone, task.withheld, converter
        )
    except MemoryError:
        return BeyondBudget("memory", budget.memory_bytes // limits.MEBIBYTE)
    except (BeyondBudget, OSError) as error:
        return error
    except Exception as error:  # noqa: BLE001 - one mail, crafted or unlucky, must not stop those after it
        return unread(raw, (Reason("mail-not-handled", "六.5", {"problem": type(error).__name__}),))


def _bound(budget: limits.Budget) -> None:
    """Bound what is taken from now on; the system ends the process that takes more time, and gives no more memory."""
    try:
        import resource
    except ImportError:  # Windows has none; who waits for the answer bounds the time there
        return
    used = int(time.process_time()) + 1
    _set_limit(resource.RLIMIT_CPU, used + budget.seconds)
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        _set_limit(resource.RLIMIT_AS, pages * resource.getpagesize() + budget.memory_bytes)


def _set_limit(kind: int, wished: int) -> None:
    import resource

    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (wished if hard == resource.RLIM_INFINITY else min(wished, hard), hard))


def _let_go(kept: set[int]) -> None:
    """Close the files and connections that a copied process was given: a database's, the locks of folders.

    Pipes stay: by them the two processes learn of each other's end.
    """
    with suppress(OSError):
        for handle in [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]:
            with suppress(OSError):
                if handle > _STANDARD_ERROR and handle not in kept and not stat.S_ISFIFO(os.fstat(handle).st_mode):
                    os.close(handle)


def _end_with(parent: int) -> None:
    """End this process, and what it started, when the one that started it is gone."""
    from multiprocessing.connection import wait

    wait([parent])
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE)
    os._exit(1)
