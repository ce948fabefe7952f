"""What must hold for every text that is counted."""

from hypothesis import given
from hypothesis import strategies as st

from workflow.intake.characters import count_characters
from workflow.intake.text import clean_text

texts = st.text(max_size=200)
chinese = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=200)
spaces = st.text(st.sampled_from(" \t\n\u3000\u00a0"), min_size=1, max_size=5)
words = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=12)


@given(chinese)
def test_chinese_characters_count_one_each(text: str) -> None:
    assert count_characters(text) == len(text)


@given(texts, texts, spaces)
def test_counts_add_up_over_spaces(one: str, other: str, between: str) -> None:
    assert count_characters(one + between + other) == count_characters(one) + count_characters(other)


@given(texts)
def test_never_more_than_the_signs_that_show(text: str) -> None:
    assert 0 <= count_characters(text) <= sum(not sign.isspace() for sign in text)


@given(st.lists(words, max_size=20))
def test_words_count_one_each(text: list[str]) -> None:
    assert count_characters(" ".join(text)) == len(text)


@given(chinese, words)
def test_a_word_between_characters_counts_one(text: str, word: str) -> None:
    assert count_characters(text + word + text) == 2 * len(text) + 1


@given(texts)
def test_trimming_does_not_change_the_count_of_plain_text(text: str) -> None:
    plain = "".join(sign for sign in text if sign.isascii() and (sign.isprintable() or sign in "\n\t"))
    assert count_characters(clean_text(plain)) == count_characters(plain)
