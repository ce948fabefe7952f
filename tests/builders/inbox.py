"""What those who are written to find in their inbox."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from sqlalchemy import text

from workflow.engine.campaign import Campaign
from workflow.engine.correspondence import Queued


def message_of(campaign: Campaign, letter: Queued) -> bytes:
    """The bytes that will go out."""
    query = text("SELECT message FROM letters WHERE message_id = :id")
    with campaign.reading() as connection:
        return bytes(connection.execute(query, {"id": letter.message_id}).scalar_one())


def open_letter(message: bytes) -> EmailMessage:
    """The letter as a mail program takes it in; one with a defect is no letter."""
    letter = message_from_bytes(message, policy=default)
    assert isinstance(letter, EmailMessage)
    assert letter.defects == []
    return letter


def read_body(message: bytes) -> str:
    body = open_letter(message).get_body(("plain",))
    assert body is not None
    content = body.get_content()
    assert isinstance(content, str)
    return content
