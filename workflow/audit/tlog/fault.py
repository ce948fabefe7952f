"""What is wrong with keys, checkpoints and proofs. Problem codes are the catalogue's."""

from workflow.errors import AnliError


class HistoryDamaged(AnliError):
    """A hash that the tree rests on is gone from the database: values are level, place."""

    exit_status = 4
    code = "error.history-damaged"


class KeyUnusable(AnliError):
    """A key that cannot be used: values are file and problem_code (missing, exposed, unreadable, foreign)."""

    code = "error.key-unusable"


class KeyExists(AnliError):
    """A new key never takes the place of another: values are file."""

    code = "error.key-exists"


class HistoryForked(AnliError):
    """The history does not continue the one that a checkpoint vouches for: values are size."""

    exit_status = 4
    code = "error.history-forked"
