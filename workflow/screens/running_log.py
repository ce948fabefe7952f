"""What a command does while it does it, line by line on standard error, for whoever asks with ``--verbose``.

Any module of the work tells by the standard library's logger of its own name; the message is a key of the catalogue,
its argument the mapping that fills the sentence. Without the switch nobody listens and nothing is written.
"""

import logging
import sys
from collections.abc import Mapping

from workflow.wording import knows, say

_NAMED = {"deadline": "deadline", "state": "letter", "status": "status"}
"""Values that have a name in the catalogue, and under which family."""


class Sentences(logging.Formatter):
    """The hour, and the sentence in the reader's language."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def format(self, record: logging.LogRecord) -> str:
        values = record.args if isinstance(record.args, Mapping) else {}
        filled = {name: self._name(name, value) for name, value in values.items()}
        return f"{self.formatTime(record, '%H:%M:%S')} {say(record.msg, self._language, **filled)}"

    def _name(self, name: str, value: object) -> object:
        key = f"{_NAMED.get(name)}.{value}"
        return say(key, self._language) if knows(key, self._language) else value


def tell_all(language: str) -> None:
    """Let everything that is told of the work from now on be read on standard error."""
    listener = logging.StreamHandler(sys.stderr)
    listener.setFormatter(Sentences(language))
    logger = logging.getLogger("workflow")
    logger.addHandler(listener)
    logger.setLevel(logging.INFO)
