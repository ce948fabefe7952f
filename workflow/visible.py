"""What others wrote, shown so that it cannot pass for the program's own words: nothing in it is hidden."""

import re
import unicodedata
from typing import Any

LINE_BREAK = "⏎"
_BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Zl", "Zp"})
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and signs that show nothing, though Unicode counts them among those that do."""
_KEEP_THEIR_LINES = frozenset({"body", "head", "html", "note", "proof"})
"""Texts of many lines that screens show under a heading of their own."""


def reveal(text: str) -> str:
    """The text on one line: a break is ``⏎``; what hides, joins or turns letters round is written ``⟨U+202E⟩``.

    Text that hides nothing is given back as it is; revealing twice changes nothing more.
    """
    return text if _is_plain(text) else reveal_signs(_BREAKS.sub(LINE_BREAK, text))


def reveal_signs(text: str) -> str:
    """The same, line breaks and tabs left as they are."""
    if _is_plain(text):
        return text
    return "".join(f"⟨U+{ord(sign):04X}⟩" if _is_hidden(sign) else sign for sign in text)


def reveal_document(document: Any) -> Any:
    """A copy of a document of plain lists, tuples and dictionaries, all its texts revealed but those of many lines."""
    kind = type(document)
    if kind is str:
        return reveal(document)
    if kind is list or kind is tuple:
        return kind(map(reveal_document, document))
    if kind is dict:
        return {key: value if key in _KEEP_THEIR_LINES else reveal_document(value) for key, value in document.items()}
    return document


def _is_plain(text: str) -> bool:
    return text.isprintable() and _BLANK.isdisjoint(text)


def _is_hidden(sign: str) -> bool:
    return sign not in "\n\t" and (sign in _BLANK or unicodedata.category(sign) in _HIDDEN)
