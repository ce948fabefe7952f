"""Of words that are known, the one that a mistyped word comes nearest to."""

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

_LONGEST = 60


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that shares most with ``word``, of several the one that sounds like it; None where none is like.

    ``黄岗市`` is as near to ``黄石市`` as to ``黄冈市`` by its signs, and nearer to the latter by its sound.
    """
    asked = word.casefold()[:_LONGEST]
    near = get_close_matches(asked, known, n=5)
    return min(
        near, key=lambda other: (-SequenceMatcher(None, other, asked).ratio(), _apart(asked, other)), default=None
    )


def _apart(word: str, other: str) -> int:
    """How far apart two words sound: GB 2312 has its common characters in the order of their sound (pinyin)."""
    pairs = zip(word, other, strict=False)
    return sum(abs(_place(one) - _place(two)) for one, two in pairs)


def _place(sign: str) -> int:
    return int.from_bytes(sign.encode("gb2312", "replace"))
