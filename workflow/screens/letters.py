"""Letters and their fate."""

from collections.abc import Container, Mapping
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any, NotRequired, TypedDict, cast

import orjson
from sqlalchemy import text

from notifications.bounced import Bounced, read_bounced
from notifications.letter import STATES
from workflow import clock
from workflow.engine.campaign import Campaign
from workflow.new_file import write_new
from workflow.post.handling import LetterUnknown
from workflow.screens.batch import BouncedDocument, answer_bounced
from workflow.screens.fault import check_word

COLUMNS = (
    "id, batch_id, address, recipient, kind, subject, state, held_at, attempts, answer, cases, queued_at, sent_at, "
    "next_try"
)
"""Of a letter, as ``answer_letter`` takes it."""
_TO_GO = ("queued", "sending")


class LetterDocument(TypedDict):
    """A letter and its fate, as reports show it.

    state: as the outbox says. held: kept back. answer: the server's last words. cases: numbers. bounced: of a letter
    that is still to go, the one that came back from its address, if one did. message_id: where it is asked for.
    """

    id: int
    batch: int | None
    to: str
    recipient: str
    kind: str
    subject: str
    state: str
    held: bool
    attempts: int
    answer: str
    cases: list[str]
    queued_at: str
    sent_at: str | None
    next_try: str | None
    bounced: BouncedDocument | None
    message_id: NotRequired[str]


class WholeLetterDocument(LetterDocument):
    """message: the exact bytes as text. head: the headers exactly as they travel. headers, body, html: as read."""

    headers: dict[str, str]
    body: str
    html: str
    head: str
    attachments: list[str | None]
    message: str


def list_letters(
    campaign: Campaign, state: str | None = None, ids: Container[int] | None = None
) -> list[LetterDocument]:
    """Letters by id: id, to, subject, state, held, attempts, cases, and the batch, kind and server's answer.

    bounced: of one that is still to go, the letter that came back from its address, if one did.

    Raises WordUnknown for a state that letters do not have.
    """
    check_word(state, STATES, "letter")
    condition = " WHERE state = :state" if state else ""
    values = {"state": state} if state else {}
    with campaign.reading() as connection:
        query = text(f"SELECT {COLUMNS} FROM letters{condition} ORDER BY id")  # noqa: S608
        rows = connection.execute(query, values).mappings()
        bounced = read_bounced(connection)
        return [answer_letter(dict(row), bounced) for row in rows if ids is None or row["id"] in ids]


def read_letter(campaign: Campaign, letter_id: int) -> WholeLetterDocument:
    """One letter with ``message``, its exact bytes as text, ``head``, its headers exactly as they travel, and what its
    reader sees: ``headers`` decoded, ``body``, ``html``.

    Raises LetterUnknown.
    """
    with campaign.reading() as connection:
        query = text(f"SELECT {COLUMNS}, message FROM letters WHERE id = :id")  # noqa: S608
        row = connection.execute(query, {"id": letter_id}).mappings().first()
        bounced = read_bounced(connection)
    if row is None:
        raise LetterUnknown(letters=[letter_id])
    message = bytes(row["message"])
    parsed = message_from_bytes(message, policy=default)
    body, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    return {
        **answer_letter({name: row[name] for name in row if name != "message"}, bounced),
        "headers": {name: str(value) for name, value in parsed.items()},
        "body": "\n".join(body.get_content().splitlines()) if body else "",
        "html": "\n".join(html.get_content().splitlines()) if html else "",
        "head": _head_of(message),
        "attachments": [part.get_filename() for part in parsed.iter_attachments()],
        "message": message.decode("ascii", "replace"),
    }


def keep_html(letter: WholeLetterDocument, file: Path) -> None:
    """Write a letter's HTML into a file for a browser; see write_new."""
    write_new(file, letter["html"].encode())


def _head_of(message: bytes) -> str:
    return message.partition(b"\r\n\r\n")[0].decode("ascii", "replace").replace("\r\n", "\n")


def answer_letter(row: Mapping[str, Any], bounced: Mapping[str, Bounced]) -> LetterDocument:
    """A row of the outbox as reports show it: ``to`` and ``batch`` by their names in contract.md, moments shown.

    bounced: of each address that takes no more, the letter that came back; told of one that is still to go there.
    """
    letter: dict[str, Any] = {
        **row,
        "to": row["address"],
        "batch": row["batch_id"],
        "held": row["held_at"] is not None,
        "cases": orjson.loads(row["cases"]) if isinstance(row["cases"], str) else row["cases"],
        "bounced": answer_bounced(bounced.get(row["address"]) if row["state"] in _TO_GO else None),
    }
    for moment in ("queued_at", "sent_at", "next_try"):
        letter[moment] = clock.show(clock.read(row[moment])) if row[moment] else None
    for column in ("address", "batch_id", "held_at"):
        del letter[column]
    return cast("LetterDocument", letter)
