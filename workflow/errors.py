"""One tree of errors. Each class carries its exit status and the key of its sentence in the catalogues."""

from collections.abc import Mapping


class AnliError(Exception):
    """Something a person can act on; ``values`` fill the sentence that says what was wrong, where, what to do."""

    exit_status = 1
    code = "error.unexpected"
    family: str | None = None
    """Of the words in ``known``: ``trigger``, ``window``…"""

    def __init__(self, **values: object) -> None:
        super().__init__(self.code, values)
        self.values = values


class UsageError(AnliError):
    """The command's words do not fit together."""

    exit_status = 2


class EditionInvalid(AnliError):
    """A rule book that cannot be used: values are file, line (0: unknown), key ("": unknown), and the problem.

    ``problem_code`` is the catalogue's key of the sentence to be shown as {problem}; ``problem_values`` fill it.
    """

    code = "error.edition-invalid"

    def __init__(
        self, *, file: str, line: int, key: str, problem_code: str, problem_values: Mapping[str, object]
    ) -> None:
        if not key:
            self.code = "error.edition-invalid-line" if line else "error.edition-invalid-file"
        super().__init__(file=file, line=line, key=key, problem_code=problem_code, problem_values=problem_values)


class EditionUnknown(AnliError):
    """No built-in edition of that name and no such file: values are name, known (comma-separated names)."""

    code = "error.edition-unknown"


class DatabaseUnusable(AnliError):
    """Not a URL, or not a file, that Anli can use as its database: values are url."""

    code = "error.database-unusable"


class DatabaseDamaged(AnliError):
    """The database's file is no longer whole: values are url, said (the driver's words)."""

    code = "error.database-damaged"


class DatabaseUnreachable(AnliError):
    """The database server does not answer: values are url, said (the driver's words)."""

    code = "error.database-unreachable"


class DatabaseBusy(AnliError):
    """Somebody else held the campaign's lock too long: values are seconds."""

    code = "error.database-busy"


class DatabaseMissing(AnliError):
    """There is no campaign at this URL: values are url."""

    code = "error.database-missing"


class DatabaseExists(AnliError):
    """There already is a campaign at this URL: values are url."""

    code = "error.database-exists"


class DatabaseOutdated(AnliError):
    """The database has another shape than this program's: values are found, wanted."""

    code = "error.database-outdated"


class MomentUnreadable(AnliError):
    """Not an RFC 3339 time with a zone: values are text."""

    exit_status = 2
    code = "error.moment-unreadable"


class NotYetFounded(AnliError):
    """At that moment there was no campaign yet, and no rule book: values are time."""

    code = "error.not-yet-founded"


class MomentsReversed(UsageError):
    """The first of two moments lies after the second: values are since, until (as they were written)."""

    code = "error.moments-reversed"


class NotARehearsal(AnliError):
    """``--now`` was asked of a real campaign, whose clock nobody sets."""

    code = "error.not-a-rehearsal"


class CaseUnknown(AnliError):
    """No case of that number: values are case."""

    code = "error.case-unknown"


class CaseNotYet(AnliError):
    """The case came later than the moment asked about: values are case, time."""

    code = "error.case-not-yet"


class BatchUnknown(AnliError):
    """No batch of that number: values are batch."""

    code = "error.batch-unknown"


class BatchNotUndoable(AnliError):
    """The batch moved no case, so there is nothing to take back: values are batch, trigger."""

    code = "error.batch-not-undoable"


class PlanUnwritable(AnliError):
    """The plan cannot be kept there: values are file, problem_code, said."""

    code = "error.plan-unwritable"


class PlanStale(AnliError):
    """What a plan rested on has moved since it was made: values are cases (numbers whose answer changed)."""

    code = "error.plan-stale"


class PlanUnreadable(AnliError):
    """Not a plan that ``--plan`` wrote for this campaign: values are file, problem."""

    code = "error.plan-unreadable"


class OriginalMissing(AnliError):
    """A kept original is gone or altered: values are sha256, folder."""

    exit_status = 4
    code = "error.original-missing"


class HistoryDamaged(AnliError):
    """A hash that the tree rests on is gone from the database: values are level, place."""

    exit_status = 4
    code = "error.history-damaged"


class NothingAsked(AnliError):
    """No case was named and nothing says which to take: values are trigger."""

    exit_status = 2
    code = "error.nothing-asked"


class AskedTwice(AnliError):
    """Some words name cases and others describe them: values are trigger."""

    exit_status = 2
    code = "error.asked-twice"


class UnitUnknown(AnliError):
    """No unit of that name in the edition: values are unit."""

    exit_status = 2
    code = "error.unit-unknown"


class MailUnusable(AnliError):
    """Letters cannot leave by this address: values are mail."""

    exit_status = 2
    code = "error.mail-unusable"


class PasswordUnreadable(AnliError):
    """The file that holds a password cannot be read: values are file, problem."""

    code = "error.password-unreadable"


class LetterUnknown(AnliError):
    """No such letters, or not in a state to be sent again: values are letters."""

    code = "error.letter-unknown"


class ReasonNeeded(AnliError):
    """What was asked needs a reason: values are command."""

    exit_status = 2
    code = "error.reason-needed"


class TriggerUnknown(AnliError):
    """The law knows no such trigger: values are word, known."""

    exit_status = 2
    code = "error.trigger-unknown"
    family = "trigger"


class StateUnknown(AnliError):
    """The law knows no such state: values are word, known."""

    exit_status = 2
    code = "error.state-unknown"
    family = "state"


class CategoryUnknown(AnliError):
    """No category of that number in the edition: values are category, known."""

    exit_status = 2
    code = "error.category-unknown"


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
    """No such option: values are option, command."""

    code = "error.option-unknown"


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


class AnswerUnwritable(AnliError):
    """What the command found cannot be written out: values are said (the system's words)."""

    code = "error.answer-unwritable"


class SystemRefused(AnliError):
    """The operating system refused to read or write something: values are file, said (the system's words)."""

    code = "error.system-refused"


class DatabaseRefused(AnliError):
    """The database refused to work: values are said (the driver's words)."""

    code = "error.database-refused"


class ClockWentBack(AnliError):
    """The moment lies before what is on record already: values are now, last (RFC 3339), minutes (the tolerance)."""

    code = "error.clock-went-back"


class WindowUnknown(UsageError):
    """No window of that name: values are word, known."""

    code = "error.window-unknown"
    family = "window"


class UntilUnreadable(UsageError):
    """Neither a day nor a moment: values are text."""

    code = "error.until-unreadable"


class UntilPast(UsageError):
    """A window cannot be made to close in the past: values are until, now (RFC 3339)."""

    code = "error.until-past"


class WindowPromised(AnliError):
    """The window would close earlier than was promised: values are window, promised, until (RFC 3339)."""

    code = "error.window-promised"


class AmendsNothing(AnliError):
    """The window closes at that moment already: values are window, until (RFC 3339)."""

    code = "error.amends-nothing"


class RoleNeeded(AnliError):
    """Only an account with that role may do this: values are role, account."""

    code = "error.role-needed"
