"""A Maildir, where any mail program can read the letters."""

import errno
import mailbox
from collections.abc import Sequence
from pathlib import Path

from notifications.handover import Handover, Transport

_PASSING = (errno.ENOSPC, errno.EDQUOT)
"""No room on the disk: no letter's fault, and over once there is room."""


class MaildirTransport(Transport):
    """Delivers into a Maildir; it is made with the first letter."""

    leaves_the_machine = False
    claims_ahead = False
    width = 1

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._maildir: mailbox.Maildir | None = None

    async def __aenter__(self) -> "MaildirTransport":
        return self

    async def __aexit__(self, *error: object) -> None:
        self._maildir = None

    def room(self) -> int | None:
        return None

    async def send(self, sender: str, recipients: Sequence[str], message: bytes) -> Handover:
        try:
            key = self._opened().add(message)
        except OSError as failure:
            words = failure.strerror or type(failure).__name__
            if failure.errno in _PASSING:
                return Handover("deferred", words, "connection", rest=True)
            return Handover("failed", words)
        return Handover("sent", f"maildir {key}")

    def _opened(self) -> mailbox.Maildir:
        if self._maildir is None:
            self._folder.parent.mkdir(parents=True, exist_ok=True)
            self._maildir = mailbox.Maildir(self._folder)
        return self._maildir
