"""Mailboxes -> the delivery reports in them, put on record."""

import os
from collections.abc import Sequence
from typing import NamedTuple

from notifications.bounce import DeliveryReport
from notifications.delivery_status import read_report
from workflow.engine.campaign import Campaign
from workflow.intake.mailbox import find_mails
from workflow.post.bounces import Noted, note_bounces
from workflow.wording import say_reason


class Found(NamedTuple):
    """A report, by the name of the file it came in, and what it came to."""

    file: str
    noted: Noted


def take_bounces(campaign: Campaign, words: Sequence[str | os.PathLike[str]]) -> list[Found]:
    """Read every delivery report under ``words`` (paths, or mailboxes on servers), by the names of their files; other
    mails are passed over.

    A mail that cannot be read is told as ``unknown``; one too large to be taken in is no report.
    Raises what ``find_mails`` raises for a word.
    """
    reports: list[tuple[str, DeliveryReport]] = []
    unread: list[Found] = []
    for mail in find_mails(words):
        file = mail.name
        if mail.reasons and mail.raw:
            continue
        if mail.reasons:
            sentences = [
                say_reason(reason.code, reason.values, campaign.language, campaign.edition.zone)
                for reason in mail.reasons
            ]
            unread.append(Found(file, Noted(None, None, None, "", " ".join(sentences), "unknown")))
        elif (report := read_report(bytes(mail.raw))) is not None:
            reports.append((file, report))
    noted = note_bounces(campaign, [report for _, report in reports]) if reports else []
    found = [Found(file, entry) for (file, _), entry in zip(reports, noted, strict=True)]
    return sorted([*unread, *found], key=lambda report: (report.file, report.noted.letter or 0))
