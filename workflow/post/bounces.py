"""Letters that came back: what reports say goes on record, and which addresses take no more of them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from notifications.bounce import DeliveryReport, Recipient, answer_of
from notifications.bounced import Posted, find_posted, mark_bounced, read_bounced
from workflow import clock
from workflow.audit.events import Bounce
from workflow.audit.history import Wanted, read_log
from workflow.edition import Edition
from workflow.engine.campaign import Campaign
from workflow.engine.correspondence import Addressee, people_of, recipient_of
from workflow.engine.staff import ROLES

_OUT = ("sent", "unknown")


class Noted(NamedTuple):
    """What a report came to. letter, to, state: of the letter it is about, where one is known.

    outcome: ``bounced`` where the letter came back by it, ``noted`` where it changes nothing, ``repeated`` where it was
    read before, ``waiting`` where the letter's sender has yet to say what became of it, ``unknown`` where it is about
    no letter of the campaign or cannot be read.
    """

    letter: int | None
    to: str | None
    state: str | None
    status: str
    words: str
    outcome: str


class Unreachable(NamedTuple):
    """Somebody whose address a letter came back from for good, the letter, and what was said."""

    name: str
    address: str
    letter: int
    answer: str


def note_bounces(campaign: Campaign, reports: Sequence[DeliveryReport]) -> list[Noted]:
    """Put what reports say on record, each once, and mark the letters that came back by them; all in one transaction.

    A report is believed by the letter's Message-ID or the token in its return path, which nobody can guess, and only
    where it names no other. It need not name the letter's address: mail is passed on.
    """
    with campaign.writing() as (campaign, connection):
        bounce_import = _BounceImport(campaign, connection, reports)
        noted = [bounce_import.note(report) for report in reports]
        bounce_import.write()
    return noted


def unreachable(connection: Connection, edition: Edition) -> list[Unreachable]:
    """Units and people of the rule book that letters do not reach, in its order."""
    bounced = read_bounced(connection)
    return [
        Unreachable(person.name, person.address, *bounced[person.address])
        for person in _addressees(edition)
        if person.address in bounced
    ]


def _addressees(edition: Edition) -> Iterable[Addressee]:
    units = [recipient for name in edition.units if (recipient := recipient_of(edition, name)) is not None]
    return [*units, *(person for role in ROLES for person in people_of(edition, role))]


class _BounceImport:
    """Goes through reports inside one transaction."""

    def __init__(self, campaign: Campaign, connection: Connection, reports: Sequence[DeliveryReport]) -> None:
        self._campaign, self._connection = campaign, connection
        self._domain, self._now = campaign.edition.mail.message_id_domain, clock.write(campaign.now)
        self._read = {
            event.report for event in read_log(connection, Wanted(kind="bounce")) if isinstance(event, Bounce)
        }
        named = {name for report in reports for name in report.names(self._domain)}
        self._letters = find_posted(connection, sorted(named))
        self._answers: dict[int, str] = {}
        self._events: list[Bounce] = []

    def note(self, report: DeliveryReport) -> Noted:
        letter = self._find(report)
        reported = report.about(letter.address if letter else "")
        if reported is not None and not reported.words:
            reported = reported._replace(words=report.words)
        if letter is None or reported is None or not reported.action:
            status, words = (reported.status, reported.words) if reported else ("", report.words)
            return Noted(*_shown(letter), status, words, "unknown")
        outcome = self._judge(report, letter, reported)
        if outcome in ("bounced", "noted"):
            answer = answer_of(reported, letter.address)
            self._read.add(report.identity)
            self._events.append(_tell_bounce(report, letter, reported, answer, outcome))
            if outcome == "bounced":
                self._answers[letter.id] = answer
                self._letters[letter.message_id] = letter = letter._replace(state="bounced", leased_until=None)
        return Noted(*_shown(letter), reported.status, reported.words, outcome)

    def write(self) -> None:
        if self._events:
            mark_bounced(self._connection, self._answers)
            self._campaign.log(self._connection).append(self._events)

    def _find(self, report: DeliveryReport) -> Posted | None:
        """The letter it is about; None where it names none, several, or one that is not ours."""
        names = report.names(self._domain)
        return self._letters.get(next(iter(names))) if len(names) == 1 else None

    def _judge(self, report: DeliveryReport, letter: Posted, reported: Recipient) -> str:
        if report.identity in self._read:
            return "repeated"
        lapsed = letter.leased_until is not None and letter.leased_until <= self._now
        if letter.state == "sending" and not lapsed:
            return "waiting"
        return "bounced" if reported.action == "failed" and (letter.state in _OUT or lapsed) else "noted"


def _shown(letter: Posted | None) -> tuple[int | None, str | None, str | None]:
    return (letter.id, letter.address, letter.state) if letter else (None, None, None)


def _tell_bounce(report: DeliveryReport, letter: Posted, reported: Recipient, answer: str, outcome: str) -> Bounce:
    return Bounce(
        letter=letter.message_id,
        letter_kind=letter.kind,
        recipient=letter.recipient,
        action=reported.action,
        answer=answer,
        outcome=outcome,
        report=report.identity,
        status=reported.status,
    )
