"""Words of a question that name nothing."""

from collections.abc import Iterable

from workflow.errors import UsageError


class WordUnknown(UsageError):
    """A word that must be one of a few: values are word, known."""

    code = "error.word-unknown"


def check_word(word: str | None, known: Iterable[str], family: str | None = None) -> None:
    """Raises WordUnknown where ``word`` is given and not ``known``; family: of the catalogue, that names these."""
    if word is not None and word not in (words := list(known)):
        unknown = WordUnknown(word=word, known=words)
        unknown.family = family
        raise unknown
