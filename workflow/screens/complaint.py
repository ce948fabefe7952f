"""What the reader of the command line finds wrong with its words, as one of our own"""

from collections.abc import Mapping
from typing import Any

from workflow.disk import cause_of
from workflow.errors import AnliError, UsageError

GREATEST = 2**31 - 1
"""The greatest number of a batch or a letter."""

BEFORE_THE_COMMAND = ("--db", "--now", "--lang")
AFTER_THE_COMMAND = ("--json",)
_LONGEST = 40


class LanguageUnknown(UsageError):
    """Not a language that the catalogues have: values are word, known."""

    code = "error.language-unknown"


class CommandUnknown(UsageError):
    """No command of that name: values are word, known."""

    code = "error.command-unknown"


class CommandMissing(UsageError):
    """Only a group of commands was named: values are command, known."""

    code = "error.command-missing"


class OptionUnknown(UsageError):
    """No such option: values are option, command, known."""

    code = "error.option-unknown"
    asked = "option"


class OptionMisplaced(UsageError):
    """An option that stands elsewhere on the line: values are option; ``code`` says where."""

    def __init__(self, *, option: str, before: bool) -> None:
        self.code = "error.option-stands-before" if before else "error.option-stands-after"
        super().__init__(option=option)


class OptionNeedsValue(UsageError):
    """An option stands last on the line without its value: values are option."""

    code = "error.option-needs-value"


class OptionTakesNoValue(UsageError):
    """A switch was given a value: values are option."""

    code = "error.option-takes-no-value"


class WordMissing(UsageError):
    """An argument is missing: values are word (as the usage line calls it), command."""

    code = "error.word-missing"


class WordsTooMany(UsageError):
    """More words than the command takes: values are words, command."""

    code = "error.words-too-many"


class NumberUnfit(UsageError):
    """Not a whole number, or out of range: values are word (the argument), value, least, greatest."""

    code = "error.number-unfit"


class ValueUnfit(UsageError):
    """Not text in the terminal's character set, or otherwise unreadable: values are word (the argument)."""

    code = "error.value-unfit"


class DatabaseRefused(AnliError):
    """The database refused to work: values are said (the driver's words)."""

    code = "error.database-refused"


def fault_of(complaint: Any) -> UsageError:
    """Tell by its name which of the reader's exceptions this is; what they carry has been the same for years."""
    command = complaint.ctx.command_path if complaint.ctx else "anli"
    option = getattr(complaint, "option_name", "")
    match type(complaint).__name__:
        case "NoSuchOption" if option in (*BEFORE_THE_COMMAND, *AFTER_THE_COMMAND):
            return OptionMisplaced(option=option, before=option in BEFORE_THE_COMMAND)
        case "NoSuchOption":
            return OptionUnknown(option=option, command=command, known=_options(complaint.ctx))
        case "BadOptionUsage":
            refused = "not take" in complaint.message
            return OptionTakesNoValue(option=option) if refused else OptionNeedsValue(option=option)
        case "MissingParameter":
            return WordMissing(word=_name(complaint.param), command=command)
        case "BadParameter":
            return _unfit(complaint.param, complaint.__cause__)
    known = list(getattr(complaint.ctx.command, "commands", ())) if complaint.ctx else []
    return CommandMissing(command=command, known=known)


def check_legible(words: Mapping[str, Any]) -> None:
    """Raises ValueUnfit for text that is not in the terminal's character set; file names may be anything."""
    for name, value in words.items():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and any("\ud800" <= character <= "\udfff" for character in text):
                raise ValueUnfit(word=name)


def failure_of(error: Exception) -> AnliError:
    """What nobody foresaw, in a sentence: what the system or the database refused, or that the program failed."""
    if isinstance(error, OSError) and error.strerror:
        return cause_of(error)
    if (said := str(getattr(error, "orig", None) or "").strip()) and hasattr(error, "statement"):
        return DatabaseRefused(said=said.splitlines()[0])
    return AnliError(kind=type(error).__name__, said=str(error)[:200])


def _options(context: Any) -> list[str]:
    return [word for parameter in context.command.get_params(context) for word in parameter.opts] if context else []


def _name(parameter: Any) -> str:
    return str(parameter.opts[-1] if parameter.param_type_name == "option" else parameter.metavar)


def _unfit(parameter: Any, cause: Any) -> UsageError:
    found = cause.errors()[0] if hasattr(cause, "errors") else {}
    if not str(found.get("type", "")).startswith(("int", "greater", "less")):
        return ValueUnfit(word=_name(parameter))
    least, greatest = getattr(parameter, "min", None), getattr(parameter, "max", None)
    return NumberUnfit(
        word=_name(parameter),
        value=str(found["input"])[:_LONGEST],
        least=1 if least is None else least,
        greatest=GREATEST if greatest is None else greatest,
    )
