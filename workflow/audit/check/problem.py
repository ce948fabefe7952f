"""What verification finds: where, what, and since which event."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Problem(NamedTuple):
    """One thing that is not as the history says.

    where: the thing, as ``cases/2024-0042``, ``letters/<Message-ID>``, ``events/17``, ``originals/<sha256>``.
    what: a code; the catalogue's key is ``problem.<code>``, filled from ``values``.
    since: the last event about the thing, by ``seq``; None where there is none.
    """

    where: str
    what: str
    since: int | None
    values: Mapping[str, Any] = {}
