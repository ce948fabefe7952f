"""The campaign a database holds, as ``init`` and ``db upgrade`` print it."""

from typing import TypedDict

from workflow.engine.campaign import Campaign
from workflow.store.address import show_url


class CampaignDocument(TypedDict):
    """edition, sha256: of the rule book. database: its URL without a password."""

    edition: str
    sha256: str
    rehearsal: bool
    database: str


def answer_campaign(campaign: Campaign) -> CampaignDocument:
    return {
        "edition": campaign.edition.name,
        "sha256": campaign.edition.sha256,
        "rehearsal": campaign.rehearsal,
        "database": show_url(campaign.engine),
    }
