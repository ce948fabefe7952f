"""The season's mails in the mailbox folder: samples, invented ones, one sent twice, one corrected on request."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from workflow.demo.cases import DemoCase
from workflow.demo.submissions import write_mail
from workflow.demo.timetable import PlannedMail, plan_season, sign_before
from workflow.intake.mail import read_mail

SAMPLES = resources.files(__package__) / "mailbox"
SENT_AGAIN_AFTER = timedelta(hours=3)


class Posted(NamedTuple):
    """A mail as it lies in the folder, and when the organisers' server had it."""

    path: Path
    received_at: datetime


class Returned(NamedTuple):
    """The case that the organisers will send back, by its unit and name."""

    unit: str
    case: DemoCase


class Postbag(NamedTuple):
    """All mails by the time they came. ``returned`` is None where nothing was invented."""

    mails: tuple[Posted, ...]
    returned: Returned | None

    def arrived(self, since: datetime, until: datetime) -> list[Path]:
        """The mails that came within [since, until)."""
        return [mail.path for mail in self.mails if since <= mail.received_at < until]


def fill_mailbox(
    folder: Path, units: Mapping[str, tuple[str, int]], year: int, seed: int, corrected_at: datetime
) -> Postbag:
    """Write every mail of the season into ``folder``; ``units`` as in plan_season, without the samples' cases.

    corrected_at: when the corrected form of the returned case comes.
    """
    planned = plan_season(units, year, seed)
    mails = [*_post_samples(folder)]
    mails += [_post(folder, mail.filename, write_mail(mail), mail.sent_at) for mail in planned]
    returned = None
    if planned:
        first = next(mail for mail in planned if any(case.flaw is None for case in mail.cases))
        twice = first.sent_at + SENT_AGAIN_AFTER
        mails.append(_post(folder, first.filename.replace(".eml", "-twice.eml"), write_mail(first), twice))
        again, returned = _correct(first, corrected_at)
        mails.append(_post(folder, again.filename, write_mail(again), corrected_at))
    return Postbag(tuple(sorted(mails, key=lambda mail: (mail.received_at, mail.path.name))), returned)


def _post_samples(folder: Path) -> Iterator[Posted]:
    for entry in SAMPLES.iterdir():
        if entry.name.endswith(".eml"):
            raw = entry.read_bytes()
            received_at = read_mail(raw).received_at
            if received_at is None:
                raise ValueError(f"{entry.name} has no date")
            yield _post(folder, entry.name, raw, received_at)


def _post(folder: Path, name: str, raw: bytes, received_at: datetime) -> Posted:
    path = folder / name
    path.write_bytes(raw)
    return Posted(path, received_at)


def _correct(first: PlannedMail, corrected_at: datetime) -> tuple[PlannedMail, Returned]:
    """The mail that brings the first sound case of ``first`` again, signed anew."""
    case = next(case for case in first.cases if case.flaw is None)
    host = first.address.partition("@")[2]
    again = first._replace(
        filename=f"corrected-{host.removesuffix('.example')}.eml",
        sent_at=corrected_at,
        message_id=f"<corrected.{first.message_id.removeprefix('<')}",
        cases=(case._replace(signed_on=sign_before(corrected_at)),),
        naming="rfc2231",
        stamped=True,
        corrected=True,
        further=1,
    )
    return again, Returned(first.unit, case)
