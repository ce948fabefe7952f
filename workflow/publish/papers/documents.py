"""The documents that came with a form: which of them are handed out, which are not, and why."""

from collections.abc import Iterator
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, text

from workflow.audit.events import Redaction, read
from workflow.engine.campaign import Campaign
from workflow.intake.text import clean_line
from workflow.publish.case_text import FormRead
from workflow.store.originals import OriginalMissing

OF_A_CASE = ("picture", "video")
"""Roles of documents that show a case. All others show the form, and with it whom to telephone, and where."""

WITH_CONTACTS = ("form", "copy", "scan")
SUFFIXES = frozenset({
    "bmp", "doc", "docx", "gif", "heic", "jpeg", "jpg", "odt", "ofd", "pdf", "png", "rtf", "tif", "tiff", "webp", "wps",
    "avi", "flv", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "webm", "wmv",
})  # fmt: skip
"""What a document handed out may end in: what it says it is decides which program opens it."""

UNSAFE = ".bin"
"""What all others end in: no program opens it."""

_OF_FORM = text(
    "SELECT o.filename, o.role, o.sha256, EXISTS (SELECT 1 FROM originals s WHERE s.sha256 = o.sha256"
    " AND s.role NOT IN ('picture', 'video')) AS elsewhere FROM originals o WHERE o.form_id = :form ORDER BY o.id"
)
"""elsewhere: whether the same bytes are known as something else, a scan that a person named, or another case's form."""

_ERASED = text("SELECT leaf FROM events WHERE kind = 'redaction' ORDER BY seq")


class Document(NamedTuple):
    """A stored document. filename: as it came. why: the catalogue's key of why it is left out; None: it is not."""

    filename: str
    role: str
    sha256: str
    why: str | None = None

    @property
    def suffix(self) -> str:
        """With its dot."""
        said = self.filename.rpartition(".")[2].lower()
        return f".{said}" if said in SUFFIXES else UNSAFE


def read_documents(campaign: Campaign, connection: Connection, form: FormRead) -> list[Document]:
    """A form's documents, each once. Raises OriginalMissing for one that should be there and is not as it was."""
    erased = {digest for leaf in connection.execute(_ERASED).scalars() for digest in _erased_by(bytes(leaf))}
    found: dict[tuple[str, str], Document] = {}
    for row in connection.execute(_OF_FORM, {"form": form.form_id}):
        document = Document(clean_line(row.filename), row.role, row.sha256)
        why = _why_left_out(document, form, erased, bool(row.elsewhere))
        found.setdefault((row.sha256, row.role), document._replace(why=why))
    for document in found.values():
        if document.why is None and campaign.originals.digest_kept(document.sha256) != document.sha256:
            raise OriginalMissing(sha256=document.sha256, folder=str(campaign.originals.folder))
    return list(found.values())


def _erased_by(leaf: bytes) -> list[str]:
    event = read(leaf)
    return event.originals if isinstance(event, Redaction) else []


def _why_left_out(document: Document, form: FormRead, erased: set[str], elsewhere: bool) -> str | None:
    if document.sha256 in erased:
        return "papers.why.erased"
    if document.role not in (*OF_A_CASE, *WITH_CONTACTS):
        return "papers.why.no-paper"
    if form.blotter is None:
        return None
    if document.role in WITH_CONTACTS:
        return f"papers.why.{document.role}"
    if elsewhere or document.filename in _perhaps_scans(form.doubts):
        return "papers.why.perhaps-scan"
    return None if document.filename in _measured(form.media) else "papers.why.unreadable"


def _perhaps_scans(doubts: str) -> set[str]:
    """Names of the files of which one may be the stamped page; see the doubt ``scan-unclear``."""
    found = orjson.loads(doubts) if doubts else []
    unclear = [doubt for doubt in found if doubt["code"] == "scan-unclear"]
    return {clean_line(name) for doubt in unclear for name in doubt["values"]["files"]}


def _measured(media: str) -> set[str]:
    """Names of the pictures and videos whose bytes are those of a picture or a video."""
    return {clean_line(name) for name, kind, *_ in _list_media(media) if kind}


def _list_media(media: str) -> Iterator[list[str]]:
    for listed in orjson.loads(media) if media else ():
        yield from listed
