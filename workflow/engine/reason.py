"""The reason that a person gives for what no rule asks for."""

from workflow.errors import UsageError


class ReasonNeeded(UsageError):
    """What was asked needs a reason: values are command."""

    code = "error.reason-needed"


def require_reason(why: str | None, command: str) -> str:
    """The reason without the space around it. Raises ReasonNeeded where there is none; command: as it is typed."""
    if why is None or not why.strip():
        raise ReasonNeeded(command=command)
    return why.strip()
