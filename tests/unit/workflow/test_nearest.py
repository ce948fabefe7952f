"""What a mistyped word was perhaps meant to be."""

import pytest

from workflow.edition import find
from workflow.nearest import nearest

UNITS = list(find("hubei-2024").units)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("黄岗市", "黄冈市"),
        ("黄时市", "黄石市"),
        ("武汗市", "武汉市"),
        ("神龙架林区", "神农架林区"),
        ("恩施", "恩施州"),
    ],
)
def test_of_words_as_near_the_one_that_sounds_alike_is_meant(word: str, meant: str) -> None:
    assert nearest(word, UNITS) == meant


def test_a_word_like_none_is_nearest_to_none() -> None:
    assert nearest("某某", UNITS) is None
    assert nearest("", UNITS) is None
    assert nearest("武汉市" * 10_000, UNITS) is None
    assert nearest("武汉市", []) is None
