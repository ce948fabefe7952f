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
            return next((kind for stream, kind in _STREAMS if ole.exists(stream)), "DOC")
    except Exception:  # noqa: BLE001 - the library raises what a broken file makes it stumble over
        return "DOC"
