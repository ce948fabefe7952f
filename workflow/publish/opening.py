"""Opening a stored document in the program that the system has for it; else saying where it lies."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import mkdtemp
from typing import TypedDict

from sqlalchemy import Connection, text

from workflow.engine.campaign import Campaign
from workflow.engine.selection import CaseUnknown, ordinal
from workflow.errors import UsageError
from workflow.new_file import write_new
from workflow.publish.file_name import part_of_name
from workflow.publish.papers.documents import UNSAFE, Document

_FEWEST_DIGITS = 4
_DOCUMENTS = text(
    "SELECT o.filename, o.role, o.sha256 FROM originals o JOIN forms f ON f.id = o.form_id JOIN cases c"
    " ON c.id = f.case_id WHERE c.id = :id ORDER BY CASE WHEN f.id = c.form_id THEN 0 ELSE 1 END, f.id DESC, o.id"
)
_EXISTS = text("SELECT 1 FROM cases WHERE id = :id")


class DocumentUnknown(UsageError):
    """The case has no document of that name: values are word, case, known."""

    code = "error.document-unknown"


class Opened(TypedDict):
    """file: what was opened, a copy under a name that programs know; or where the original lies, under its SHA-256."""

    case: str
    document: str
    sha256: str
    file: str
    opened: bool


def open_document(campaign: Campaign, number: str, word: str, at_terminal: bool) -> Opened:
    """Open the document that ``word`` names (its file's name, or how its SHA-256 begins), the current form's first.

    Nothing is opened where nobody sits before it, where the system has no opener, or where the name is one that no
    picture, video or text has. Raises CaseUnknown, DocumentUnknown, OriginalMissing.
    """
    with campaign.reading() as connection:
        document = _find(campaign, connection, number, word)
    data = campaign.originals.read(document.sha256)
    answer: Opened = {
        "case": number,
        "document": document.filename,
        "sha256": document.sha256,
        "file": str(campaign.originals.path_of(document.sha256)),
        "opened": False,
    }
    if not at_terminal or document.suffix == UNSAFE or not can_open():
        return answer
    copy = Path(mkdtemp(prefix="anli-")) / f"{part_of_name(Path(document.filename).stem)}{document.suffix}"
    write_new(copy, data)
    return {**answer, "file": str(copy), "opened": start(copy)}


def _find(campaign: Campaign, connection: Connection, number: str, word: str) -> Document:
    case_id = ordinal(campaign.edition, number)
    if connection.execute(_EXISTS, {"id": case_id}).first() is None:
        raise CaseUnknown(case=number)
    found = [Document(row.filename, row.role, row.sha256) for row in connection.execute(_DOCUMENTS, {"id": case_id})]
    named = [document for document in found if document.filename == word]
    if len(word) >= _FEWEST_DIGITS:
        named += [document for document in found if document.sha256.startswith(word.lower())]
    if not named:
        raise DocumentUnknown(word=word, case=number, known=list(dict.fromkeys(each.filename for each in found)))
    return named[0]


def can_open() -> bool:
    """Whether this machine has a screen and an opener of its own."""
    if sys.platform in ("win32", "darwin"):
        return True
    has_screen = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return has_screen and shutil.which("xdg-open") is not None


def start(file: Path) -> bool:
    """Hand a file to the system's opener, without waiting for what it starts; whether it took it."""
    try:
        if sys.platform == "win32":
            os.startfile(file)  # noqa: S606
            return True
        opener = "open" if sys.platform == "darwin" else "xdg-open"
        quiet = subprocess.DEVNULL
        done = subprocess.run(  # noqa: S603
            [opener, str(file)], stdin=quiet, stdout=quiet, stderr=quiet, timeout=10, check=False
        )
    except subprocess.TimeoutExpired:
        return True
    except OSError:
        return False
    return done.returncode == 0
