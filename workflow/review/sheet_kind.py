"""A kind of sheet, and how a filled one is imported: one transaction, one batch, an event for every row."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, NamedTuple, TypedDict, TypeVar

from sqlalchemy import Connection, text

from states.course import COURSE
from states.reasons import Reason
from states.room import Judgement
from workflow import clock
from workflow.audit.events import Event, OfSheet, ReasonTold, Refusal
from workflow.edition import Edition
from workflow.engine.batch import OpenBatch
from workflow.engine.campaign import Campaign
from workflow.review import answers
from workflow.review.columns import Column
from workflow.review.reading import CLAUSE, RowReader
from workflow.review.sheet import read_sheet

Finding = TypeVar("Finding")

_STANDING = text("SELECT id, state, version FROM cases WHERE id BETWEEN :first AND :last")


class Placed(TypedDict):
    """What an event says of the row that it comes from; version: the case's after it."""

    case: str
    row: int
    sheet: str
    version: int


class Accepted(NamedTuple, Generic[Finding]):
    """A row that is taken: its number in the sheet, the case, what was found of it, and what its event says of that."""

    row: int
    case_id: int
    finding: Finding
    place: Placed


class RefusedRow(NamedTuple):
    """A row that is not taken, by its number in the sheet, and every reason why."""

    row: int
    reasons: tuple[Reason, ...]


class Refused(NamedTuple):
    """A refused row with its case, where it names one that exists."""

    row: int
    case_id: int | None
    reasons: tuple[Reason, ...]


class ImportReport(NamedTuple):
    """What an import did. accepted and refused add up to rows, those below the heading that held anything."""

    rows: int
    accepted: int
    refused: list[RefusedRow]
    batch: int


@dataclass(frozen=True)
class SheetKind(Generic[Finding]):
    """What one kind of sheet asks for, and what becomes of it.

    judgement: what its rows put on record; the law says in which states, and which states wait for it.
    keys: the columns that no two rows of a sheet may share. missing: an SQL condition over ``cases c LEFT JOIN
    reviews r`` for those that wait, of the cases in a state that does.
    record: writes what was accepted at a moment (as stored), and gives the event of each.
    """

    trigger: str
    judgement: Judgement
    keys: tuple[str, ...]
    columns: Callable[[Edition], tuple[Column, ...]]
    read: Callable[[RowReader], Finding]
    record: Callable[[Connection, str, Sequence[Accepted[Finding]]], Sequence[OfSheet]]
    missing: str = "TRUE"


class _Standing(NamedTuple):
    state: str
    version: int


def import_filled(kind: SheetKind[Finding], campaign: Campaign, path: Path) -> ImportReport:
    """Import the sheet; a row that is refused stops no other. Raises the faults of fault.py, changing nothing."""
    sheet = read_sheet(path, kind.columns(campaign.edition), campaign.language)
    readers = [RowReader(row, sheet.headings, campaign.edition, campaign.language) for row in sheet.rows]
    digest = campaign.originals.keep(sheet.data)
    with campaign.writing() as (campaign, connection):
        batch = OpenBatch(campaign, connection, kind.trigger)
        cases = _read_standings(connection, {reader.case_id for reader in readers if reader.case_id})
        decisions = list(_decide(kind, readers, cases, digest))
        accepted = [decision for decision in decisions if isinstance(decision, Accepted)]
        refused = [decision for decision in decisions if isinstance(decision, Refused)]
        judgements = kind.record(connection, clock.write(campaign.now), accepted) if accepted else ()
        batch.log.append(_tell_rows(kind, campaign.edition, digest, decisions, judgements))
        batch.close(moved=len(accepted), refused=len(refused), sheet=digest, file=sheet.file)
    return ImportReport(len(decisions), len(accepted), [RefusedRow(row.row, row.reasons) for row in refused], batch.id)


def _read_standings(connection: Connection, wanted: set[int]) -> dict[int, _Standing]:
    """Where the cases stand: one query over their range, however many they are."""
    if not wanted:
        return {}
    rows = connection.execute(_STANDING, {"first": min(wanted), "last": max(wanted)})
    return {row.id: _Standing(row.state, row.version) for row in rows if row.id in wanted}


def _decide(
    kind: SheetKind[Finding], readers: Sequence[RowReader], cases: Mapping[int, _Standing], digest: str
) -> Iterator[Accepted[Finding] | Refused]:
    grown: Counter[int] = Counter()
    first_rows: dict[tuple[object, ...], int] = {}
    for reader in readers:
        finding = kind.read(reader)
        case = cases.get(reader.case_id) if reader.case_id else None
        _look_up(kind, reader, case)
        key = (reader.case_id, *(answers.plain(reader.row.cells[key]) for key in kind.keys))
        if all(key) and first_rows.setdefault(key, reader.row.number) != reader.row.number:
            reader.refuse("row-duplicate", "", first=first_rows[key])
        if reader.case_id and case and not reader.reasons:
            grown[reader.case_id] += 1
            place: Placed = {
                "case": reader.edition.case_number(reader.case_id),
                "row": reader.row.number,
                "sheet": digest,
                "version": case.version + grown[reader.case_id],
            }
            yield Accepted(reader.row.number, reader.case_id, finding, place)
        else:
            yield Refused(reader.row.number, reader.case_id if case else None, tuple(reader.reasons))


def _look_up(kind: SheetKind[Finding], reader: RowReader, case: _Standing | None) -> None:
    if case is None and reader.case_id:
        reader.refuse("case-unknown", "", case=reader.edition.case_number(reader.case_id))
    elif case is not None and case.state not in (states := COURSE.taking(kind.judgement)):
        reader.refuse("wrong-state", CLAUSE, state=case.state, trigger=kind.trigger, states=list(states))


def _tell_rows(
    kind: SheetKind[Finding],
    edition: Edition,
    digest: str,
    decisions: Sequence[Accepted[Finding] | Refused],
    judgements: Sequence[OfSheet],
) -> Iterator[Event]:
    """An event a row, in the sheet's order."""
    accepted = iter(judgements)
    for decision in decisions:
        if isinstance(decision, Refused):
            yield Refusal(
                case=edition.case_number(decision.case_id) if decision.case_id else None,
                reasons=[ReasonTold.of(reason) for reason in decision.reasons],
                trigger=kind.trigger,
                row=decision.row,
                sheet=digest,
            )
        else:
            yield next(accepted)
