"""Unicode normal forms of text from outside, in time that grows with the text and no faster.

Putting the marks on one letter in order takes the square of their number, and a mail may put a million on one. The
Stream-Safe Text Format (UAX #15, 13) lets thirty follow each other; no word of any language comes near.
"""

import re
import unicodedata
from typing import Literal

MOST_MARKS = 30

_NO_MARKS = r"\0-\u02ff\u3000-\u3029\u3030-\u3098\u309b-\ua66e\uac00-\ufb1d\ufe30-\uff9d\uffa0-\uffff"
"""Blocks of Latin, Chinese, Japanese and Korean signs among which there is no mark."""
_RUN = re.compile(f"[^{_NO_MARKS}]{{{MOST_MARKS + 1},}}")
_HALFWIDTH_MARKS = "\uff9e\uff9f"


def to_nfc(text: str) -> str:
    """Letters and their marks written in one way; of more than thirty marks in a row the first thirty are kept."""
    return _normalise("NFC", text)


def to_nfkc(text: str) -> str:
    """As ``to_nfc``, and signs of another width or shape as the usual ones."""
    return _normalise("NFKC", text)


def is_mark(sign: str) -> bool:
    """Whether a sign is put on the one before it, itself or once it is brought to a normal form."""
    return sign in _HALFWIDTH_MARKS or unicodedata.category(sign).startswith("M")


def _normalise(form: Literal["NFC", "NFKC"], text: str) -> str:
    return text if text.isascii() else unicodedata.normalize(form, _RUN.sub(_shorten, text))


def _shorten(run: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for sign in run[0]:
        marks = marks + 1 if is_mark(sign) else 0
        if marks <= MOST_MARKS:
            kept.append(sign)
    return "".join(kept)
