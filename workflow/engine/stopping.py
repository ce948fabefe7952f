"""Being asked to stop, by Ctrl-C or by whoever runs the machine: what is under way is finished first."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType

Pause = Callable[[float], bool]
"""Sleeps some seconds; True where the work is to end."""


@contextmanager
def until_stopped() -> Iterator[Pause]:
    """A pause that SIGTERM and SIGINT end at once; what is being written is finished first."""
    stopped = Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stopped.wait
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
