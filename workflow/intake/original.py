"""A file as it came with a mail, kept for good."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Original:
    """An attachment as it came. role: form, report, report-scan, scan, picture, video, captions, archive, inline,
    refused or other; or ``copy``: what a form or report was converted to and read from."""

    filename: str
    media_type: str
    sha256: str
    data: bytes = field(repr=False)
    role: str = "other"
