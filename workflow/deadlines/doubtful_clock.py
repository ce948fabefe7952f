"""The organisers told, once, that the clock has leapt ahead and that nothing is done until one of them accepts it."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from workflow import clock
from workflow.engine.batch import OpenBatch
from workflow.engine.campaign import Campaign
from workflow.engine.correspondence import Remarks, people_of
from workflow.engine.jump import Jump
from workflow.post.clock_warning import KIND
from workflow.wording import say, show_moment

_ROLE = "organiser"
_SENDING = timedelta(hours=1)
"""How long after a warning was written its sending may still have been put on record."""

_TOLD = text("SELECT 1 FROM letters WHERE kind = :kind AND queued_at >= :since")


def report_jump(campaign: Campaign, jump: Jump) -> None:
    """Queue a letter to each organiser, unless they were told of this leap.

    As long as nobody has accepted the clock, time stands still on record: the letter bears the last moment known.
    """
    with replace(campaign, now=jump.last, follows_clock=False).writing() as (standing, connection):
        if _told(connection, jump):
            return
        batch = OpenBatch(standing, connection, KIND)
        for organiser in people_of(standing.edition, _ROLE):
            language = organiser.language
            shown = {name: show_moment(moment, standing.edition.zone, language) for name, moment in _moments(jump)}
            sentence = say("clock-ahead.sentence", language, count=len(jump.passed), **shown)
            points = [say(f"clock-ahead.{point}", language) for point in ("right", "wrong")]
            batch.letters.write(organiser, KIND, Remarks(sentence, points))
        batch.close()


def _moments(jump: Jump) -> list[tuple[str, datetime]]:
    return [("last", jump.last), ("now", jump.now)]


def _told(connection: Connection, jump: Jump) -> bool:
    values = {"kind": KIND, "since": clock.write(jump.last - _SENDING)}
    return connection.execute(_TOLD, values).first() is not None
