"""What the law answers to one trigger on one case."""

from typing import NamedTuple

from states.reasons import Reason
from states.room import Exit


class Verdict(NamedTuple):
    """Where the trigger leads and by which exit, or every reason why it does not; warnings come with either.

    target, way: None where the case stays.
    """

    trigger: str
    source: str
    target: str | None
    way: Exit | None
    reasons: tuple[Reason, ...]

    @property
    def letter(self) -> str | None:
        """The kind of the letter that tells of the move."""
        return None if self.way is None else self.way.letter

    @property
    def allowed(self) -> bool:
        return self.target is not None
