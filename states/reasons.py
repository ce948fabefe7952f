"""What the law answers: a Reason for every rule that speaks, and a Verdict that gathers them."""

from collections.abc import Mapping
from typing import NamedTuple

Value = str | int | bool | None | list[str] | list[int]


class Reason(NamedTuple):
    """One rule's word on one case.

    code: stable name of the rule, as in contract.md (``summary-too-long``).
    clause: where the notice says so (``附件4``), as the edition's readers would look it up.
    values: what the sentence in the catalogue needs (counts, limits, names of files, RFC 3339 times).
    blocking: False for a wish of the notice or a doubt; such a reason never refuses a case.
    """

    code: str
    clause: str
    values: Mapping[str, Value] = {}
    blocking: bool = True


class Verdict(NamedTuple):
    """The law's answer to one trigger on one case: where it leads, or every reason why not."""

    trigger: str
    source: str
    target: str | None
    letter: str | None
    reasons: tuple[Reason, ...]

    @property
    def allowed(self) -> bool:
        return self.target is not None
