"""A mail as found, in a file or in a mailbox on a server."""

import re
from datetime import datetime
from mmap import mmap
from pathlib import Path
from typing import NamedTuple

from states.reasons import Reason
from workflow.intake import limits
from workflow.intake.head import mend_head

_FIELD = re.compile(
    rb"(?im)^(?:from|sender|to|subject|date|received|message-id|mime-version|return-path|delivered-to|x-[a-z-]{1,60})"
    rb"[ \t]{0,9}:"
)


class MailboxPlace(NamedTuple):
    """Where a mail lies on a server (RFC 9051 2.3.1.1); mailbox: the folder's URL without its UIDVALIDITY."""

    mailbox: str
    uidvalidity: int
    uid: int

    @property
    def url(self) -> str:
        """As RFC 5092 writes it."""
        return f"{self.mailbox};UIDVALIDITY={self.uidvalidity}/;UID={self.uid}"


class FoundMail(NamedTuple):
    """A mail as found: its path or URL as shown to people, its bytes, and why it is not read.

    raw: of what is not read, empty; of a file too large to read, the file itself, mapped; of such a mail on a server,
    its head. place: of a mail on a server, where it is to be remembered as looked at. received_at: when the server
    says it came.
    """

    file: str
    raw: bytes | mmap
    reasons: tuple[Reason, ...]
    place: MailboxPlace | None = None
    received_at: datetime | None = None

    @property
    def name(self) -> str:
        """A file without its folders, or the URL."""
        return self.file if "://" in self.file else Path(self.file).name


def too_large() -> Reason:
    values: dict[str, str | int] = {"limit_mb": limits.MAIL_BYTES // limits.MEBIBYTE}
    return Reason("mail-too-large", "六.5", {**values})


def is_mail(head: bytes) -> bool:
    """Tell whether the bytes begin with the fields of a mail (RFC 5322 2.2), before the first empty line."""
    fields = re.split(rb"\r?\n\r?\n", mend_head(head), maxsplit=1)[0]
    return b"\x00" not in fields and bool(_FIELD.search(fields))
