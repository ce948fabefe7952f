"""The letters that did not arrive, told to the organisers in one letter: whom to ring, and what about."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, bindparam, text

from notifications import outbox
from notifications.outbox import Undelivered
from notifications.passage import BULLETS
from workflow import clock
from workflow.audit.events import Letter
from workflow.edition import Edition
from workflow.engine.batch import OpenBatch
from workflow.engine.campaign import Campaign
from workflow.engine.correspondence import LANGUAGE, Remarks, people_of
from workflow.wording import say

KIND = "undelivered"
_ROLE = "organiser"
_NAMES = text("SELECT c.id, f.name FROM cases c JOIN forms f ON f.id = c.form_id WHERE c.id IN :ids").bindparams(
    bindparam("ids", expanding=True)
)


def report_undelivered(campaign: Campaign) -> int | None:
    """Queue a letter to each organiser about what did not arrive and was not reported yet; its batch.

    None where there is nothing to report. What became of such a report is reported nowhere.
    """
    with campaign.reading() as connection:
        if not outbox.unreported(connection, KIND):
            return None
    with campaign.writing() as (campaign, connection):
        letters = outbox.unreported(connection, KIND)
        if not letters:
            return None
        batch = OpenBatch(campaign, connection, KIND)
        names = _names_of(campaign.edition, connection, letters)
        points = [point for place, letter in enumerate(letters, 1) for point in _list_points(place, letter, names)]
        for organiser in people_of(campaign.edition, _ROLE):
            remarks = Remarks(say("undelivered.sentence", organiser.language, count=len(letters)), points)
            batch.letters.write(organiser, KIND, remarks)
        outbox.note_reported(connection, [letter.id for letter in letters], clock.write(campaign.now))
        batch.log.append(Letter.about(letter, "reported") for letter in letters)
        batch.close()
        return batch.id


def _names_of(edition: Edition, connection: Connection, letters: Sequence[Undelivered]) -> Mapping[str, str]:
    """The name of each case that the letters speak of, by number."""
    number_of = {edition.case_ordinal(number): number for letter in letters for number in letter.cases}
    rows = connection.execute(_NAMES, {"ids": list(number_of)}) if number_of else ()
    return {number_of[row.id]: row.name for row in rows}


def _list_points(place: int, letter: Undelivered, names: Mapping[str, str]) -> Iterator[str]:
    """Whom to ring; then, each with a bullet, what the letter said, what the server said, what to do."""
    state = say(f"letter.{letter.state}", LANGUAGE)
    whom = {"recipient": letter.recipient, "address": letter.address, "state": state}
    yield say("undelivered.whom", LANGUAGE, place=place, **whom)
    cases = [f"{number} {names.get(number, '')}".strip() for number in letter.cases]
    said = {"subject": letter.subject, "cases": cases, "answer": letter.answer}
    for name, value in said.items():
        if value:
            yield BULLETS[0] + say(f"undelivered.{name}", LANGUAGE, **{name: value})
    yield BULLETS[0] + say(f"undelivered.{letter.state}", LANGUAGE, letter=letter.id)
