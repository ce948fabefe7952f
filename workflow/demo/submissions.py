"""The submissions of a season: each unit's mails with forms, stamped scans, media, captions and the report table."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from random import Random
from typing import NamedTuple

from workflow.demo.cases import DemoCase
from workflow.demo.forms import write_form, write_report
from workflow.demo.phrases import phrase, phrases
from workflow.demo.pictures import write_picture
from workflow.demo.places import find_place
from workflow.demo.post import SHANGHAI, Attachment, Naming, UnitMail, write_letter
from workflow.demo.scans import write_scan
from workflow.demo.timetable import FLAWS, PlannedMail, plan_season
from workflow.demo.videos import write_video

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PICTURE_TYPES = {"jpg": "image/jpeg", "png": "image/png"}


class Manner(NamedTuple):
    """How a unit writes this mail; further is 2 for its second instalment, 3 for its third."""

    naming: Naming = "rfc2231"
    stamped: bool = True
    corrected: bool = False
    further: int = 1


USUAL = Manner()


def write_season(
    units: Mapping[str, tuple[str, int]],
    year: int = 2024,
    seed: int = 2024,
    flaws: Collection[str] = FLAWS,
    taken_names: Collection[str] = (),
) -> Iterator[tuple[str, datetime, bytes]]:
    """Every mail of the season by the time it came, as (file name, received at in UTC, bytes of the .eml).

    units: name -> (address, how many sound cases it sends); see plan_season for the other parameters.
    """
    for mail in plan_season(units, year, seed, flaws, taken_names):
        yield mail.filename, mail.sent_at, write_mail(mail)


def write_mail(mail: PlannedMail) -> bytes:
    """The bytes of one planned mail."""
    rng = Random(mail.message_id)
    if not mail.cases:
        return write_question(mail)
    manner = Manner(mail.naming, mail.stamped, mail.corrected, mail.further)
    return write_submission(mail.unit, mail.address, mail.cases, mail.sent_at, mail.message_id, rng, manner)


def write_submission(
    unit_name: str,
    address: str,
    cases: Sequence[DemoCase],
    sent_at: datetime,
    message_id: str,
    rng: Random,
    manner: Manner = USUAL,
) -> bytes:
    """One mail (RFC 5322) from a unit with all that belongs to its cases, received at sent_at (aware)."""
    office = find_place(unit_name).office
    attachments = list(attach_cases(cases, rng, "gb18030" if manner.naming == "raw" else "utf-8"))
    report_name = phrase("attachment", "report").format(office=office)
    attachments.append(Attachment(report_name, DOCX, write_report(office, cases, sent_at.astimezone(SHANGHAI).date())))
    subject = rng.choice(phrases("mail", "subjects")).format(office=office, count=len(cases))
    body = rng.choice(phrases("mail", "bodies")).format(office=office, count=len(cases))
    if manner.corrected:
        subject = phrase("mail", "corrected_subject").format(subject=subject)
        body = phrase("mail", "corrected_body").format(office=office)
    elif manner.further > 1:
        subject = phrase("mail", "further_subject").format(subject=subject, number=manner.further)
    letter = UnitMail(office, address, subject, body, sent_at, message_id, attachments, manner.naming, manner.stamped)
    return write_letter(letter)


def attach_cases(cases: Sequence[DemoCase], rng: Random, charset: str) -> Iterator[Attachment]:
    """The files of the cases in the order people attach them, the captions of all media last (六(五))."""
    captions = []
    for number, case in enumerate(cases, start=1):
        for attachment, caption in attach_case(number, case, rng):
            if caption:
                captions.append(phrase("attachment", "caption_line").format(file=attachment.filename, caption=caption))
            yield attachment
    if captions:
        yield Attachment(phrase("attachment", "captions"), "text/plain", "\r\n".join(captions).encode(charset))


def attach_case(number: int, case: DemoCase, rng: Random) -> Iterator[tuple[Attachment, str]]:
    """Each file of one case with its caption, empty for documents."""
    fill: dict[str, object] = {"number": number, "body": case.applicant, "name": case.name}
    yield Attachment(phrase("attachment", "form").format(**fill), DOCX, write_form(case)), ""
    yield Attachment(phrase("attachment", "scan").format(**fill), "application/pdf", write_scan(case)), ""
    for index, suffix in enumerate(case.pictures, start=1):
        name = phrase("attachment", "picture").format(**fill, index=index, suffix=suffix)
        caption = rng.choice(phrases("attachment", "picture_captions")).format(**fill)
        yield Attachment(name, PICTURE_TYPES[suffix], write_picture(rng, suffix)), caption
    if case.video:
        caption = rng.choice(phrases("attachment", "video_captions")).format(**fill)
        yield (
            Attachment(phrase("attachment", "video").format(**fill), "video/mp4", write_video(rng, case.video)),
            caption,
        )


def write_question(mail: PlannedMail) -> bytes:
    """A mail without any form, for a person to answer."""
    office = find_place(mail.unit).office
    body = phrase("mail", "question_body").format(office=office)
    subject = phrase("mail", "question_subject")
    return write_letter(UnitMail(office, mail.address, subject, body, mail.sent_at, mail.message_id, (), mail.naming))
