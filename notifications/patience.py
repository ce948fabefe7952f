"""How long a letter waits before it is tried again."""

from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple

_DOUBLINGS = 20


class Patience(NamedTuple):
    """tries: after so many a letter has failed. The wait doubles from ``first_wait`` up to ``longest_wait``."""

    tries: int
    first_wait: timedelta
    longest_wait: timedelta

    def wait(self, identity: str, tried: int) -> timedelta | None:
        """How long to wait after try number ``tried`` (from 1); None where patience is at an end.

        Three quarters to five quarters of the doubled wait, the share following from ``identity`` and the try: letters
        refused together do not come back together, and the same letter always waits the same.
        """
        if tried >= self.tries:
            return None
        doublings: int = 2 ** min(tried - 1, _DOUBLINGS)
        doubled = min(self.first_wait * doublings, self.longest_wait)
        share = int.from_bytes(sha256(f"{identity} {tried}".encode()).digest()[:4]) / 2**32
        return doubled * (0.75 + share / 2)
