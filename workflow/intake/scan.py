"""The stamped scan of a form: a PDF or a picture that really is one (六.5: 盖章文件扫描件)."""

import re
from dataclasses import dataclass

from states.reasons import Reason
from workflow.intake.formats import PICTURES, tell_format
from workflow.intake.picture import measure_picture
from workflow.intake.refusal import Refusal

SCAN_WORDS = (
    "扫描",
    "盖章",
    "签章",
    "公章",
    "签字",
    "scan",
    "stamp",
    "signed",
    "sealed",
)

_PAGE = re.compile(rb"/Type\s{0,9}/Page(?![A-Za-z])|/Type\s{0,9}/ObjStm|/Count\s{1,9}[1-9]")
_TRAILER_BYTES = 4096


@dataclass(frozen=True)
class Scan:
    """A stamped scan: its name, the format its bytes tell, and the SHA-256 (hex) of its bytes."""

    filename: str
    format: str
    sha256: str


def check_scan(data: bytes, filename: str) -> str:
    """Return the scan's format; raises Refusal (``scan-unreadable``) where it cannot be a page that opens."""
    told = tell_format(data)
    if told == "PDF" and _PAGE.search(data) and b"startxref" in data[-_TRAILER_BYTES:]:
        return told
    if told in PICTURES:
        try:
            return measure_picture(data, filename).format
        except Refusal as refusal:
            raise _unreadable(filename) from refusal
    raise _unreadable(filename)


def _unreadable(filename: str) -> Refusal:
    return Refusal(Reason("scan-unreadable", "六.5", {"filename": filename}))
