"""So many letters a minute and no more."""

from collections import deque
from collections.abc import Callable
from time import monotonic

MINUTE = 60.0


class Pace:
    """Counts the letters of the last minute; ``seconds`` is a clock that never goes back."""

    def __init__(self, per_minute: int | None, seconds: Callable[[], float] = monotonic) -> None:
        self._per_minute, self._seconds = per_minute, seconds
        self._taken: deque[float] = deque()

    def room(self) -> int | None:
        """How many letters may go now; None where there is no limit."""
        if self._per_minute is None:
            return None
        minute_ago = self._seconds() - MINUTE
        while self._taken and self._taken[0] <= minute_ago:
            self._taken.popleft()
        return max(self._per_minute - len(self._taken), 0)

    def take(self) -> None:
        if self._per_minute is not None:
            self._taken.append(self._seconds())
