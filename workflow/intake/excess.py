"""What a mail is set aside for when its reading takes more than its budget."""

from notifications.fields import HEAD_BYTES
from states.reasons import Reason


class BeyondBudget(Exception):
    """The mail takes more than it may: ``cause`` is what of (lines, forms, seconds, memory), ``limit`` how much it may.

    Where the process that read it ended and nobody knows why, the cause is ``ended`` and there is no limit.
    """

    def __init__(self, cause: str, limit: int = 0) -> None:
        super().__init__(cause)
        allowed = {"limit": limit} if limit else {}
        self.reason = Reason("mail-beyond-budget", "六.5", {"cause": cause, **allowed})


CODE = BeyondBudget("ended").reason.code


def count_lines(raw: bytes) -> int:
    """The lines of a mail, whichever sign breaks them."""
    return raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n")


def head_of(raw: bytes) -> bytes:
    """The fields of a mail without its body."""
    head = raw[:HEAD_BYTES]
    ends = [end for sign in (b"\r\n\r\n", b"\n\n") if (end := head.find(sign)) >= 0]
    return head[: min(ends, default=len(head))] + b"\r\n\r\n"
