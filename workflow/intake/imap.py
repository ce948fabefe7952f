"""Finding mails in a mailbox on a server: each once, whatever becomes of the connection."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from threading import Event

from notifications.fields import HEAD_BYTES
from states.reasons import Reason
from workflow.errors import AnliError, UsageError
from workflow.intake import limits
from workflow.intake.address import Address
from workflow.intake.found import FoundMail, MailboxPlace, is_mail, too_large
from workflow.intake.imap_connection import Dropped, ImapConnection, InTheClear, Measured, Oversized, Refused
from workflow.settings import read_secret

PASSWORD = "ANLI_IMAP_PASSWORD"  # noqa: S105 - the name of a variable
PAUSES = (1.0, 5.0, 15.0)
"""Seconds to wait before a new connection, after the first, the second and the third that brought no mail."""
TRIES_OF_ONE_MAIL = 2
AT_ONCE = 100
"""Mails whose sizes are asked for together."""

Known = Callable[[str, int], Collection[int]]
"""The UIDs that have been looked at already, of a mailbox (its URL) under a UIDVALIDITY."""


class PasswordMissing(UsageError):
    """No password is set for the mailbox: values are mailbox."""

    code = "error.mailbox-password-missing"


class MailboxUnreachable(AnliError):
    """The server does not answer, or not as an IMAP server does: values are mailbox, said."""

    code = "error.mailbox-unreachable"


class MailboxInTheClear(AnliError):
    """The server offers no TLS; it was told nothing: values are mailbox."""

    code = "error.mailbox-in-the-clear"


class MailboxRefused(AnliError):
    """The server does not let this account into this folder: values are mailbox, said."""

    code = "error.mailbox-refused"


class MailboxLost(AnliError):
    """The connection broke, and so did those after it: values are mailbox, said, count (of mails given before)."""

    code = "error.mailbox-lost"


class MailGone(AnliError):
    """The one mail that was asked for is not there any more: values are mail (its URL)."""

    code = "error.mail-gone"


def find_in_mailbox(address: Address, known: Known) -> Iterator[FoundMail]:
    """Yield every mail of the folder that is not ``known``, in the order of the UIDs; or the one that is meant.

    A mail too large is yielded with its head. One that the server lists and does not send is yielded without a place:
    it is not to be remembered, but tried again the next time. Raises PasswordMissing at once; then, while mails are
    yielded, MailboxUnreachable, MailboxInTheClear, MailboxRefused, MailboxLost or MailGone.
    """
    password = read_secret(PASSWORD)
    if not password:
        raise PasswordMissing(mailbox=address.mailbox)
    return _Reader(address, password, known).read()


class _Reader:
    """Reads one mailbox over as many connections as it takes."""

    def __init__(self, address: Address, password: str, known: Known) -> None:
        self._address, self._password, self._known = address, password, known
        self._entered = False
        self._given: set[tuple[int, int]] = set()
        self._too_large: set[tuple[int, int]] = set()
        self._drops: Counter[tuple[int, int]] = Counter()
        self._fruitless = self._count = 0

    def read(self) -> Iterator[FoundMail]:
        while True:
            try:
                yield from self._visit()
            except Dropped as drop:
                self._wait(drop)
            else:
                return

    def _wait(self, drop: Dropped) -> None:
        """Pause before the next connection. Raises MailboxUnreachable or MailboxLost where there is no use in one."""
        mailbox, words = self._address.mailbox, self._without_password(drop.words)
        if not self._entered:
            raise MailboxUnreachable(mailbox=mailbox, said=words)
        if self._fruitless == len(PAUSES):
            raise MailboxLost(mailbox=mailbox, said=words, count=self._count)
        Event().wait(PAUSES[self._fruitless])
        self._fruitless += 1

    def _visit(self) -> Iterator[FoundMail]:
        """The mails that are left, over one connection."""
        connection = self._connect()
        try:
            uidvalidity = self._enter(connection)
            waiting = self._choose(connection, uidvalidity)
            for start in range(0, len(waiting), AT_ONCE):
                for mail in _measure(connection, waiting[start : start + AT_ONCE]):
                    yield from self._give(connection, mail, uidvalidity)
        finally:
            connection.leave()

    def _connect(self) -> ImapConnection:
        try:
            return ImapConnection(self._address)
        except Refused as refusal:
            raise Dropped(refusal.words) from None

    def _enter(self, connection: ImapConnection) -> int:
        mailbox = self._address.mailbox
        try:
            uidvalidity = connection.enter(self._password)
        except InTheClear:
            raise MailboxInTheClear(mailbox=mailbox) from None
        except Refused as refusal:
            raise MailboxRefused(mailbox=mailbox, said=self._without_password(refusal.words)) from None
        self._entered = True
        return uidvalidity

    def _choose(self, connection: ImapConnection, uidvalidity: int) -> list[int]:
        """The mails to be read: all but the known ones and those given already, or the one that is meant."""
        try:
            listed = connection.list_mails()
        except Refused as refusal:
            raise Dropped(refusal.words) from None
        if self._address.mail is not None:
            validity, uid = self._address.mail
            if validity != uidvalidity or uid not in listed:
                raise MailGone(mail=MailboxPlace(self._address.mailbox, validity, uid).url)
            listed = [uid]
            known: Collection[int] = ()
        else:
            known = self._known(self._address.mailbox, uidvalidity)
        return [uid for uid in listed if uid not in known and (uidvalidity, uid) not in self._given]

    def _give(self, connection: ImapConnection, mail: Measured, uidvalidity: int) -> Iterator[FoundMail]:
        """The mail, or why it is not read; nothing where it was deleted meanwhile."""
        key = uidvalidity, mail.uid
        place = MailboxPlace(self._address.mailbox, *key)
        if self._drops[key] < TRIES_OF_ONE_MAIL:
            try:
                found = self._fetch(connection, mail, place)
            except Dropped as drop:
                self._drops[key] += 1
                if isinstance(drop, Oversized):
                    self._too_large.add(key)
                raise
            self._fruitless = 0
        elif key in self._too_large:
            found = FoundMail(place.url, b"", (too_large(),), place)
        else:
            found = _withheld(place)
        self._given.add(key)
        if found is not None:
            self._count += found.place is not None
            yield found

    def _fetch(self, connection: ImapConnection, mail: Measured, place: MailboxPlace) -> FoundMail | None:
        key = place.uidvalidity, place.uid
        if key in self._too_large or (mail.size is not None and mail.size > limits.MAIL_BYTES):
            return FoundMail(place.url, connection.read_head(mail), (too_large(),), place, mail.received_at)
        try:
            raw = connection.read_mail(mail)
            if not raw:
                return _withheld(place) if connection.lists(mail.uid) else None
        except Refused:
            return _withheld(place)
        if not is_mail(raw[:HEAD_BYTES]):
            return FoundMail(place.url, b"", (Reason("not-a-mail", "六.5", {"filename": place.url}),), place)
        return FoundMail(place.url, raw, (), place, mail.received_at)

    def _without_password(self, words: str) -> str:
        return words.replace(self._password, "…")


def _measure(connection: ImapConnection, uids: Sequence[int]) -> list[Measured]:
    try:
        return connection.measure(uids)
    except Refused as refusal:
        raise Dropped(refusal.words) from None


def _withheld(place: MailboxPlace) -> FoundMail:
    return FoundMail(place.url, b"", (Reason("mail-withheld", "六.5"),))
