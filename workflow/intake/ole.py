"""What a file in Microsoft's compound format (MS-CFB) is, told by its streams."""

import io

import olefile

_STREAMS = (
    ("EncryptedPackage", "ENCRYPTED"),
    ("WordDocument", "DOC"),
    ("Workbook", "XLS"),
    ("Book", "XLS"),
    ("PowerPoint Document", "PPT"),
    ("VisioDocument", "VSD"),
    ("__properties_version1.0", "MSG"),
    ("HwpSummaryInformation", "HWP"),
)


def tell_ole(data: bytes) -> str:
    """DOC, XLS, PPT, MSG, ... ENCRYPTED for an Office file under a password; DOC where that cannot be told."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            told = next((kind for stream, kind in _STREAMS if ole.exists(stream)), "DOC")
            locked = (
                told == "DOC" and ole.exists("WordDocument") and _is_locked(ole.openstream("WordDocument").read(12))
            )
            return "ENCRYPTED" if locked else told
    except Exception:  # noqa: BLE001 - the library raises what a broken file makes it stumble over
        return "DOC"


def _is_locked(head: bytes) -> bool:
    """Whether a Word document is under a password (MS-DOC 2.5.2, fEncrypted)."""
    return len(head) == 12 and bool(head[11] & 0x01)
