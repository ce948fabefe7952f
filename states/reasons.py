"""A reason: what one rule says of one case."""

from collections.abc import Mapping
from typing import NamedTuple

Value = str | int | bool | None | list[str] | list[int]


class Reason(NamedTuple):
    """What one rule says of one case.

    code: stable name of the rule, as in contract.md (``summary-too-long``).
    clause: where the notice says so (``附件4``).
    values: what fills the sentence in the catalogue (counts, limits, names of files, RFC 3339 times).
    blocking: whether it refuses the case; False for what the notice only wishes, and for a doubt that only warns.
    """

    code: str
    clause: str
    values: Mapping[str, Value] = {}
    blocking: bool = True
