"""One tree of errors. Each class carries its exit status and the key of its sentence in the catalogues."""


class AnliError(Exception):
    """Something a person can act on; ``values`` fill the sentence that says what was wrong, where, what to do."""

    exit_status = 1
    code = "error.unexpected"
    asked = "word"
    """Which of the values is the word that names nothing, where ``known`` lists those that do."""
    family: str | None = None
    """Of the words in ``known``: ``trigger``, ``window``…"""

    def __init__(self, **values: object) -> None:
        super().__init__(self.code, values)
        self.values = values


class UsageError(AnliError):
    """The command's words do not fit together."""

    exit_status = 2
