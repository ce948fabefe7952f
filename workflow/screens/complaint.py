"""What the reader of the command line finds wrong with its words, as one of our own errors."""

from collections.abc import Mapping
from typing import Any

from workflow import errors

GREATEST = 2**31 - 1
"""The greatest number of a batch or a letter."""

BEFORE_THE_COMMAND = ("--db", "--now", "--lang")
AFTER_THE_COMMAND = ("--json",)
_LONGEST = 40


def fault_of(complaint: Any) -> errors.UsageError:
    """Tell by its name which of the reader's exceptions this is; what they carry has been the same for years."""
    command = complaint.ctx.command_path if complaint.ctx else "anli"
    option = getattr(complaint, "option_name", "")
    match type(complaint).__name__:
        case "NoSuchOption" if option in (*BEFORE_THE_COMMAND, *AFTER_THE_COMMAND):
            return errors.OptionMisplaced(option=option, before=option in BEFORE_THE_COMMAND)
        case "NoSuchOption":
            return errors.OptionUnknown(option=option, command=command)
        case "BadOptionUsage":
            refused = "not take" in complaint.message
            return errors.OptionTakesNoValue(option=option) if refused else errors.OptionNeedsValue(option=option)
        case "MissingParameter":
            return errors.WordMissing(word=_name(complaint.param), command=command)
        case "BadParameter":
            return _unfit(complaint.param, complaint.__cause__)
    known = list(getattr(complaint.ctx.command, "commands", ())) if complaint.ctx else []
    return errors.CommandMissing(command=command, known=known)


def check_legible(words: Mapping[str, Any]) -> None:
    """Raises ValueUnfit for text that is not in the terminal's character set; file names may be anything."""
    for name, value in words.items():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and any("\ud800" <= character <= "\udfff" for character in text):
                raise errors.ValueUnfit(word=name)


def failure_of(error: Exception) -> errors.AnliError:
    """What nobody foresaw, in a sentence: what the system or the database refused, or that the program failed."""
    if isinstance(error, OSError) and error.strerror:
        return errors.SystemRefused(file=str(error.filename or "—"), said=error.strerror)
    if (said := str(getattr(error, "orig", None) or "").strip()) and hasattr(error, "statement"):
        return errors.DatabaseRefused(said=said.splitlines()[0])
    return errors.AnliError(kind=type(error).__name__, said=str(error)[:200])


def _name(parameter: Any) -> str:
    return str(parameter.opts[-1] if parameter.param_type_name == "option" else parameter.metavar)


def _unfit(parameter: Any, cause: Any) -> errors.UsageError:
    found = cause.errors()[0] if hasattr(cause, "errors") else {}
    if not str(found.get("type", "")).startswith(("int", "greater", "less")):
        return errors.ValueUnfit(word=_name(parameter))
    least, greatest = getattr(parameter, "min", None), getattr(parameter, "max", None)
    return errors.NumberUnfit(
        word=_name(parameter),
        value=str(found["input"])[:_LONGEST],
        least=1 if least is None else least,
        greatest=GREATEST if greatest is None else greatest,
    )
