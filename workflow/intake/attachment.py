"""A file that came with a mail."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Attachment:
    """A file that came with the mail.

    filename: shown and compared only, never a path; original_name: as sent. folder: where it lay in an archive or
    a forwarded mail, for comparing. inline: a picture the HTML text shows itself, such as a logo.
    """

    filename: str
    media_type: str
    data: bytes
    original_name: str = ""
    folder: str = ""
    inline: bool = False
