"""Words that people may type for what the program calls by a code: the code itself, or what screens call it.

Each reader gives the code, and any other word as it is; it loads what it needs when a word is there to be read.
"""

from workflow.wording import code_of


def read_trigger(word: str) -> str:
    from states.course import COURSE

    return code_of(("trigger", "window"), word, COURSE.triggers)


def read_state(word: str) -> str:
    from states.course import COURSE

    return code_of(("state",), word, COURSE.states)


def read_role(word: str) -> str:
    from workflow.engine.staff import ROLES

    return code_of(("staff",), word, ROLES)


def read_letter_state(word: str) -> str:
    from notifications.letter import STATES

    return code_of(("letter",), word, STATES)


def read_mail_status(word: str) -> str:
    from workflow.store.submission import STATUSES

    return code_of(("status",), word, STATUSES)


def read_event_kind(word: str) -> str:
    from workflow.audit.events import KINDS

    return code_of(("event",), word, KINDS)


def read_window(word: str) -> str:
    from workflow.edition.calendar import SPANS

    return code_of(("window", "trigger"), word, SPANS)
