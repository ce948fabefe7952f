"""Everything that came and waits for a person, and the one command that settles each."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, bindparam, text

from states.course import COURSE
from states.doubts import DOUBTS
from states.reasons import Reason
from states.side_ways import WITHDRAW
from workflow import clock
from workflow.engine.campaign import Campaign

KINDS = ("blocking-doubt", "set-aside", "partly-taken", "forwarded", "link-expires", "other-route", "doubt")
"""What waits, that which holds a case back first."""

_FORWARDED, _LINKED = "forwarded-for", "link-expires"


class Blank(Enum):
    """What a command leaves to the person who gives it."""

    UNIT = "unit"
    TIME = "time"
    CATEGORY = "category"
    FILE = "file"
    REASON = "reason"


Word = str | Blank | tuple[str | Blank, ...]
"""One word of a command; of several parts where only some are left to the person."""


class Waiting(NamedTuple):
    """since: when it was first seen here. submission, case: numbers in the register, None where it is about no one
    in particular. command: the words after ``anli``."""

    kind: str
    since: datetime
    submission: int | None
    case: int | None
    reasons: tuple[Reason, ...]
    command: tuple[Word, ...]


class _Mail(NamedTuple):
    id: int
    status: str
    taken_at: datetime
    reasons: tuple[Reason, ...]


class _Doubted(NamedTuple):
    """A doubt of one case's form."""

    mail: int
    since: datetime
    case: int
    reason: Reason


_MAILS = text("SELECT id, status, taken_at, reasons FROM submissions WHERE settled_at IS NULL ORDER BY id")
_DOUBTED = text(
    "SELECT c.id, c.state, f.submission_id, s.taken_at, s.settled_at, f.doubts FROM cases c "
    "JOIN forms f ON f.id = c.form_id JOIN submissions s ON s.id = f.submission_id "
    "WHERE f.doubts <> '' AND c.state NOT IN :ended ORDER BY c.id"
).bindparams(bindparam("ended", COURSE.off_line, expanding=True))
_RIVALS = text(
    "SELECT c.id, c.route, c.unit, c.recommended_at, f.submission_id, s.taken_at FROM cases c "
    "JOIN forms f ON f.id = c.form_id JOIN submissions s ON s.id = f.submission_id WHERE c.state NOT IN :ended AND "
    "c.route IN (SELECT route FROM cases GROUP BY route HAVING min(unit) <> max(unit)) ORDER BY c.id"
).bindparams(bindparam("ended", COURSE.given_up, expanding=True))


def read_tray(campaign: Campaign) -> list[Waiting]:
    """All that waits, oldest first, and of the same moment what blocks first; three queries, however many cases."""
    with campaign.reading() as connection:
        mails, doubted = _read_mails(connection), list(_read_doubted(connection))
        rivals = list(_read_rivals(connection))
    number_of = campaign.edition.case_number
    waiting = [*_of_mails(mails, doubted), *_of_doubts(doubted, number_of), *_of_rivals(rivals, number_of)]
    return sorted(waiting, key=lambda each: (each.since, KINDS.index(each.kind), each.submission or 0, each.case or 0))


def _of_mails(mails: Iterable[_Mail], doubted: Iterable[_Doubted]) -> Iterator[Waiting]:
    """Mails set aside, in part or whole, mails that were sent on, and links that no case tells of."""
    told = {(each.mail, str(each.reason.values)) for each in doubted if each.reason.code == _LINKED}
    for mail in mails:
        blocking = tuple(reason for reason in mail.reasons if reason.blocking)
        writers = [reason for reason in mail.reasons if reason.code == _FORWARDED]
        if mail.status in ("set-aside", "partly-taken"):
            kind = "forwarded" if writers else mail.status
            reasons = (*blocking, *writers) or mail.reasons
            yield Waiting(kind, mail.taken_at, mail.id, None, reasons, _settle(mail.id, *_answers(mail.reasons)))
        elif writers:
            yield Waiting("forwarded", mail.taken_at, mail.id, None, tuple(writers), _settle(mail.id))
        for reason in mail.reasons:
            if reason.code == _LINKED and (mail.id, str(reason.values)) not in told:
                yield Waiting(_LINKED, mail.taken_at, mail.id, None, (reason,), _settle(mail.id))


def _answers(reasons: Iterable[Reason]) -> Iterator[Word]:
    """What a mail that was set aside asks of a person; nothing where none of its words can make it a case."""
    codes = {reason.code for reason in reasons}
    writers = {str(reason.values["unit"]) for reason in reasons if reason.code == _FORWARDED}
    if "no-form" in codes:
        return
    if "unit-unknown" in codes:
        yield from ("--unit", writers.pop() if len(writers) == 1 else Blank.UNIT)
    if "received-time-missing" in codes:
        yield from ("--received", Blank.TIME)


def _of_doubts(doubted: Iterable[_Doubted], number_of: Callable[[int], str]) -> Iterator[Waiting]:
    """Doubts of cases; one that the cases of a mail share is told once where it does not hold them back."""
    shared: defaultdict[tuple[int, str, str], list[_Doubted]] = defaultdict(list)
    for each in doubted:
        if DOUBTS.get(each.reason.code, each.reason.blocking):
            words = _answer_doubt(each.reason, number_of(each.case))
            yield Waiting(
                "blocking-doubt", each.since, each.mail, each.case, (each.reason,), _settle(each.mail, *words)
            )
        else:
            shared[each.mail, each.reason.code, str(each.reason.values)].append(each)
    for alike in shared.values():
        first = alike[0]
        code = first.reason.code
        case = first.case if len(alike) == 1 else None
        words = ("--received", Blank.TIME) if code == "zone-assumed" else ()
        kind = _LINKED if code == _LINKED else "doubt"
        yield Waiting(kind, first.since, first.mail, case, (first.reason,), _settle(first.mail, *words))


def _answer_doubt(reason: Reason, number: str) -> tuple[Word, ...]:
    if reason.code == "category-unclear":
        return ("--category", (f"{number}=", Blank.CATEGORY))
    files = reason.values.get("files", [reason.values.get("filename")])
    names = [name for name in files if isinstance(name, str)] if isinstance(files, list) else []
    if len(names) == 1:
        return ("--scan", f"{names[0]}={number}")
    return ("--scan", (Blank.FILE, f"={number}"))


def _of_rivals(rivals: Iterable[Mapping[str, Any]], number_of: Callable[[int], str]) -> Iterator[Waiting]:
    """Of cases that several units sent, the one that came later, with what to do where it is to give way."""
    by_route: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rivals:
        by_route[row["route"]].append(row)
    for rows in by_route.values():
        first = next((row for row in rows if row["recommended_at"]), rows[0])
        for row in rows:
            if row["unit"] == first["unit"]:
                continue
            held = first["recommended_at"] is not None
            values = {"unit": first["unit"]}
            reason = (
                Reason("other-route", "六.1", {**values})
                if held
                else Reason("other-route-submitted", "六.1", {**values}, blocking=False)
            )
            command = ("advance", WITHDRAW.trigger, number_of(row["id"]), "--reason", Blank.REASON)
            since = clock.read(row["taken_at"])
            yield Waiting("other-route", since, row["submission_id"], row["id"], (reason,), command)


def _settle(mail: int, *words: Word) -> tuple[Word, ...]:
    return ("settle", str(mail), *(words or ("--nothing-to-do",)), "--reason", Blank.REASON)


def _read_mails(connection: Connection) -> list[_Mail]:
    rows = connection.execute(_MAILS).mappings()
    return [_Mail(row["id"], row["status"], clock.read(row["taken_at"]), _reasons(row["reasons"])) for row in rows]


def _read_doubted(connection: Connection) -> Iterator[_Doubted]:
    for row in connection.execute(_DOUBTED).mappings():
        for reason in _reasons(row["doubts"]):
            if row["state"] == COURSE.start if reason.blocking else row["settled_at"] is None:
                yield _Doubted(row["submission_id"], clock.read(row["taken_at"]), row["id"], reason)


def _read_rivals(connection: Connection) -> list[Mapping[str, Any]]:
    return [dict(row) for row in connection.execute(_RIVALS).mappings()]


def _reasons(kept: Any) -> tuple[Reason, ...]:
    listed = orjson.loads(kept) if isinstance(kept, str) else kept
    return tuple(Reason(each["code"], each["clause"], each["values"], each["blocking"]) for each in listed)
