"""Erasing what a form says of a person: value and salt go, the hash in the history and every proof stay."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, text

from workflow.audit.events import Erasure, Redaction
from workflow.engine.campaign import Campaign
from workflow.engine.reason import require_reason
from workflow.engine.selection import CaseUnknown, ordinal
from workflow.errors import AnliError, UsageError
from workflow.store.personal import FIELDS

KIND = "redaction"
HOLDING = ("mail", "archive", "form", "scan", "report", "report-scan", "inline", "refused", "other")
"""Roles of originals that may show what the form says; pictures, videos and captions are of the case itself."""

_MILLISECONDS_FOR_READERS = 5_000
_CASE = text("SELECT 1 FROM cases WHERE id = :case")
_GIVEN = text(
    "SELECT p.form_id, p.contact_person, p.contact_phone, p.address FROM personal p "
    "JOIN forms f ON f.id = p.form_id WHERE f.case_id = :case ORDER BY p.form_id"
)
_ORIGINALS = text(
    "SELECT DISTINCT o.sha256, o.filename, o.role, EXISTS (SELECT 1 FROM originals s JOIN forms f ON f.id = s.form_id "
    "WHERE s.sha256 = o.sha256 AND f.case_id <> :case) AS shared FROM originals o WHERE o.role IN :roles "
    "AND o.submission_id IN (SELECT submission_id FROM forms WHERE case_id = :case) "
    "AND (o.form_id IS NULL OR o.form_id IN (SELECT id FROM forms WHERE case_id = :case)) "
    "ORDER BY o.sha256, o.filename, o.role"
).bindparams(bindparam("roles", expanding=True))


class FieldUnknown(UsageError):
    """No field of a form that can be erased: values are word, known."""

    code = "error.field-unknown"


class NothingToErase(AnliError):
    """The case's forms never gave these fields, or they were erased before: values are case, fields."""

    code = "error.nothing-to-erase"


class Holding(NamedTuple):
    """A stored file that may show what the form says."""

    sha256: str
    filename: str
    role: str


class Erased(NamedTuple):
    """fields: those erased, of at least one form. forms: those they were erased from.

    originals: stored files that may still show the same. originals_erased: those erased as well. originals_left: those
    that are erased on record, and that this account could not delete. read_on: whether somebody reads the SQLite file
    as it was before, so that what was erased still stands in it.
    """

    case: str
    fields: list[str]
    forms: list[int]
    originals: list[Holding]
    originals_erased: list[Holding]
    originals_left: list[Holding]
    read_on: bool


def redact(
    campaign: Campaign, number: str, fields: Sequence[str], why: str | None, with_originals: bool = False
) -> Erased:
    """Erase fields (all three where none is named) from every form of a case; the event says which, not what they held.

    with_originals: the stored files of this case that may show them, and the mails they came in, are erased as well,
    but for those that another case rests on too.
    Raises ReasonNeeded, FieldUnknown, CaseUnknown, NothingToErase.
    """
    why = require_reason(why, "audit redact")
    for word in fields:
        if word not in FIELDS:
            raise FieldUnknown(word=word, known=list(FIELDS))
    asked = [name for name in FIELDS if name in fields or not fields]
    case_id = ordinal(campaign.edition, number)
    with campaign.writing() as (campaign, connection):
        if connection.execute(_CASE, {"case": case_id}).scalar() is None:
            raise CaseUnknown(case=number)
        given = _given(connection, case_id, asked)
        own, shared = _holding(campaign, connection, case_id)
        gone = own if with_originals else []
        if not given and not gone:
            raise NothingToErase(case=number, fields=asked)
        _erase(connection, given)
        redaction = Redaction(
            case=number,
            erased=[Erasure(form, names) for form, names in given.items()],
            originals=sorted({file.sha256 for file in gone}),
            why=why,
        )
        campaign.log(connection).append([redaction])
    stuck = [file for file in gone if not _delete(campaign, file)]
    read_on = not forget(campaign)
    erased = {name for names in given.values() for name in names}
    left = [*shared] if with_originals else sorted([*own, *shared])
    done = [file for file in gone if file not in stuck]
    return Erased(number, [name for name in FIELDS if name in erased], list(given), left, done, stuck, read_on)


def _delete(campaign: Campaign, file: Holding) -> bool:
    """Whether a file that is erased on record could be deleted; where not, ``audit verify`` goes on naming it."""
    try:
        campaign.originals.erase(file.sha256)
    except OSError:
        return False
    return True


def _given(connection: Connection, case_id: int, asked: Sequence[str]) -> dict[int, list[str]]:
    """For each form of the case the asked-for fields that it gave and still holds."""
    found: dict[int, list[str]] = {}
    for row in connection.execute(_GIVEN, {"case": case_id}).mappings():
        if names := [name for name in asked if row[name]]:
            found[row["form_id"]] = names
    return found


def _holding(campaign: Campaign, connection: Connection, case_id: int) -> tuple[list[Holding], list[Holding]]:
    """The case's own stored files that are still there, and those that another case rests on too."""
    own, shared = list[Holding](), list[Holding]()
    for row in connection.execute(_ORIGINALS, {"case": case_id, "roles": HOLDING}):
        if campaign.originals.path_of(row.sha256).exists():
            (shared if row.shared else own).append(Holding(row.sha256, row.filename, row.role))
    return own, shared


def _erase(connection: Connection, given: dict[int, list[str]]) -> None:
    """One statement for each set of fields; SQLite writes zeros over what it lets go."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    alike: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for form, names in given.items():
        alike[tuple(names)].append({"form": form})
    for fields, forms in alike.items():
        nothing = ", ".join(f"{name} = NULL, {name}_salt = NULL" for name in fields)
        connection.execute(text(f"UPDATE personal SET {nothing} WHERE form_id = :form"), forms)  # noqa: S608


def forget(campaign: Campaign) -> bool:
    """Let SQLite's file and its log, which still hold the pages as they were, take the new ones and be emptied.

    False where somebody still reads the old ones; whoever next writes with nobody reading does it too.
    """
    if campaign.engine.dialect.name != "sqlite":
        return True
    with campaign.engine.connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {_MILLISECONDS_FOR_READERS}")
        busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
