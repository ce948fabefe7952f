"""四 第二阶段: prechecks, hearings, surveys and the choice of the fifty."""

from random import Random

from workflow.demo.marks import Marks
from workflow.demo.phrases import phrase, phrases
from workflow.demo.sheets import write_reviews, write_scores, write_surveys
from workflow.demo.stage import Stage
from workflow.engine.batch import BatchReport


def play_phase_two(stage: Stage, seed: int) -> None:
    precheck(stage, seed)
    shortlist(stage)
    marks = hear(stage, seed)
    survey(stage, seed)
    choose(stage, marks)
    why = phrase("reasons", "not_in_the_fifty").format(capacity=stage.edition.capacity)
    stage.advance(stage.moment(9, 27, 10), "decline", why=why)


def precheck(stage: Stage, seed: int) -> None:
    """Who misses a standard is declined and told which; one objection is upheld. One row of the sheet is stale."""
    moment = stage.moment(7, 22, 10)
    numbers = [*stage.standing(moment, "recommended"), *stage.standing(moment, "withdrawn")[:1]]
    sheet = write_reviews(numbers, Random(f"{seed}/prechecks"))
    stage.import_sheet(moment, "review", "prechecks", sheet)
    report = stage.advance(stage.moment(7, 24, 10), "precheck")
    declined = decline_by_standard(stage, report)
    if declined:
        upheld = declined[:1]
        stage.advance(stage.moment(7, 30, 9), "reinstate", upheld, phrase("reasons", "reinstate"))
        again = write_reviews(upheld, Random(f"{seed}/prechecks-again"), failing=0)
        stage.import_sheet(stage.moment(7, 30, 9, 30), "review", "prechecks-again", again)
        stage.advance(stage.moment(7, 30, 10), "precheck", upheld)


def decline_by_standard(stage: Stage, report: BatchReport) -> list[str]:
    """One batch for each standard missed, so that each letter names it; gives the cases declined."""
    declined = []
    for number, standard in stage.edition.standards.items():
        missed = [
            stage.number(refusal.case_id)
            for refusal in report.refused
            if any(reason.values.get("standards") == [number] for reason in refusal.reasons)
        ]
        if missed:
            finding = phrases("sheets", "review_failings")[number - 1]
            why = phrase("reasons", "missed").format(number=number, standard=standard.name, finding=finding)
            stage.advance(stage.moment(7, 26, 9, number), "decline", missed, why)
            declined += missed
    return declined


def shortlist(stage: Stage) -> None:
    """One category alone goes first by mistake; its letters are still in the outbox when the batch is undone."""
    category = min(stage.edition.categories)
    report = stage.advance(stage.moment(8, 1, 16), "shortlist", category=category, post=False)
    if report.moved and report.batch is not None:
        stage.undo(stage.moment(8, 1, 16, 5), report.batch, phrase("reasons", "one_category"))
    stage.advance(stage.moment(8, 2, 9), "shortlist")


def hear(stage: Stage, seed: int) -> Marks:
    moment = stage.moment(8, 26, 10)
    numbers = stage.standing(moment, "shortlisted")
    sheet = write_scores(numbers, phrases("judging", "judges"), Random(f"{seed}/scores"))
    stage.import_sheet(moment, "scores", "scores", sheet)
    stage.advance(stage.moment(8, 27, 9), "present")
    return Marks(sheet)


def survey(stage: Stage, seed: int) -> None:
    """The first fifty are surveyed; who is not verified is declined, and the next in the ranking are surveyed."""
    ranked = [row.case for row in stage.ranking(stage.moment(8, 28, 9))]
    capacity = stage.edition.capacity
    sheet = write_surveys(ranked[:capacity], Random(f"{seed}/surveys"))
    stage.import_sheet(stage.moment(9, 13, 9), "surveys", "surveys", sheet)
    stage.advance(stage.moment(9, 13, 10), "survey", ranked[:capacity])
    refused = stage.preview(stage.moment(9, 13, 11), "select").refused
    false = [stage.number(row.case_id) for row in refused if "survey-not-verified" in {r.code for r in row.reasons}]
    if false:
        stage.advance(stage.moment(9, 14, 9), "decline", false, phrase("reasons", "unverified"))
    if following := ranked[capacity : capacity + len(false)]:
        sheet = write_surveys(following, Random(f"{seed}/surveys-again"), unverified=0)
        stage.import_sheet(stage.moment(9, 19, 9), "surveys", "surveys-again", sheet)
        stage.advance(stage.moment(9, 19, 10), "survey", following)


def choose(stage: Stage, marks: Marks) -> None:
    """A corrected sheet makes the last place a tie, which lets nobody in until one of the two is heard again."""
    ranked = [row.case for row in stage.ranking(stage.moment(9, 20, 9))]
    capacity = stage.edition.capacity
    contested = len(ranked) > capacity
    if contested:
        last, next_one = ranked[capacity - 1 : capacity + 1]
        stage.import_sheet(stage.moment(9, 20, 10), "scores", "scores-amended", marks.draw_level(next_one, last))
    stage.advance(stage.moment(9, 23, 9), "select")
    if contested:
        stage.import_sheet(stage.moment(9, 24, 9), "scores", "scores-heard-again", marks.part(next_one))
        stage.advance(stage.moment(9, 24, 10), "select")
