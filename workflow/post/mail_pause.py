"""The pause: while it lasts no sender, on whatever machine, takes a letter from the outbox."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from workflow import clock
from workflow.audit.actor import identify
from workflow.audit.events import Pause, Resume
from workflow.engine.campaign import Campaign
from workflow.engine.reason import require_reason
from workflow.errors import AnliError

_READ = text("SELECT mail_paused_at, mail_paused_by, mail_paused_why FROM campaign WHERE mail_paused_at IS NOT NULL")
_PAUSE = text("UPDATE campaign SET mail_paused_at = :since, mail_paused_by = :by, mail_paused_why = :why")
_RESUME = text("UPDATE campaign SET mail_paused_at = NULL, mail_paused_by = NULL, mail_paused_why = NULL")


class MailPaused(AnliError):
    """No letter is sent for the time being: values are since, by (an account), why."""

    code = "error.mail-paused"


class MailNotPaused(AnliError):
    """There is no pause to end."""

    code = "error.mail-not-paused"


class MailPause(NamedTuple):
    """by: the account."""

    since: datetime
    by: str
    why: str


def read_pause(connection: Connection) -> MailPause | None:
    """The pause that lasts, if one does."""
    row = connection.execute(_READ).first()
    return None if row is None else MailPause(clock.read(row.mail_paused_at), row.mail_paused_by, row.mail_paused_why)


def check_not_paused(campaign: Campaign, connection: Connection) -> None:
    """Raises MailPaused."""
    if (pause := read_pause(connection)) is not None:
        raise MailPaused(**pause._replace(since=campaign.edition.local(pause.since))._asdict())


def pause(campaign: Campaign, why: str | None) -> MailPause:
    """Let nothing be claimed from now on; what is under way is finished. Raises ReasonNeeded, MailPaused."""
    why = require_reason(why, "mail pause")
    with campaign.writing() as (campaign, connection):
        check_not_paused(campaign, connection)
        begun = MailPause(campaign.now, identify(connection).account, why)
        connection.execute(_PAUSE, {**begun._asdict(), "since": clock.write(begun.since)})
        campaign.log(connection).append([Pause(why=begun.why)])
    return begun


def resume(campaign: Campaign) -> MailPause:
    """Let letters be sent again; the pause that ended. Raises MailNotPaused."""
    with campaign.writing() as (campaign, connection):
        ended = read_pause(connection)
        if ended is None:
            raise MailNotPaused
        connection.execute(_RESUME)
        campaign.log(connection).append([Resume()])
    return ended
