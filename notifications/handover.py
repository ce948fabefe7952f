"""A letter handed to a way out: what every way has in common, and what became of the letter."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Protocol

_NOBODY: Mapping[str, str] = MappingProxyType({})


class Handover(NamedTuple):
    """What became of a letter.

    state: ``sent``, ``failed`` for good, ``deferred`` (refused for now), ``unknown`` (it may have arrived) or
    ``released`` (it was never tried). words: what the other side said.
    step: where the dialogue ended, if it was before the end: ``connection``, ``sender``, ``recipient`` or ``text``.
    rest: the next letter would fare no better. refused: of a letter that was sent, whom the server would not send it
    to, and why.
    """

    state: str
    words: str = ""
    step: str = ""
    rest: bool = False
    refused: Mapping[str, str] = _NOBODY


class Transport(Protocol):
    """A way out. width: how many letters it carries at once; it may become narrower.

    leaves_the_machine: whether its letters may reach somebody elsewhere; one that does not say so does.
    claims_ahead: whether more letters are claimed than are under way, so that nobody waits for the database; where not,
    a sender that is killed leaves none in doubt but what it may have handed over.
    """

    leaves_the_machine: bool = True
    claims_ahead: bool = True
    width: int

    async def __aenter__(self) -> "Transport": ...
    async def __aexit__(self, *error: object) -> None: ...

    def room(self) -> int | None:
        """How many more letters may go now; None for any number."""

    async def send(self, sender: str, recipients: Sequence[str], message: bytes) -> Handover: ...
