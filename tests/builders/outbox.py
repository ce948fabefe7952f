"""Letters in the outbox, as many as a test wants, written as a deadline writes them."""

from workflow.engine.batch import OpenBatch
from workflow.engine.campaign import Campaign
from workflow.engine.correspondence import Addressee, Remarks


def write_letters(campaign: Campaign, count: int) -> None:
    """Queue ``count`` letters, each to somebody else, in one batch."""
    with campaign.writing() as (campaign, connection):
        batch = OpenBatch(campaign, connection, "remind")
        for place in range(1, count + 1):
            recipient = Addressee(f"收件人{place}", f"收件人{place}", f"person{place}@unit.example", "zh")
            batch.letters.write(recipient, "remind", Remarks("请按时推荐。", (f"第{place}封",)))
        batch.close(moved=0)
