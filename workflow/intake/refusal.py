"""What a reader raises when bytes from outside cannot be taken: the reason a person will see."""

from states.reasons import Reason


class Refusal(Exception):
    """Carries one Reason; raised by the readers of intake and caught where the submission is put together."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason
