"""Who reads a case's history, put on record where the rule book says so."""

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from workflow.audit.actor import NO_ROLE, identify
from workflow.audit.events import Reading
from workflow.disk import AccessDenied, ReadOnlyPlace
from workflow.engine.campaign import Campaign
from workflow.engine.selection import ordinal
from workflow.errors import AnliError
from workflow.store.failures import RightMissing, ServerReadOnly

KIND = "reading"
_EXISTS = text("SELECT 1 FROM cases WHERE id = :id")


class ReadingUnrecorded(AnliError):
    """The rule book wants every reading on record, and this account cannot write one: values are account, said."""

    code = "error.reading-unrecorded"


def note_reading(campaign: Campaign, command: str, number: str) -> None:
    """Write that the command is about to show the case's history; nothing of a case that there is not.

    Raises CaseUnknown for what is no case's number, and ReadingUnrecorded where the account cannot write: then
    nothing may be shown.
    """
    if not campaign.edition.readings_recorded:
        return
    case_id = ordinal(campaign.edition, number)
    with campaign.reading() as connection:
        actor = identify(connection)
        if connection.execute(_EXISTS, {"id": case_id}).first() is None:
            return
    if actor.role == NO_ROLE:
        actor = actor._replace(role=campaign.edition.role_of(actor.account) or NO_ROLE)
    try:
        with campaign.recording() as (campaign, connection):
            campaign.log(connection, actor=actor).append([Reading(command=command, case=number)])
    except (DBAPIError, AccessDenied, ReadOnlyPlace, RightMissing, ServerReadOnly) as failure:
        said = str(failure.__cause__ or failure).strip().partition("\n")[0]
        raise ReadingUnrecorded(account=actor.account, said=said) from failure
