"""A seal: the head of the history on record and in the auditors' hands, signed where the key is here."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from workflow import clock
from workflow.audit.events import Checkpoint
from workflow.audit.tlog.checkpoint import current_head, head_of, short_line
from workflow.engine.batch import OpenBatch
from workflow.engine.campaign import Campaign
from workflow.engine.correspondence import Remarks, people_of
from workflow.engine.signing import sign_history
from workflow.wording import say

KIND = "checkpoint"
ROLE = "auditor"
_LETTERS_WAIT = text("SELECT 1 FROM letters WHERE state = 'queued' AND held_at IS NULL AND kind <> :kind LIMIT 1")
_SEALED_SINCE = text("SELECT 1 FROM letters WHERE kind = :kind AND queued_at >= :since LIMIT 1")


def write_seal(batch: OpenBatch, sentence: str) -> None:
    """Record the head of the tree as it stands before the batch's events, and write it to the auditors: the signed
    checkpoint where this account has the key, else the bare root.

    Raises HistoryForked where the tree does not continue the checkpoint signed last, HistoryDamaged.
    """
    campaign, connection = batch.campaign, batch.connection
    key, note = campaign.signing_key, ""
    if key is None:
        head = current_head(connection, campaign.token)
    else:
        note = sign_history(campaign, connection, key).note
        head = head_of(note)
    batch.log.append([Checkpoint(size=head.size, root=head.root.hex())])
    for auditor in people_of(campaign.edition, ROLE):
        points = [
            say("checkpoint.size", auditor.language, count=head.size),
            say("checkpoint.root", auditor.language, root=head.root.hex()),
            say("checkpoint.line", auditor.language, line=short_line(head)),
        ]
        batch.letters.write(auditor, KIND, Remarks(sentence, points, note=note))


def seal_day(campaign: Campaign) -> None:
    """Queue a signed checkpoint for the auditors beside the day's first letters, where this account has the key."""
    if campaign.signing_key is None or not people_of(campaign.edition, ROLE):
        return
    with campaign.reading() as connection:
        if not _is_due(campaign, connection):
            return
    with campaign.writing() as (campaign, connection):
        if _is_due(campaign, connection):
            batch = OpenBatch(campaign, connection, KIND)
            write_seal(batch, say("checkpoint.of-the-day", people_of(campaign.edition, ROLE)[0].language))
            batch.close()


def _is_due(campaign: Campaign, connection: Connection) -> bool:
    waiting = connection.execute(_LETTERS_WAIT, {"kind": KIND}).first() is not None
    since = clock.write(_midnight(campaign.now, campaign.edition.zone))
    return waiting and connection.execute(_SEALED_SINCE, {"kind": KIND, "since": since}).first() is None


def _midnight(now: datetime, zone: ZoneInfo) -> datetime:
    return datetime.combine(now.astimezone(zone).date(), time.min, zone)
