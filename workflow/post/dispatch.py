"""Sending what the outbox holds, and writing down the fate of each letter."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from notifications import outbox
from notifications.bounce import return_path
from notifications.deliver import Delivery
from notifications.outbox import EVERY, Choice, Claimed, Fate, Settled
from notifications.patience import Patience
from workflow import clock
from workflow.audit.events import UNSET, Letter, Maybe
from workflow.edition import Edition
from workflow.engine.campaign import Campaign
from workflow.engine.seal import seal_day
from workflow.post.clock_warning import stand_still
from workflow.post.handling import check_choice
from workflow.post.mail_pause import check_not_paused, read_pause
from workflow.post.overtaken import overtaken_among
from workflow.post.undelivered import report_undelivered
from workflow.post.way_out import open_way_out

_log = logging.getLogger(__name__)

_AT_THE_DOOR = ("", "connection", "sender")
"""Steps at which a way out turns away whatever it is given."""


class Reported(NamedTuple):
    """letter: its number in the outbox. state: what became of it."""

    letter: int
    state: str


def send(
    campaign: Campaign,
    inform: Callable[[Reported], None],
    stopped: Callable[[], bool] = lambda: False,
    choice: Choice = EVERY,
) -> list[Reported]:
    """Send every letter that is due, or those chosen, until none is left, the server wants a rest, or ``stopped``.

    No transaction is open while letters are under way. Several processes may do this at once. Letters whose sender
    died are reported as unknown. With the day's first letters the auditors get a signed checkpoint, where the key is
    here. At the end the organisers are written to about letters that did not arrive, unless the server takes none.
    Where the clock has leapt ahead only the warnings of that go out, and ClockAhead is raised.
    Raises MailPaused, what ``open_way_out`` raises, and what ``check_choice`` raises.
    """
    if (jump := campaign.find_jump()) is not None:
        standing, warnings = stand_still(campaign, jump)
        if warnings is not None:
            send(standing, inform, stopped, warnings)
        raise jump.doubt(campaign.edition)
    transport = open_way_out(campaign)
    with campaign.reading() as connection:
        check_not_paused(campaign, connection)
        check_choice(campaign, connection, choice)
    if choice == EVERY:
        seal_day(campaign)
    dispatch = _Dispatch(campaign, inform, choice)

    def ends() -> bool:
        return dispatch.paused or stopped()

    def deliver() -> Delivery:
        sender = envelope_sender(campaign.edition)
        delivery = Delivery(
            transport, sender, dispatch.exchange, dispatch.may_start, lambda: dispatch.paused or stopped()
        )
        asyncio.run(delivery.run())
        return delivery

    delivery = deliver()
    if dispatch.turned_away or dispatch.paused or stopped():
        return dispatch.reported
    report = report_undelivered(campaign)
    if report is not None and not delivery.resting:
        dispatch.choice = Choice(batch=report)
        deliver()
    return dispatch.reported


class _Dispatch:
    """Claims letters and writes down their fates, a transaction each time.

    paused: as it was found at the last claim. turned_away: the way out was tried, and takes no letter at all.
    """

    def __init__(self, campaign: Campaign, inform: Callable[[Reported], None], choice: Choice = EVERY) -> None:
        self._campaign, self._inform, self.choice = campaign, inform, choice
        self._began = clock.now()
        self.reported: list[Reported] = []
        self.paused = self.turned_away = self._let_in = False

    def exchange(self, fates: Sequence[Fate], room: int) -> list[Claimed]:
        """Write down the fates, and claim up to ``room`` more letters."""
        with self._campaign.writing() as (campaign, connection):
            now, limits = self._now(), campaign.edition.mail.delivery
            written = clock.write(now)
            self.paused = read_pause(connection) is not None
            lapsed = outbox.expire(connection, written, self.choice)
            settled = outbox.mark(connection, self._settle(connection, fates, patience_of(campaign.edition), now))
            until = clock.write(now + timedelta(seconds=limits.lease_seconds))
            claimed = outbox.claim(connection, room, written, until, self.choice) if room and not self.paused else []
            claimed = [self._reroute(letter) for letter in claimed]
            if lapsed or settled or claimed:
                log = campaign.log(connection, self._dated(now))
                log.append(Letter.about(letter, "unknown", answer=outbox.LAPSED) for letter in lapsed)
                log.append(_tell_settled(letter, self._campaign.mail_to) for letter in settled)
                log.append(_tell_claimed(letter, self._campaign.mail_to) for letter in claimed)
        for letter in claimed:
            _log.info("log.letter-goes-out", {"letter": letter.id, "address": letter.address})
        self._look_at_the_door(fates)
        self._report([*(Reported(letter.id, "unknown") for letter in lapsed)])
        self._report([Reported(attempt.letter.id, attempt.state) for attempt in settled])
        return claimed

    def may_start(self, letter: Claimed) -> bool:
        """Whether the letter's time on the way still fits into its lease."""
        longest = timedelta(seconds=self._campaign.edition.mail.delivery.deadline_seconds)
        return clock.write(self._now() + longest) < letter.leased_until

    def _settle(
        self, connection: Connection, fates: Sequence[Fate], patience: Patience, now: datetime
    ) -> list[Settled]:
        settled = [settle(fate, patience, self._dated(now)) for fate in fates]
        again = [attempt.letter.id for attempt in settled if attempt.state == "queued"]
        overtaken = overtaken_among(connection, again)
        return [
            attempt._replace(state="cancelled", tries=attempt.letter.tries, next_try=None)
            if attempt.letter.id in overtaken
            else attempt
            for attempt in settled
        ]

    def _reroute(self, letter: Claimed) -> Claimed:
        """In a rehearsal that has an address for it, everything goes there and nowhere else."""
        test_address = self._campaign.mail_to
        return letter if test_address is None else letter._replace(address=test_address)

    def _look_at_the_door(self, fates: Sequence[Fate]) -> None:
        tried = [fate for fate in fates if fate.state != "released"]
        self._let_in = self._let_in or any(fate.state == "sent" or fate.step not in _AT_THE_DOOR for fate in tried)
        self.turned_away = not self._let_in and (self.turned_away or bool(tried))

    def _now(self) -> datetime:
        return self._campaign.now + (clock.now() - self._began)

    def _dated(self, now: datetime) -> datetime:
        """What is written in a rehearsal bears the moment that was asked for."""
        return self._campaign.now if self._campaign.rehearsal else now

    def _report(self, reported: Iterable[Reported]) -> None:
        for each in reported:
            _log.info("log.letter-settled", {"letter": each.letter, "state": each.state})
            self.reported.append(each)
            self._inform(each)


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


def _tell_settled(settled: Settled, test_address: str | None) -> Letter:
    letter, state, answer, step, tries, _, next_try = settled
    queued = state == "queued"
    return Letter.about(
        letter,
        state,
        answer=answer,
        envelope=_envelope(test_address),
        next_try=(clock.show(clock.read(next_try)) if next_try else None) if queued else UNSET,
        step=step or UNSET,
        tries=tries if queued else UNSET,
    )


def _tell_claimed(letter: Claimed, test_address: str | None) -> Letter:
    until = clock.show(clock.read(letter.leased_until))
    return Letter.about(letter, "sending", until=until, envelope=_envelope(test_address))


def _envelope(test_address: str | None) -> str | Maybe:
    """Where a letter really goes, where that is not where it is addressed to."""
    return UNSET if test_address is None else test_address
