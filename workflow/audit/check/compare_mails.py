"""Mails and the files that came with them against the events that took them in."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import Connection

from workflow.audit.check.problem import Problem
from workflow.audit.check.rows import compare_rows
from workflow.audit.events.commitment import MAIL_COLUMNS, ORIGINAL_COLUMNS, commit_to_mail
from workflow.audit.rows import read_rows
from workflow.audit.state import State, SubmissionState

_COLUMNS = (
    "sha256", "message_id", "file", "unit", "received_at", "received_proven", "status", "taken_at", "reasons",
    "how", "note", "settled_at",
)  # fmt: skip
_MAILS = f"SELECT id, {', '.join(_COLUMNS)} FROM submissions ORDER BY id"  # noqa: S608
_OF_FILE = ", ".join(f"originals.{name}" for name in ORIGINAL_COLUMNS)
_FILES = f"""SELECT submissions.id, {", ".join(MAIL_COLUMNS)}, {_OF_FILE}
  FROM submissions LEFT JOIN originals ON originals.submission_id = submissions.id
  ORDER BY submissions.id, originals.id"""  # noqa: S608
_HOMELESS = """SELECT sha256 FROM originals
  WHERE NOT EXISTS (SELECT 1 FROM submissions WHERE submissions.id = submission_id) ORDER BY originals.id"""


def _compare_submissions(connection: Connection, state: State) -> Iterator[Problem]:
    reasons = 1 + _COLUMNS.index("reasons")
    rows = ((*row[:reasons], _spell(row[reasons]), *row[reasons + 1 :]) for row in read_rows(connection, _MAILS))
    return compare_rows("submissions", rows, state.submissions, _COLUMNS, _told)


def _told(mail: SubmissionState) -> Sequence[Any]:
    return tuple(getattr(mail, column) for column in _COLUMNS)


def _compare_originals(connection: Connection, state: State) -> Iterator[Problem]:
    """The files that each mail brought, as listed and as told."""
    for number, rows in groupby(read_rows(connection, _FILES), key=lambda row: row[0]):
        mail = state.submissions.get(number)
        if mail is not None:
            yield from _compare_files(number, mail, list(rows))
    for (digest,) in read_rows(connection, _HOMELESS):
        yield Problem(f"originals/{digest}", "row-without-event", None)


def _compare_files(number: int, mail: SubmissionState, rows: Sequence[Sequence[Any]]) -> Iterator[Problem]:
    files = [dict(zip(ORIGINAL_COLUMNS, row[-len(ORIGINAL_COLUMNS) :], strict=True)) for row in rows]
    listed = {file["sha256"] for file in files} - {None}
    told = {each.hex() for each in mail.originals}
    for each in sorted(listed - told, key=str):
        yield Problem(f"originals/{each}", "row-without-event", mail.since)
    for each in sorted(told - listed):
        yield Problem(f"originals/{each}", "event-without-row", mail.since)
    if listed == told and mail.covered is not None:
        head = dict(zip(MAIL_COLUMNS, rows[0][1:], strict=False))
        if _digest(head, files) != mail.covered:
            yield Problem(f"submissions/{number}", "register-altered", mail.since)


def _digest(head: Mapping[str, Any], files: Sequence[Mapping[str, Any]]) -> bytes | None:
    """None where a column holds what it cannot."""
    try:
        return bytes.fromhex(commit_to_mail(head, files))
    except (TypeError, ValueError):
        return None


def _spell(kept: object) -> object:
    """A JSON column, as both databases give it, as one text; what is none stays as it is, and equals nothing."""
    try:
        value = orjson.loads(kept) if isinstance(kept, str) else kept
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    except (TypeError, ValueError):
        return kept


COMPARISONS: tuple[Callable[[Connection, State], Iterator[Problem]], ...] = (_compare_submissions, _compare_originals)
