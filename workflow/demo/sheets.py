"""The sheets organisers fill after the submissions: reviews, scores and surveys, as Excel saves them to CSV."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from random import Random

from workflow.demo.phrases import phrases

BYTE_ORDER_MARK = "\ufeff"
STANDARDS = range(1, 6)
REVIEW_COLUMNS = (
    "case",
    "reviewer",
    *(f"standard_{number}" for number in STANDARDS),
    "implemented_from",
    "implemented_until",
    "mainly_hubei",
    "note",
)
SCORE_COLUMNS = ("case", "judge", "score", "note")
SURVEY_COLUMNS = ("case", "mode", "verified", "surveyor", "note")
YES, NO = "yes", "no"


def write_reviews(case_numbers: Sequence[str], rng: Random, failing: float = 0.08) -> str:
    """One review a case (五): exactly round(failing × cases) of them fail one standard, all others meet all five.

    Implementation lies within January 2021 and May 2024, months as YYYY-MM.
    """
    failed = choose_share(case_numbers, failing, rng)
    failings = phrases("sheets", "review_failings")
    rows: list[Sequence[object]] = []
    for case in case_numbers:
        missed = rng.choice(STANDARDS) if case in failed else None
        note = failings[missed - 1] if missed else rng.choice(phrases("sheets", "review_notes"))
        rows.append(
            (
                case,
                rng.choice(phrases("sheets", "reviewers")),
                *(NO if number == missed else YES for number in STANDARDS),
                f"{rng.choice((2021, 2021, 2022, 2023))}-{rng.randint(1, 12):02d}",
                f"2024-{rng.choice((2, 3, 4, 5, 5, 5)):02d}",
                YES,
                note,
            )
        )
    return write_sheet(REVIEW_COLUMNS, rows)


def write_scores(case_numbers: Sequence[str], judges: Sequence[str], rng: Random) -> str:
    """Every judge's score of every case, 0 to 100 with up to two decimals; a judge's scores follow the case's worth."""
    rows: list[Sequence[object]] = []
    leanings = {judge: rng.gauss(0, 1.2) for judge in judges}
    for case in case_numbers:
        worth = rng.gauss(82, 6)
        for judge in judges:
            score = min(100.0, max(0.0, worth + leanings[judge] + rng.gauss(0, 2)))
            shown = f"{round(score, rng.choice((0, 1, 1, 2))):.2f}".rstrip("0").rstrip(".")
            rows.append((case, judge, shown, rng.choice(phrases("sheets", "score_notes"))))
    return write_sheet(SCORE_COLUMNS, rows)


def write_surveys(case_numbers: Sequence[str], rng: Random, unverified: float = 0.05) -> str:
    """One survey a case (四), a third on site: exactly round(unverified × cases) of them do not verify the case."""
    failed = choose_share(case_numbers, unverified, rng)
    rows: list[Sequence[object]] = []
    for case in case_numbers:
        notes = phrases("sheets", "survey_failings" if case in failed else "survey_notes")
        rows.append(
            (
                case,
                rng.choice(("online", "online", "onsite")),
                NO if case in failed else YES,
                rng.choice(phrases("sheets", "surveyors")),
                rng.choice(notes),
            )
        )
    return write_sheet(SURVEY_COLUMNS, rows)


def choose_share(case_numbers: Sequence[str], share: float, rng: Random) -> frozenset[str]:
    return frozenset(rng.sample(list(case_numbers), round(share * len(case_numbers))))


def write_sheet(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV (RFC 4180) with CRLF and a byte order mark; encode it as plain utf-8."""
    sheet = StringIO(newline="")
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return BYTE_ORDER_MARK + sheet.getvalue()
