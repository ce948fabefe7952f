"""Sending what the outbox holds, and writing down the fate of each letter."""

import asyncio
import os
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, text

from notifications import outbox
from notifications.answer import Transport
from notifications.bounce import return_path
from notifications.deliver import Delivery
from notifications.outbox import Claimed, Fate, Lapsed, Settled
from notifications.patience import Patience
from notifications.transport import TransportUnusable, open_transport
from workflow import clock
from workflow.audit.actor import identify
from workflow.audit.log import Entry, Log
from workflow.edition import Edition
from workflow.engine.campaign import Campaign
from workflow.engine.seal import seal_day
from workflow.errors import LetterUnknown, MailUnusable, PasswordUnreadable

_OVERTAKEN = (
    "EXISTS (SELECT 1 FROM letters c JOIN batches b ON b.id = c.batch_id WHERE b.undoes = letters.batch_id "
    "AND c.recipient = letters.recipient AND c.kind = 'corrected' AND c.state <> 'cancelled')"
)
_RETRY = text(
    "UPDATE letters SET state = 'queued', tries = 0, next_try = NULL WHERE id IN :ids "  # noqa: S608
    "AND (state IN ('failed', 'unknown', 'bounced') OR state = 'queued' AND next_try IS NOT NULL) "
    f"AND NOT {_OVERTAKEN} RETURNING id, message_id, recipient, kind"
).bindparams(bindparam("ids", expanding=True))
_AMONG_OVERTAKEN = text(f"SELECT id FROM letters WHERE id IN :ids AND {_OVERTAKEN}").bindparams(  # noqa: S608
    bindparam("ids", expanding=True)
)


class Reported(NamedTuple):
    """letter: its number in the outbox. state: what became of it."""

    letter: int
    state: str


def send(
    campaign: Campaign,
    password_file: str | None,
    tell: Callable[[Reported], None],
    stopped: Callable[[], bool] = lambda: False,
) -> list[Reported]:
    """Send every letter that is due, until none is left, the server wants a rest, or ``stopped``.

    No transaction is open while letters are under way. Several processes may do this at once. Letters whose sender
    died are reported as unknown. With the day's first letters the auditors get a signed checkpoint, where the key is
    here. Raises MailUnusable for an address that letters cannot leave by, PasswordUnreadable for a missing secret.
    """
    transport = _transport(campaign, password_file)
    seal_day(campaign)
    desk = _Desk(campaign, tell)
    delivery = Delivery(transport, envelope_sender(campaign.edition), desk.exchange, desk.may_start, stopped)
    asyncio.run(delivery.run())
    return desk.reported


def retry(campaign: Campaign, ids: Sequence[int]) -> list[int]:
    """Queue letters again that failed, bounced, whose fate is unknown or that wait, on a person's word.

    Raises LetterUnknown for any other, and for one that a correction has overtaken; then none is queued.
    """
    with campaign.writing() as (campaign, connection):
        lapsed = outbox.expire(connection, clock.write(campaign.now))
        rows = connection.execute(_RETRY, {"ids": list(ids)}).all()
        if missing := set(ids) - {row.id for row in rows}:
            raise LetterUnknown(letters=sorted(missing))
        log = _log(campaign, connection, campaign.now)
        log.append(_tell_lapsed(lapsed))
        log.append(
            Entry("letter", _what(row.message_id, row.recipient, row.kind, "queued", answer="", tries=0, next_try=None))
            for row in rows
        )
    return sorted(row.id for row in rows)


class _Desk:
    """Claims letters and writes down their fates, a transaction each time."""

    def __init__(self, campaign: Campaign, tell: Callable[[Reported], None]) -> None:
        self._campaign, self._tell = campaign, tell
        self._began = clock.now()
        self.reported: list[Reported] = []

    def exchange(self, fates: Sequence[Fate], room: int) -> list[Claimed]:
        """Write down the fates, and claim up to ``room`` more letters."""
        with self._campaign.writing() as (campaign, connection):
            now, limits = self._now(), campaign.edition.mail.delivery
            written = clock.write(now)
            lapsed = outbox.expire(connection, written)
            settled = outbox.mark(connection, self._settle(connection, fates, patience_of(campaign.edition), now))
            until = clock.write(now + timedelta(seconds=limits.lease_seconds))
            claimed = outbox.claim(connection, room, written, until) if room else []
            if lapsed or settled or claimed:
                log = _log(campaign, connection, self._dated(now))
                log.append([*_tell_lapsed(lapsed), *map(_tell_settled, settled), *map(_tell_claimed, claimed)])
        self._report([*(Reported(each.id, "unknown") for each in lapsed)])
        self._report([Reported(each.letter.id, each.state) for each in settled])
        return claimed

    def may_start(self, letter: Claimed) -> bool:
        """Whether the letter's time on the way still fits into its lease."""
        longest = timedelta(seconds=self._campaign.edition.mail.delivery.deadline_seconds)
        return clock.write(self._now() + longest) < letter.leased_until

    def _settle(
        self, connection: Connection, fates: Sequence[Fate], patience: Patience, now: datetime
    ) -> list[Settled]:
        settled = [settle(fate, patience, self._dated(now)) for fate in fates]
        again = [each.letter.id for each in settled if each.state == "queued"]
        overtaken = set(connection.execute(_AMONG_OVERTAKEN, {"ids": again}).scalars()) if again else set()
        return [
            each._replace(state="cancelled", tries=each.letter.tries, next_try=None)
            if each.letter.id in overtaken
            else each
            for each in settled
        ]

    def _now(self) -> datetime:
        return self._campaign.now + (clock.now() - self._began)

    def _dated(self, now: datetime) -> datetime:
        """What is written in a rehearsal bears the moment that was asked for."""
        return self._campaign.now if self._campaign.rehearsal else now

    def _report(self, reported: Iterable[Reported]) -> None:
        for each in reported:
            self.reported.append(each)
            self._tell(each)


def envelope_sender(edition: Edition) -> Callable[[Claimed], str]:
    """Where a letter comes back to: an address of its own, where the rule book names one for what bounces."""
    sender, bounces = edition.mail.sender, edition.mail.bounces
    return lambda letter: sender if bounces is None else return_path(bounces, letter.message_id)


def patience_of(edition: Edition) -> Patience:
    """How often, by this rule book, a letter is tried."""
    limits = edition.mail.delivery
    return Patience(
        limits.tries, timedelta(seconds=limits.first_wait_seconds), timedelta(seconds=limits.longest_wait_seconds)
    )


def settle(fate: Fate, patience: Patience, dated: datetime) -> Settled:
    """What the outbox is to keep of a fate: a letter refused for now waits for its next try, until patience ends."""
    letter, state, answer, step = fate
    sent_at = clock.write(dated) if state == "sent" else None
    if state == "released":
        return Settled(letter, "queued", answer, step, letter.tries - 1, None, None)
    if state == "deferred":
        wait = patience.wait(letter.message_id, letter.tries)
        if wait is not None:
            return Settled(letter, "queued", answer, step, letter.tries, None, clock.write(dated + wait))
        state = "failed"
    return Settled(letter, state, answer, step, letter.tries, sent_at, None)


def _tell_lapsed(lapsed: Iterable[Lapsed]) -> list[Entry]:
    return [
        Entry("letter", _what(each.message_id, each.recipient, each.kind, "unknown", answer=outbox.LAPSED))
        for each in lapsed
    ]


def _tell_settled(settled: Settled) -> Entry:
    letter, state, answer, step, tries, _, next_try = settled
    more: dict[str, Any] = {"answer": answer}
    if state == "queued":
        more |= {"tries": tries, "next_try": clock.show(clock.read(next_try)) if next_try else None}
    if step:
        more["step"] = step
    return Entry("letter", _what(letter.message_id, letter.recipient, letter.kind, state, **more))


def _tell_claimed(letter: Claimed) -> Entry:
    until = clock.show(clock.read(letter.leased_until))
    return Entry("letter", _what(letter.message_id, letter.recipient, letter.kind, "sending", until=until))


def _what(message_id: str, recipient: str, kind: str, state: str, **more: Any) -> dict[str, Any]:
    return {"letter": message_id, "recipient": recipient, "letter_kind": kind, "to": state, **more}


def _log(campaign: Campaign, connection: Connection, at: datetime) -> Log:
    return Log(connection, identify(connection), campaign.edition.sha256, at, None)


def _transport(campaign: Campaign, password_file: str | None) -> Transport:
    deadline = campaign.edition.mail.delivery.deadline_seconds
    try:
        return open_transport(campaign.mail, _password(password_file), deadline)
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
