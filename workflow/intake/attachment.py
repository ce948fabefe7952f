"""A file that came with a mail."""

from dataclasses import dataclass
from functools import cached_property

from workflow.intake.formats import tell_format


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

    @cached_property
    def kind(self) -> str:
        """What its bytes are, as ``tell_format`` says."""
        return tell_format(self.data)
