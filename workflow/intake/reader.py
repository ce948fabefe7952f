"""Reading mails in a process of its own that takes no more than a mail's budget and can be ended."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from states.reasons import Reason
from workflow.edition import Edition
from workflow.intake import limits
from workflow.intake.authentication import read_authentication
from workflow.intake.excess import BeyondBudget, head_of
from workflow.intake.found import FoundMail
from workflow.intake.moment import within_reach
from workflow.intake.reading import Answer, Task, read_all
from workflow.intake.submission import Submission, unread

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess, SpawnProcess

_GRACE = 2
"""Seconds in which a process that is told to end has to end the programs that it started."""
_WALL = 3
"""How often a mail may take its seconds where the processor is shared with others."""


class _Worker(NamedTuple):
    process: "ForkProcess | SpawnProcess"
    connection: "Connection"


class Reader:
    """Reads one mail after the other; the process is there from the first one on, and anew after one that ended it."""

    def __init__(self, edition: Edition) -> None:
        names = {number: category.name for number, category in edition.categories.items()}
        self._server = edition.mail.authserv_id
        self._task = Task(names, edition.content_headings, edition.zone)
        self._worker: _Worker | None = None

    def read(self, found: FoundMail) -> Submission:
        """Read a mail as it was found; of one that takes more than its budget, its head alone.

        What nobody foresaw in it is a reason. Raises what the system raises where it has no room or no right.
        """
        if not isinstance(found.raw, bytes):
            return unread(found.raw, found.reasons)
        arrived_at = within_reach(found.received_at) if found.received_at is not None else None
        task = self._task._replace(arrived_at=arrived_at, withheld=found.reasons)
        try:
            submission = self._ask(task, found.raw)
        except BeyondBudget as beyond:
            submission = self._read_head(task, found.raw, beyond.reason)
        return replace(submission, authenticated=read_authentication(found.raw, self._server))

    def _read_head(self, task: Task, raw: bytes, reason: Reason) -> Submission:
        try:
            head = self._ask(task._replace(withheld=(reason,)), head_of(raw))
        except BeyondBudget:
            return unread(raw, (reason,))
        return replace(head, sha256=sha256(raw).hexdigest(), reasons=(reason,))

    def _ask(self, task: Task, raw: bytes) -> Submission:
        """Raises BeyondBudget."""
        worker = self._worker = self._worker or _start()
        budget = limits.budget_of(len(raw))
        try:
            worker.connection.send(task)
            worker.connection.send_bytes(raw)
            if worker.connection.poll(_WALL * budget.seconds + limits.OTHER_PROGRAMS_SECONDS):
                answer: Answer = worker.connection.recv()
                return answer.take(worker.connection.recv_bytes)
        except BeyondBudget:
            raise
        except (EOFError, ConnectionError) as error:
            worker.process.join(_GRACE)
            ended = worker.process.exitcode
            self.end()
            if ended == -getattr(signal, "SIGXCPU", 0):
                raise BeyondBudget("seconds", budget.seconds) from error
            raise BeyondBudget("ended") from error
        except BaseException:
            self.end()
            raise
        self.end()
        raise BeyondBudget("seconds", budget.seconds)

    def end(self) -> None:
        """End the process, and with it what it started."""
        worker, self._worker = self._worker, None
        if worker is None:
            return
        worker.connection.close()
        worker.process.terminate()
        worker.process.join(_GRACE)
        if worker.process.exitcode is None:
            worker.process.kill()
            worker.process.join()


@contextmanager
def reading(edition: Edition) -> Iterator[Reader]:
    """A reader whose process ends with the block."""
    reader = Reader(edition)
    try:
        yield reader
    finally:
        reader.end()


def read_found(found: FoundMail, edition: Edition) -> Submission:
    """Read one mail alone; see ``Reader.read``."""
    with reading(edition) as reader:
        return reader.read(found)


def _start() -> _Worker:
    """A copy of this process where it has but one thread and the system can copy it; else a new one."""
    import multiprocessing

    ours, theirs = multiprocessing.Pipe()
    process: ForkProcess | SpawnProcess
    if sys.platform == "linux" and threading.active_count() == 1:
        process = multiprocessing.get_context("fork").Process(target=read_all, args=(theirs,), daemon=True)
    else:
        process = multiprocessing.get_context("spawn").Process(target=read_all, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)
