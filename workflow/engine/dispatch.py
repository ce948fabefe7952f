"""Sending what the outbox holds, and writing down the fate of each letter."""

import asyncio
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, text

from notifications import outbox
from notifications.deliver import deliver
from notifications.outbox import Claimed, Fate
from notifications.transport import Transport, TransportUnusable, open_transport
from workflow import clock
from workflow.audit.actor import identify
from workflow.audit.log import Entry, Log
from workflow.engine.campaign import Campaign
from workflow.engine.seal import seal_day
from workflow.errors import LetterUnknown, MailUnusable, PasswordUnreadable

AT_ONCE = 25
_RETRY = text(
    "UPDATE letters SET state = 'queued' WHERE id IN :ids AND state IN ('failed', 'unknown', 'sending') "
    "AND NOT EXISTS (SELECT 1 FROM letters c JOIN batches b ON b.id = c.batch_id WHERE b.undoes = letters.batch_id "
    "AND c.recipient = letters.recipient AND c.kind = 'corrected' AND c.state <> 'cancelled') "
    "RETURNING id, message_id, recipient, kind"
).bindparams(bindparam("ids", expanding=True))


def send(campaign: Campaign, password_file: str | None, tell: Callable[[Fate], None]) -> list[Fate]:
    """Send every queued letter: claim some, send them with no transaction open, mark them; until none is left.

    With the day's first letters the auditors get a signed checkpoint, where the key is here.
    Raises MailUnusable for an address that letters cannot leave by, PasswordUnreadable for a missing secret.
    """
    transport = _transport(campaign, password_file)
    seal_day(campaign)
    fates: list[Fate] = []
    while letters := _claim(campaign):
        fates.extend(asyncio.run(_deliver(campaign, transport, letters, tell)))
    return fates


def retry(campaign: Campaign, ids: Sequence[int]) -> list[int]:
    """Queue letters again that failed, or whose fate is unknown, on a person's word.

    Raises LetterUnknown for any other, and for one that a correction has overtaken; then none is queued.
    """
    with campaign.writing() as (campaign, connection):
        rows = connection.execute(_RETRY, {"ids": list(ids)}).all()
        if missing := set(ids) - {row.id for row in rows}:
            raise LetterUnknown(letters=sorted(missing))
        _log(campaign, connection).append(
            Entry("letter", _what(row.message_id, row.recipient, row.kind, "queued", "")) for row in rows
        )
    return sorted(row.id for row in rows)


def _claim(campaign: Campaign) -> list[Claimed]:
    with campaign.writing() as (campaign, connection):
        letters = outbox.claim(connection, outbox.waiting(connection, AT_ONCE))
        _log(campaign, connection).append(
            Entry("letter", _what(letter.message_id, letter.recipient, letter.kind, "sending", ""))
            for letter in letters
        )
    return letters


async def _deliver(
    campaign: Campaign, transport: Transport, letters: Sequence[Claimed], tell: Callable[[Fate], None]
) -> list[Fate]:
    fates: list[Fate] = []
    try:
        async for fate in deliver(transport, campaign.edition.mail.sender, letters):
            fates.append(fate)
            tell(fate)
    finally:
        _mark(campaign, fates)
    return fates


def _mark(campaign: Campaign, fates: Sequence[Fate]) -> None:
    with campaign.writing() as (campaign, connection):
        marked = outbox.mark(connection, fates, clock.write(campaign.now))
        _log(campaign, connection).append(
            Entry(
                "letter",
                _what(fate.letter.message_id, fate.letter.recipient, fate.letter.kind, fate.state, fate.answer),
            )
            for fate in marked
        )


def _log(campaign: Campaign, connection: Connection) -> Log:
    return Log(connection, identify(connection), campaign.edition.sha256, campaign.now, None)


def _what(message_id: str, recipient: str, kind: str, state: str, answer: str) -> dict[str, Any]:
    return {"letter": message_id, "recipient": recipient, "letter_kind": kind, "to": state, "answer": answer}


def _transport(campaign: Campaign, password_file: str | None) -> Transport:
    try:
        return open_transport(campaign.mail, _password(password_file))
    except TransportUnusable:
        raise MailUnusable(mail=_without_password(campaign.mail)) from None


def _without_password(address: str) -> str:
    scheme, mark, rest = address.rpartition("://")
    user, at, host = rest.rpartition("@")
    return f"{scheme}{mark}{user.partition(':')[0]}{at}{host}"


def _password(file: str | None) -> str | None:
    if file is None:
        return os.environ.get("ANLI_MAIL_PASSWORD")
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise PasswordUnreadable(file=file, problem=str(error)) from None
