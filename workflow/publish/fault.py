"""Words of a question that name nothing."""

from collections.abc import Iterable

from workflow.errors import UsageError


class WordUnknown(UsageError):
    """A word that must be one of a few: values are word, known."""

    code = "error.word-unknown"


class LetterStateUnknown(WordUnknown):
    """No such state of a letter: values are word, known."""

    family = "letter"


def check_word(word: str | None, known: Iterable[str]) -> None:
    """Raises WordUnknown where ``word`` is given and not ``known``."""
    if word is not None and word not in (words := list(known)):
        raise WordUnknown(word=word, known=words)
