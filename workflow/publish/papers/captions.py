"""What a unit said of its pictures and videos, read again from the mail that said it."""

from collections.abc import Mapping

from sqlalchemy import Connection, text

from workflow.engine.campaign import Campaign
from workflow.intake.found import FoundMail
from workflow.intake.reader import reading
from workflow.store.originals import OriginalMissing

_MAIL = text("SELECT sha256, filename FROM originals WHERE submission_id = :submission AND role = 'mail' ORDER BY id")


def read_captions(campaign: Campaign, connection: Connection, submission_id: int) -> Mapping[str, str]:
    """Captions by the SHA-256 of what they speak of; none where the mail was erased."""
    captions: dict[str, str] = {}
    with reading(campaign.edition) as reader:
        for row in connection.execute(_MAIL, {"submission": submission_id}):
            try:
                mail = FoundMail(row.filename, campaign.originals.read(row.sha256), ())
            except OriginalMissing:
                continue
            for dossier in reader.read(mail).dossiers:
                captions.update(dossier.captions)
    return captions
