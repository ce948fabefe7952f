"""四 第一阶段: submissions come in and are recommended, until those that cannot be have lapsed."""

from datetime import datetime, timedelta

from workflow.demo.phrases import phrase
from workflow.demo.postbag import Postbag, Returned
from workflow.demo.stage import Stage
from workflow.engine.plan import Refusal
from workflow.intake.tell import Taken

SITTINGS = ((6, 12, 17), (6, 21, 17), (6, 27, 17), (6, 30, 18), (7, 3, 9))
CORRECTED_AT = (7, 8, 10, 12)


def play_phase_one(stage: Stage, postbag: Postbag) -> None:
    since = stage.opening
    for place, sitting in enumerate(SITTINGS):
        moment = stage.moment(*sitting)
        taken = stage.take_in(moment, postbag.arrived(since, moment))
        if place == 1:
            press_too_early(stage, moment + timedelta(minutes=30), taken)
        else:
            report = stage.advance(moment + timedelta(hours=1), "recommend")
        since = moment
    make_room(stage, report.refused)
    if postbag.returned is not None:
        return_for_correction(stage, postbag, postbag.returned, since)
    lapse(stage)


def press_too_early(stage: Stage, moment: datetime, taken: list[Taken]) -> None:
    """A unit is recommended before it has made up its mind; the batch is undone after its letter went out."""
    ready = [mail.unit for mail in taken if any(form.case_id and form.complete for form in mail.forms)]
    if not ready:
        return
    report = stage.advance(moment, "recommend", unit=ready[-1])
    if report.moved and report.batch is not None:
        stage.undo(moment + timedelta(hours=16), report.batch, phrase("reasons", "too_early"))


def make_room(stage: Stage, refused: list[Refusal]) -> None:
    """A unit beyond its quota withdraws one case, and the one that was refused for it takes the place."""
    full = (
        refusal
        for refusal in refused
        if [reason.code for reason in refusal.reasons if reason.blocking] == ["over-quota"]
    )
    if (waiting := next(full, None)) is None:
        return
    moment = stage.moment(7, 4, 15)
    last = stage.standing(moment, "recommended", waiting.unit)[-1]
    stage.advance(moment, "withdraw", [last], phrase("reasons", "withdraw"))
    stage.advance(stage.moment(7, 5, 9), "recommend", [stage.number(waiting.case_id)])


def return_for_correction(stage: Stage, postbag: Postbag, returned: Returned, since: datetime) -> None:
    """A recommended case goes back for a better scan, and comes in again after the deadline but still in time."""
    moment = stage.moment(7, 5, 10)
    numbers = stage.standing(moment, "recommended", returned.unit, returned.case.name)
    if not numbers:
        return
    stage.advance(moment, "return", numbers, phrase("reasons", "return"))
    again = stage.moment(7, 8, 15)
    stage.take_in(again, postbag.arrived(since, again))
    stage.advance(again + timedelta(minutes=20), "recommend", numbers)


def lapse(stage: Stage) -> None:
    """What could not be recommended lapses; each letter says what stood in the way."""
    stage.advance(stage.moment(7, 16, 9), "lapse")
