"""The papers of a case: the documents it came with, and the letters that speak of it."""

from typing import NotRequired, TypedDict, cast

from sqlalchemy import Connection, text

from notifications.bounced import read_bounced
from workflow.screens.letters import COLUMNS, LetterDocument, answer_letter

_DOCUMENTS = text(
    "SELECT o.filename, o.role, o.media_type, o.size, o.sha256, o.form_id FROM originals o"
    " JOIN forms f ON f.id = o.form_id WHERE f.case_id = :id ORDER BY o.form_id, o.id"
)
_LETTERS = text(
    f"SELECT {COLUMNS}, message_id FROM letters WHERE CAST(cases AS TEXT) LIKE :told ORDER BY id"  # noqa: S608
)


class PaperDocument(TypedDict):
    """A file that came with a form. size: bytes. current: with the form the case now rests on, where that is asked."""

    filename: str
    role: str
    media_type: str
    size: int
    sha256: str
    form_id: int
    current: NotRequired[bool]


def read_documents(connection: Connection, case_id: int) -> list[PaperDocument]:
    """Every file that came with one of the case's forms."""
    return [cast("PaperDocument", dict(row)) for row in connection.execute(_DOCUMENTS, {"id": case_id}).mappings()]


def read_letters(connection: Connection, number: str) -> list[LetterDocument]:
    """Every letter that names the case, with its fate."""
    rows = connection.execute(_LETTERS, {"told": f'%"{number}"%'}).mappings()
    bounced = read_bounced(connection)
    return [answer_letter(dict(row), bounced) for row in rows]
