"""A person settles what a mail leaves open: whose it is, when it came, what its forms mean, or that it asks nothing."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, update
from sqlmodel import col

from states.course import COURSE
from workflow import clock
from workflow.audit.events import UNSET
from workflow.audit.events import Settlement as SettlementTold
from workflow.edition import Edition
from workflow.edition.words import check_category, check_unit
from workflow.engine.batch import BatchReport, OpenBatch
from workflow.engine.campaign import Campaign
from workflow.engine.occupancy import read_occupancy
from workflow.engine.reason import require_reason
from workflow.engine.selection import ordinal
from workflow.errors import AnliError, UsageError
from workflow.intake.decide import Settlement
from workflow.intake.desk.amendment import Said, Scan, Version, amend
from workflow.intake.desk.correction import read_kept, write_version
from workflow.intake.found import FoundMail
from workflow.intake.reader import read_found
from workflow.intake.take import arriving, put_on_record
from workflow.intake.tell import FormFound, Taken
from workflow.store import Case, Form, Original, Submission

TRIGGER = "settle"
_OPEN = ("set-aside", "partly-taken")
_CASES = re.compile(r"[,，、\s]+")


class SubmissionUnknown(AnliError):
    """Nothing in the register has that number: values are submission."""

    code = "error.submission-unknown"


class NothingSaid(UsageError):
    """A person settles something, and did not say what: values are submission."""

    code = "error.nothing-said"


class SaidAgainstItself(UsageError):
    """Nothing is to be done, and yet something: values are submission."""

    code = "error.said-against-itself"


class AnswerUnreadable(UsageError):
    """What a person said of a category is not CASE=N: values are word."""

    code = "error.answer-unreadable"


class NothingToSettle(AnliError):
    """Nothing about it is open that the answer would settle: values are submission."""

    code = "error.nothing-to-settle"


class CaseElsewhere(AnliError):
    """The case does not rest on a form of that mail: values are case, submission."""

    code = "error.case-elsewhere"


class CaseMovedOn(AnliError):
    """The case is no draft any more; its facts are corrected otherwise: values are case, state."""

    code = "error.case-moved-on"


class FileElsewhere(AnliError):
    """No file of that name came with the mail: values are file, submission, known."""

    code = "error.file-elsewhere"


class CasesUnclear(UsageError):
    """Of which cases a file is the scan was not said: values are file, cases."""

    code = "error.cases-unclear"


class Answers(NamedTuple):
    """What a person says, in the words of the command. categories: CASE=N. scans: FILE or FILE=CASE,CASE."""

    unit: str | None = None
    received: datetime | None = None
    categories: Sequence[str] = ()
    scans: Sequence[str] = ()
    nothing_to_do: bool = False

    @property
    def of_the_mail(self) -> bool:
        return self.unit is not None or self.received is not None


class Settled(NamedTuple):
    """What became of it, and the batch that settled it."""

    report: BatchReport
    taken: Taken


def settle(campaign: Campaign, number: int, answers: Answers, why: str | None) -> Settled:
    """Do what a person says of submission ``number``, in one batch.

    Raises ReasonNeeded, SubmissionUnknown, NothingSaid, SaidAgainstItself, UnitUnknown, CategoryUnknown,
    AnswerUnreadable, CaseUnknown, CaseElsewhere, CaseMovedOn, FileElsewhere, CasesUnclear or NothingToSettle.
    """
    why = require_reason(why, TRIGGER)
    check_unit(campaign.edition, answers.unit)
    said = answers.of_the_mail or answers.categories or answers.scans
    if not said and not answers.nothing_to_do:
        raise NothingSaid(submission=number)
    if said and answers.nothing_to_do:
        raise SaidAgainstItself(submission=number)
    with campaign.reading() as connection:
        row = _read_mail(connection, number)
    if answers.of_the_mail and row["status"] in _OPEN:
        if answers.categories or answers.scans:
            raise NothingToSettle(submission=number)
        return _take_again(campaign, row, answers, why)
    if answers.unit is not None:
        raise NothingToSettle(submission=number)
    return _close(campaign, row, why) if answers.nothing_to_do else _amend(campaign, row, answers, why)


def _take_again(campaign: Campaign, row: dict[str, Any], answers: Answers, why: str) -> Settled:
    """Take the mail, as it is kept, in again with the person's word for what it does not say."""
    raw = campaign.originals.read(row["sha256"])
    mail = FoundMail(row["file"], raw, (), received_at=row["received_at"] if row["received_proven"] else None)
    submission = read_found(mail, campaign.edition)
    unit = campaign.edition.units[answers.unit] if answers.unit is not None else None
    settlement = Settlement(unit, answers.received)
    with arriving(campaign, mail, submission), campaign.writing() as (campaign, connection):
        batch = OpenBatch(campaign, connection, TRIGGER, why)
        decided, taken = put_on_record(batch, mail, submission, settlement)
        if decided.repeats:
            raise NothingToSettle(submission=row["id"])
        event = SettlementTold(
            needs_nothing=False,
            submission=row["id"],
            why=why,
            received=clock.show(answers.received) if answers.received is not None else UNSET,
            unit=answers.unit if answers.unit is not None else UNSET,
        )
        batch.log.append([event])
        return Settled(batch.close(moved=len(decided.cases)), taken)


def _close(campaign: Campaign, row: dict[str, Any], why: str) -> Settled:
    """Nothing is left to do about it."""
    with campaign.writing() as (campaign, connection):
        if _read_mail(connection, row["id"])["settled_at"] is not None:
            raise NothingToSettle(submission=row["id"])
        batch = OpenBatch(campaign, connection, TRIGGER, why)
        change = update(Submission).where(col(Submission.id) == row["id"])
        connection.execute(change.values(settled_at=campaign.now))
        batch.log.append([SettlementTold(needs_nothing=True, submission=row["id"], why=why)])
        return Settled(batch.close(moved=0), _answer(row, ()))


def _amend(campaign: Campaign, row: dict[str, Any], answers: Answers, why: str) -> Settled:
    """Make new versions of the forms that the answers are about."""
    with campaign.writing() as (campaign, connection), campaign.reading() as reader:
        said = _read_said(reader, campaign.edition, row["id"], answers)
        batch, occupancy, versions = OpenBatch(campaign, connection, TRIGGER, why), read_occupancy(reader), []
        for case_id, words in sorted(said.items()):
            kept = read_kept(reader, campaign.edition, case_id)
            if kept.case.state != COURSE.start:
                raise CaseMovedOn(case=campaign.edition.case_number(case_id), state=kept.case.state)
            version = amend(kept, words, occupancy, campaign.edition, campaign.now)
            write_version(batch, kept, version, why)
            versions.append(version)
        return Settled(batch.close(moved=len(versions)), _answer(row, versions))


def _read_said(connection: Connection, edition: Edition, mail: int, answers: Answers) -> dict[int, Said]:
    """What is said of each case of the mail."""
    own = set(_cases_of(connection, mail))
    said = {case_id: Said(received=answers.received) for case_id in own if answers.received is not None}
    for word in answers.categories:
        number, _, category = word.rpartition("=")
        if not (number and category.isascii() and category.isdigit()):
            raise AnswerUnreadable(word=word)
        check_category(edition, int(category))
        case_id = _own_case(edition, number, own, mail)
        said[case_id] = said.get(case_id, Said())._replace(category=int(category))
    for word in answers.scans:
        scan, cases = _read_scan(connection, edition, mail, word, own)
        for case_id in cases:
            before = said.get(case_id, Said())
            said[case_id] = before._replace(scans=(*before.scans, scan))
    if not said:
        raise NothingToSettle(submission=mail)
    return said


def _read_scan(
    connection: Connection, edition: Edition, mail: int, word: str, own: set[int]
) -> tuple[Scan, Iterable[int]]:
    """The file that a word names and the cases it is the scan of: those named, or the only one there is."""
    columns = [col(getattr(Original, name)) for name in Scan._fields]
    query = select(*columns).where(col(Original.submission_id) == mail).order_by(col(Original.id))
    files = {row["filename"]: Scan(**row) for row in connection.execute(query).mappings()}
    if word in files:
        if len(own) != 1:
            raise CasesUnclear(file=word, cases=[edition.case_number(case_id) for case_id in sorted(own)])
        return files[word], own
    name, _, numbers = word.rpartition("=")
    if name not in files:
        raise FileElsewhere(file=name or word, submission=mail, known=list(files))
    return files[name], {_own_case(edition, number, own, mail) for number in _CASES.split(numbers) if number}


def _own_case(edition: Edition, number: str, own: set[int], mail: int) -> int:
    case_id = ordinal(edition, number)
    if case_id not in own:
        raise CaseElsewhere(case=number, submission=mail)
    return case_id


def _cases_of(connection: Connection, mail: int) -> list[int]:
    """The cases that rest on a form of the mail."""
    query = select(col(Case.id)).join(Form, col(Form.id) == col(Case.form_id))
    return list(connection.execute(query.where(col(Form.submission_id) == mail)).scalars())


def _read_mail(connection: Connection, number: int) -> dict[str, Any]:
    query = select(*Submission.__table__.columns).where(col(Submission.id) == number)  # type: ignore[attr-defined]
    row = connection.execute(query).mappings().first()
    if row is None:
        raise SubmissionUnknown(submission=number)
    return dict(row)


def _answer(row: dict[str, Any], versions: Iterable[Version]) -> Taken:
    """What became of the mail, as intake tells it."""
    forms = tuple(
        FormFound(
            version.case.name,
            version.case.applicant,
            tuple(int(part) for part in version.case.categories.split(",") if part),
            version.case.id,
            version.problems.complete,
            version.problems.all,
        )
        for version in versions
    )
    status = "taken" if row["status"] == "partly-taken" else row["status"]
    return Taken(row["file"], row["message_id"], row["unit"], row["received_at"], status, (), forms)
