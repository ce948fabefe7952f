"""Mails -> cases: each mail is read, decided about, written down and told of, in one transaction of its own."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from sqlalchemy.exc import OperationalError

from states.reasons import Reason
from workflow.edition.words import check_unit
from workflow.engine.batch import OpenBatch
from workflow.engine.campaign import Campaign
from workflow.errors import AnliError
from workflow.intake.decide import MailImport, Settlement, decide
from workflow.intake.found import FoundMail
from workflow.intake.mailbox import find_mails
from workflow.intake.reader import Reader, reading
from workflow.intake.register import find_excess, known_uids, look_up, recorded_files
from workflow.intake.submission import Submission, unread
from workflow.intake.tell import Taken, answer_no_mail, tell
from workflow.intake.write import write_import, write_no_mail

TRIGGER = "intake"

_log = logging.getLogger(__name__)


def take_in(campaign: Campaign, words: Sequence[str | Path], recommender: str | None = None) -> Iterator[Taken]:
    """Take every mail under ``words`` (paths, addresses of mailboxes) in order, and say of each what became of it.

    What was looked at in a mailbox before is not fetched again, except the one mail that an address means.
    recommender: the unit a person has settled for mails whose sender is not known; a sender who is known keeps to
    its own unit.
    Raises UnitUnknown for a recommender that is no unit, and what ``find_mails`` raises for a word.
    """
    check_unit(campaign.edition, recommender)
    settlement = Settlement(campaign.edition.units[recommender] if recommender is not None else None)

    def known(mailbox: str, uidvalidity: int) -> frozenset[int]:
        with campaign.reading() as connection:
            return known_uids(connection, mailbox, uidvalidity)

    sweep(campaign)
    with reading(campaign.edition) as reader:
        for mail in find_mails(words, known):
            taken = _take(campaign, mail, settlement, reader)
            _log.info("log.mail-taken", {"file": taken.file, "status": taken.status, "cases": len(taken.cases)})
            yield taken


def _take(campaign: Campaign, mail: FoundMail, settlement: Settlement, reader: Reader) -> Taken:
    """Take one mail in; what nobody foresaw in it is a reason, and the mails after it go on.

    What is wrong with the campaign, the disk or the database is no fault of the mail and stops intake.
    """
    _log.info("log.mail-read", {"file": mail.file, "size": len(mail.raw)})
    if mail.reasons and not mail.raw:
        return _turn_away(campaign, mail)
    try:
        return _import(campaign, mail, _read(campaign, mail, settlement, reader), settlement)
    except (AnliError, OSError, OperationalError):
        raise
    except Exception as error:  # noqa: BLE001 - one mail, crafted or unlucky, must not stop those after it
        reason = Reason("mail-not-handled", "六.5", {"problem": type(error).__name__})
        return _import(campaign, mail, unread(mail.raw, (reason,)), Settlement())


def _read(campaign: Campaign, mail: FoundMail, settlement: Settlement, reader: Reader) -> Submission:
    """Read a mail; one that took more than its budget before is not read again until a person settles something."""
    if isinstance(mail.raw, bytes) and not settlement.says_something:
        with campaign.reading() as connection:
            excess = find_excess(connection, sha256(mail.raw).hexdigest())
        if excess is not None:
            return unread(mail.raw, (excess,))
    return reader.read(mail)


def _import(campaign: Campaign, mail: FoundMail, submission: Submission, settlement: Settlement) -> Taken:
    """Keep the originals, then put them on record in a batch of their own."""
    with arriving(campaign, mail, submission), campaign.writing() as (campaign, connection):
        batch = OpenBatch(campaign, connection, TRIGGER)
        decided, taken = put_on_record(batch, mail, submission, settlement)
        batch.close(moved=len(decided.cases))
    return taken


@contextmanager
def arriving(campaign: Campaign, mail: FoundMail, submission: Submission) -> Iterator[None]:
    """Keep the originals of what is put on record before this is left."""
    with campaign.originals.arrival() as arrival:
        arrival.keep(mail.raw)
        for original in submission.originals:
            arrival.keep(original.data)
        yield


def put_on_record(
    batch: OpenBatch, mail: FoundMail, submission: Submission, settlement: Settlement
) -> tuple[MailImport, Taken]:
    """Decide, write and tell, holding the lock."""
    edition = batch.campaign.edition
    known = look_up(batch.connection, submission)
    decided = decide(submission, settlement, known, edition, batch.campaign.now)
    write_import(batch, mail, submission, decided)
    return decided, tell(batch.letters, edition, mail, submission, decided)


def sweep(campaign: Campaign) -> None:
    """Remove the files of mails whose taking was killed before they were on record."""

    def recorded(digests: set[str]) -> set[str]:
        with campaign.reading() as connection:
            return recorded_files(connection, digests)

    campaign.originals.sweep(recorded)


def _turn_away(campaign: Campaign, mail: FoundMail) -> Taken:
    """Say why a file is no mail."""
    with campaign.writing() as (campaign, connection):
        batch = OpenBatch(campaign, connection, TRIGGER)
        write_no_mail(batch, mail)
        batch.close()
    return answer_no_mail(mail)
