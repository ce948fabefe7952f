"""What is wrong with keys, checkpoints and proofs. Problem codes are the catalogue's."""

from workflow.errors import AnliError


class KeyUnusable(AnliError):
    """A key that cannot be used: values are file and problem_code (missing, exposed, unreadable, foreign)."""

    code = "error.key-unusable"


class KeyExists(AnliError):
    """A new key never takes the place of another: values are file."""

    code = "error.key-exists"


class KeyNeeded(AnliError):
    """There is no key to sign with, or to check a signature by: values are none."""

    code = "error.key-needed"


class CheckpointUnsound(AnliError):
    """Not a checkpoint of this history: values are file and problem_code."""

    exit_status = 4
    code = "error.checkpoint-unsound"


class CheckpointMissing(AnliError):
    """No checkpoint covers what was asked for, and there is no key to make one: values are size."""

    code = "error.checkpoint-missing"


class NothingSigned(AnliError):
    """No checkpoint has been made yet, and there is no key to make one."""

    code = "error.nothing-signed"


class HistoryForked(AnliError):
    """The history does not continue the one that a checkpoint vouches for: values are size."""

    exit_status = 4
    code = "error.history-forked"


class EventUnknown(AnliError):
    """No event of that number: values are event, last."""

    code = "error.event-unknown"


class ProofUnsound(AnliError):
    """What the database holds does not prove what was asked: values are event."""

    exit_status = 4
    code = "error.proof-unsound"
