"""What a person does with letters in the outbox: keep back, let go, cancel, send again. All that are named, or none."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, text

from notifications import outbox
from notifications.outbox import Choice, Named
from workflow import clock
from workflow.audit.events import UNSET, Letter, Maybe
from workflow.edition.words import check_unit
from workflow.engine.batch import BatchUnknown
from workflow.engine.campaign import Campaign
from workflow.engine.reason import require_reason
from workflow.errors import AnliError, UsageError
from workflow.post.overtaken import OVERTAKEN

_RETRY = text(
    "UPDATE letters SET state = 'queued', tries = 0, next_try = NULL, reported_at = NULL WHERE id IN :ids "  # noqa: S608
    "AND (state IN ('failed', 'unknown', 'bounced') OR state = 'queued' AND next_try IS NOT NULL) "
    f"AND NOT {OVERTAKEN} RETURNING id, message_id, recipient, kind"
).bindparams(bindparam("ids", expanding=True))
_BATCH = text("SELECT 1 FROM batches WHERE id = :batch")


class LetterUnknown(AnliError):
    """No such letters, or not in a state to be sent again: values are letters."""

    code = "error.letter-unknown"


class LettersUnfit(AnliError):
    """No such letters, or in no state for what was asked: values are letters; ``act`` says what was asked."""

    CODES: Mapping[str, str] = {
        "held": "error.letters-not-held",
        "released": "error.letters-not-released",
        "cancelled": "error.letters-not-cancelled",
        "sent": "error.letters-not-sent",
    }

    def __init__(self, *, letters: list[int], act: str) -> None:
        self.code = self.CODES[act]
        super().__init__(letters=letters)


class NoSuchLetters(AnliError):
    """Nothing of the batch is in a state for what was asked: values are batch."""

    code = "error.no-such-letters"


class LettersUnsaid(UsageError):
    """Neither letters nor a batch were named, or both."""

    code = "error.letters-unsaid"


def hold(campaign: Campaign, ids: Sequence[int], batch: int | None = None) -> list[int]:
    """Keep back letters that are queued: no sender claims them until they are released. Their numbers.

    Here and in ``release`` and ``cancel`` either letters are named, and all of them must be fit for it, or a batch is,
    of which those that are fit are taken. Raises LettersUnsaid, LettersUnfit, BatchUnknown, NoSuchLetters.
    """
    choice = _choose(ids, batch)
    with campaign.writing() as (campaign, connection):
        held = outbox.hold(connection, choice, clock.write(campaign.now))
        return _note(campaign, connection, choice, held, "held")


def release(campaign: Campaign, ids: Sequence[int], batch: int | None = None) -> list[int]:
    """Let go of letters that are held. One that a correction has overtaken meanwhile is not fit for that."""
    choice = _choose(ids, batch)
    with campaign.writing() as (campaign, connection):
        released = outbox.release(connection, choice, f"NOT {OVERTAKEN}")
        return _note(campaign, connection, choice, released, "released")


def cancel(campaign: Campaign, ids: Sequence[int], batch: int | None, why: str | None) -> list[int]:
    """Cancel letters that are queued or have failed: they are never sent. Raises ReasonNeeded as well."""
    why = require_reason(why, "mail cancel")
    choice = _choose(ids, batch)
    with campaign.writing() as (campaign, connection):
        cancelled = outbox.cancel(connection, choice)
        return _note(campaign, connection, choice, cancelled, "cancelled", why=why)


def retry(campaign: Campaign, ids: Sequence[int]) -> list[int]:
    """Queue letters again that failed, bounced, whose fate is unknown or that wait, on a person's word.

    Raises LetterUnknown for any other, and for one that a correction has overtaken; then none is queued.
    """
    with campaign.writing() as (campaign, connection):
        lapsed = outbox.expire(connection, clock.write(campaign.now), Choice(ids))
        rows = [Named(**row) for row in connection.execute(_RETRY, {"ids": list(ids)}).mappings()]
        if missing := set(ids) - {row.id for row in rows}:
            raise LetterUnknown(letters=sorted(missing))
        log = campaign.log(connection)
        log.append(Letter.about(letter, "unknown", answer=outbox.LAPSED) for letter in lapsed)
        log.append(Letter.about(row, "queued", answer="", tries=0, next_try=None) for row in rows)
    return sorted(row.id for row in rows)


def check_choice(campaign: Campaign, connection: Connection, choice: Choice) -> None:
    """That what is to be sent can be: every letter named is due, and there are such a batch and such a unit.

    Raises LettersUnfit, BatchUnknown, UnitUnknown.
    """
    check_unit(campaign.edition, choice.recipient)
    _check_batch(connection, choice)
    if choice.ids is not None:
        due = outbox.due(connection, clock.write(campaign.now), choice)
        if unfit := set(choice.ids) - due:
            raise LettersUnfit(letters=sorted(unfit), act="sent")


def _choose(ids: Sequence[int], batch: int | None) -> Choice:
    if bool(ids) is (batch is not None):
        raise LettersUnsaid
    return Choice(batch=batch) if batch is not None else Choice(tuple(ids))


def _note(
    campaign: Campaign,
    connection: Connection,
    choice: Choice,
    done: Sequence[Named],
    act: str,
    why: str | Maybe = UNSET,
) -> list[int]:
    """Put on record what was done, if it was done to all that were named."""
    if choice.ids is None and not done:
        _check_batch(connection, choice)
        raise NoSuchLetters(batch=choice.batch)
    if unfit := set(choice.ids or ()) - {letter.id for letter in done}:
        raise LettersUnfit(letters=sorted(unfit), act=act)
    campaign.log(connection).append(Letter.about(letter, act, why=why) for letter in done)
    return [letter.id for letter in done]


def _check_batch(connection: Connection, choice: Choice) -> None:
    if choice.batch is not None and connection.execute(_BATCH, {"batch": choice.batch}).first() is None:
        raise BatchUnknown(batch=choice.batch)
