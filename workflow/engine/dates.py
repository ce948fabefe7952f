"""The campaign's dates for calendars elsewhere, each under a name that stays, so that the later file replaces it."""

from datetime import datetime, timedelta

from notifications.dates import Date
from workflow.edition import Phase
from workflow.engine.campaign import Campaign
from workflow.wording import say

LAST_HOUR = timedelta(hours=1)
RECEIVED_CLAUSE = "六.5"


def date_of(
    campaign: Campaign, name: str, summary: str, clause: str, starts: datetime, ends: datetime | None = None
) -> Date:
    """A date of this campaign; one without an end is a moment, which lasts a minute in a calendar."""
    uid = f"{name}-{campaign.token}@{campaign.edition.mail.message_id_domain}"
    return Date(uid, summary, clause, starts, ends or starts + timedelta(minutes=1))


def date_of_phase(campaign: Campaign, phase: Phase, language: str) -> Date:
    """A phase from its first moment to its last."""
    label = (phase.label_en if language == "en" else None) or phase.label
    return date_of(campaign, f"phase-{phase.name}", label, phase.clause, phase.opens, phase.closes)


def date_of_close(campaign: Campaign, window: str, closes: datetime, language: str) -> Date:
    """The last hour of a window: what closes at midnight stands on the day it closes, not on the day after."""
    summary = say("dates.closes", language, what=say(f"window.{window}", language))
    clause = campaign.edition.windows[window].clause if window in campaign.edition.windows else RECEIVED_CLAUSE
    return date_of(campaign, f"close-{window}", summary, clause, closes - LAST_HOUR, closes)
