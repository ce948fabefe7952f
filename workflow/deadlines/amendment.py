"""An extension: a window that closes at another moment, on record, with letters to those concerned."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert, update

from workflow import clock
from workflow.audit.actor import identify
from workflow.audit.events import Amendment, Postponement
from workflow.deadlines.pending import closing_of
from workflow.edition import Edition, parse
from workflow.edition.amendments import write_amendment
from workflow.edition.calendar import RECEIVED
from workflow.edition.words import check_unit
from workflow.engine.batch import OpenBatch
from workflow.engine.campaign import Campaign
from workflow.engine.correspondence import Queued, Remarks, recipient_of
from workflow.engine.dates import date_of_close
from workflow.engine.reason import require_reason
from workflow.engine.staff import RoleNeeded
from workflow.errors import AnliError, UsageError
from workflow.store import Campaign as CampaignRow
from workflow.store import EditionVersion
from workflow.wording import say, show_deadline

TRIGGER = "amend"
KIND = "amended"
ROLE = "organiser"


class WindowUnknown(UsageError):
    """No window of that name: values are word, known."""

    code = "error.window-unknown"
    family = "window"


class UntilPast(UsageError):
    """A window cannot be made to close in the past: values are until, now (RFC 3339)."""

    code = "error.until-past"


class WindowPromised(AnliError):
    """The window would close earlier than was promised: values are window, promised, until (RFC 3339)."""

    code = "error.window-promised"


class AmendsNothing(AnliError):
    """The window closes at that moment already: values are window, until (RFC 3339)."""

    code = "error.amends-nothing"


class Postponed(NamedTuple):
    """A deadline that falls due at another moment now; ``was`` is None where it falls due once more."""

    deadline: str
    was: datetime | None
    due: datetime


class Amended(NamedTuple):
    """What an extension changed. edition: SHA-256 of the rule book from now on."""

    batch: int
    window: str
    unit: str | None
    was: datetime
    until: datetime
    edition: str
    postponed: list[Postponed]
    letters: list[Queued]


def extend(
    campaign: Campaign, window: str, until: datetime, unit: str | None, why: str | None, force: bool = False
) -> Amended:
    """Let a window, or ``received``, close at ``until``, for every unit or for one.

    Raises ReasonNeeded, WindowUnknown, UnitUnknown, UntilPast, RoleNeeded, AmendsNothing, WindowPromised for a window
    that would close earlier than promised unless forced, and EditionInvalid where the rule book would not hold
    together.
    """
    why = require_reason(why, "calendar extend")
    if until <= campaign.now:
        edition = campaign.edition
        raise UntilPast(until=edition.local(until), now=edition.local(campaign.now))
    with campaign.writing() as (campaign, connection):
        before = campaign.edition
        if window != RECEIVED and window not in before.windows:
            raise WindowUnknown(word=window, known=[RECEIVED, *before.windows])
        check_unit(before, unit)
        if (actor := identify(connection)).role != ROLE:
            raise RoleNeeded(role=ROLE, account=actor.account)
        was = closing_of(before, window, unit)
        _check_promise(window, before.local(was), before.local(until), force)
        local = until.astimezone(before.zone).replace(tzinfo=None)
        source = before.source + write_amendment(window, local, unit, why)
        after = parse(source, f"{before.name}.toml", adopted=True)
        row = {"sha256": after.sha256, "name": after.name, "source": source, "adopted_at": campaign.now}
        connection.execute(insert(EditionVersion), row)
        connection.execute(update(CampaignRow).values(edition_sha256=after.sha256))
        postponed = compare_calendars(before, after)
        batch = OpenBatch(replace(campaign, edition=after), connection, TRIGGER, why)
        amendment = Amendment(
            before=before.sha256,
            forced=force,
            postponed=[
                Postponement(moved.deadline, clock.show(moved.was) if moved.was else None, clock.show(moved.due))
                for moved in postponed
            ],
            rule_book=after.name,
            unit=unit,
            until=clock.show(until),
            was=clock.show(was),
            why=why,
            window=window,
        )
        batch.log.append([amendment])
        _tell(batch, window, unit, was, until)
        report = batch.close()
    return Amended(batch.id, window, unit, was, until, after.sha256, postponed, report.letters)


def compare_calendars(before: Edition, after: Edition) -> list[Postponed]:
    """Every deadline that one calendar has and the other has not."""
    old = {(deadline.name, deadline.due) for deadline in before.deadlines}
    new = {(deadline.name, deadline.due) for deadline in after.deadlines}
    gone = dict(sorted(old - new, reverse=True))
    return [Postponed(name, gone.get(name), due) for name, due in sorted(new - old, key=lambda key: (key[1], key[0]))]


def _check_promise(window: str, was: datetime, until: datetime, force: bool) -> None:
    values = {"window": window, "promised": was, "until": until}
    if until == was:
        raise AmendsNothing(window=window, until=until)
    if until < was and not force:
        raise WindowPromised(**values)


def _tell(batch: OpenBatch, window: str, unit: str | None, was: datetime, until: datetime) -> None:
    edition = batch.campaign.edition
    concerned: Sequence[str] = list(edition.units) if unit is None else [unit]
    for name in concerned:
        recipient = recipient_of(edition, name)
        if recipient is None or closing_of(edition, window, name) != until:
            continue
        language = recipient.language
        moments = {"was": was, "until": until}
        shown = {key: show_deadline(moment, edition.zone, language) for key, moment in moments.items()}
        what = say(f"window.{window}", language)
        points = [say("amended.why", language, why=batch.why)]
        dates = [date_of_close(batch.campaign, window, until, language)]
        batch.letters.write(recipient, KIND, Remarks(say("amended.until", language, what=what, **shown), points, dates))
