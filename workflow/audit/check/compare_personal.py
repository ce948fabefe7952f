"""What forms say of persons against the salted hashes that the history holds of it."""

from collections.abc import Callable, Iterator

from sqlalchemy import Connection

from workflow.audit.check.problem import Problem
from workflow.audit.check.rows import missing
from workflow.audit.events.commitment import SALT_BYTES, hide
from workflow.audit.rows import read_rows
from workflow.audit.state import FormState, State
from workflow.store.personal import FIELDS

_PAIRS = ", ".join(f"{name}, {name}_salt" for name in FIELDS)
_PERSONAL = f"SELECT form_id, {_PAIRS} FROM personal ORDER BY form_id"  # noqa: S608


def _compare_personal(connection: Connection, state: State) -> Iterator[Problem]:
    """Every value or salt that is not what was hashed, every one erased without an event, or back after one."""
    seen = set()
    for number, *row in read_rows(connection, _PERSONAL):
        form = state.forms.get(number)
        if form is None:
            yield Problem(f"personal/{number}", "row-without-event", None)
            continue
        seen.add(number)
        for place, (name, told) in enumerate(zip(FIELDS, form.person, strict=True)):
            value, salt = row[2 * place : 2 * place + 2]
            if (what := _judge(value, salt, told)) is not None:
                yield Problem(f"personal/{number}", what, _since(form, told), {"column": name})
    yield from missing("personal", {number: form.since for number, form in state.forms.items()}, seen)


def _judge(value: object, salt: object, told: bytes | None) -> str | None:
    if told is None:
        return None if value is None and salt is None else "person-unerased"
    if value is None and salt is None:
        return "person-erased-unrecorded"
    if not (isinstance(value, str) and isinstance(salt, bytes) and len(salt) == SALT_BYTES):
        return "person-altered"
    return None if hide(value, salt) == told else "person-altered"


def _since(form: FormState, told: bytes | None) -> int | None:
    return form.erased if told is None else form.since


COMPARISONS: tuple[Callable[[Connection, State], Iterator[Problem]], ...] = (_compare_personal,)
