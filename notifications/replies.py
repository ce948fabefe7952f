"""What a mail server's refusal means: for good or for now, and whether to go on.

What providers are known to answer is looked at before the enhanced status (RFC 3463), and that before the class of the
code (RFC 5321, 4.2.1): QQ answers 550 to a wrong mailbox and to too many letters alike, 163 answers 451 to spam.
"""

import re
from typing import Literal, NamedTuple

Then = Literal["go on", "reconnect", "rest"]


class Judgement(NamedTuple):
    """lasting: another try would be refused as well.

    then: ``reconnect`` where this connection is of no more use, ``rest`` where the provider wants to hear nothing from
    this sender for a while.
    """

    lasting: bool
    then: Then = "go on"


FOR_GOOD = Judgement(lasting=True)
FOR_NOW = Judgement(lasting=False)
AFTER_RECONNECTING = Judgement(lasting=False, then="reconnect")
AFTER_A_REST = Judgement(lasting=False, then="rest")

_ENHANCED = re.compile(r"([45])\.\d{1,3}\.\d{1,3}(?!\d)")
_GOODBYE = 421


class _Saying(NamedTuple):
    """What a provider says, and what it means by it; first: what its codes may begin with."""

    first: tuple[int, ...]
    words: re.Pattern[str]
    meaning: Judgement


def _saying(first: tuple[int, ...], words: str, meaning: Judgement) -> _Saying:
    return _Saying(first, re.compile(words, re.IGNORECASE), meaning)


NETEASE = (
    _saying((4,), r"\bHL:(?:ICC|IFC|MEP|REP)\b", AFTER_A_REST),
    _saying((4,), r"\bMI:(?:DMC|CEL|CCL)\b", AFTER_RECONNECTING),
    _saying((4, 5), r"\b(?:MI:(?:SFQ|STC)|RP:(?:QRC|DRC|CCL|CEL))\b", AFTER_A_REST),
    _saying((4,), r"\bDT:SPM\b", FOR_NOW),
    _saying((5,), r"\b(?:DT:(?:SPM|SUM)|MI:SPB)\b", FOR_GOOD),
)
"""163.com, 126.com, yeah.net."""

TENCENT = (
    _saying((4, 5), r"\b(?:frequency|concurrency)\b.{0,20}\blimit", AFTER_A_REST),
    _saying((5,), r"\bmailbox (?:not found|unavailable)|\bmail content denied\b", FOR_GOOD),
)
"""QQ Mail and Tencent Exmail."""

_SAYINGS = (*NETEASE, *TENCENT)


def judge(code: int, words: str) -> Judgement:
    """What a refusal means. Codes outside 400 to 599 are no refusal that RFC 5321 knows: for now, and reconnect."""
    for saying in _SAYINGS:
        if code // 100 in saying.first and saying.words.search(words):
            return saying.meaning
    if code == _GOODBYE or not 400 <= code <= 599:
        return AFTER_RECONNECTING
    if enhanced := _ENHANCED.match(words.lstrip()):
        return FOR_GOOD if enhanced[1] == "5" else FOR_NOW
    return FOR_GOOD if code >= 500 else FOR_NOW
