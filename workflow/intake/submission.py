"""One mail -> one Submission: its dossiers, its report table, its originals, and every reason for a person."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from mmap import mmap

from notifications.delivery_status import is_report
from states.facts import Picture, Video
from states.reasons import Reason
from workflow.edition import Edition
from workflow.intake import limits
from workflow.intake.archive import Unpacker
from workflow.intake.captions import Captions, file_place, read_captions
from workflow.intake.categories import CATEGORY_NAMES
from workflow.intake.characters import count_characters
from workflow.intake.dossier import Dossier
from workflow.intake.found import FoundMail, too_large
from workflow.intake.head import mend_head
from workflow.intake.mail import CHINA, Mail, read_mail
from workflow.intake.pairing import pair
from workflow.intake.picture import measure_picture
from workflow.intake.refusal import Refusal
from workflow.intake.report import ReportTable, doubt_report
from workflow.intake.scan import Scan, check_scan
from workflow.intake.sorting import FormItem, Item, sort_attachments
from workflow.intake.template import HEADINGS
from workflow.intake.video import measure_video


@dataclass(frozen=True)
class Original:
    """An attachment as it came. role: form, report, report-scan, scan, picture, video, captions, archive, inline,
    refused or other."""

    filename: str
    media_type: str
    sha256: str
    data: bytes = field(repr=False)
    role: str = "other"


@dataclass(frozen=True)
class Submission:
    """What one mail submits. sha256 (hex) is that of the mail's own bytes; reasons concern the mail as a whole.

    read: whether more than its head is known of it. submits: whether it is a person's mail, and no mail server's
    report. doubts: what a machine cannot decide, of the mail as a whole. writers: the addresses of those who wrote the
    mails inside it.
    """

    message_id: str
    sha256: str
    sender_address: str
    sender_name: str
    subject: str
    received_at: datetime | None
    received_proven: bool
    dossiers: tuple[Dossier, ...]
    report: ReportTable | None
    originals: tuple[Original, ...]
    unpaired: tuple[str, ...]
    reasons: tuple[Reason, ...]
    read: bool = True
    submits: bool = True
    doubts: tuple[Reason, ...] = ()
    writers: tuple[str, ...] = ()


def read_found(found: FoundMail, edition: Edition) -> Submission:
    """Read a mail as it was found; of one too large to be read, its head, where that is what was fetched."""
    if not isinstance(found.raw, bytes):
        return unread(found.raw, found.reasons)
    names = {number: category.name for number, category in edition.categories.items()}
    headings, zone = edition.content_headings, edition.zone
    return read_submission(found.raw, names, headings, found.received_at, zone, found.reasons)


def read_submission(
    raw: bytes,
    names: Mapping[int, str] = CATEGORY_NAMES,
    headings: tuple[str, ...] = HEADINGS,
    arrived_at: datetime | None = None,
    zone: tzinfo = CHINA,
    withheld: tuple[Reason, ...] = (),
) -> Submission:
    """Read one mail; never raises: whatever cannot be taken is a reason.

    names, headings: the categories and the headings of 案例内容 that the edition's form prints.
    arrived_at: when the server of the mailbox says the mail came. zone: the edition's. withheld: why ``raw`` is no
    more than the mail's head. unpaired: names of the scans, pictures and videos that no form could be found for.
    """
    if len(raw) > limits.MAIL_BYTES:
        return unread(raw, (too_large(),))
    mail = read_mail(raw, arrived_at, zone)
    head = _head_of(mail, hashlib.sha256(raw).hexdigest())
    if withheld:
        return replace(head, reasons=withheld, read=False)
    if is_report(mend_head(raw)):
        return replace(head, reasons=(Reason("delivery-report", "六.5"),), submits=False)
    unpacker = Unpacker()
    sorting = sort_attachments(unpacker.unpack(mail.attachments), names, headings)
    lost = [*mail.reasons, *unpacker.reasons]
    paired = pair(sorting, lost)
    captions = read_captions(sorting, paired.items, mail.text)
    dossiers = tuple(map(_assemble, sorting.forms, paired.items, captions, paired.lost))
    unpaired = [Reason("attachment-unpaired", "六.5", {"filename": name}, blocking=False) for name in paired.unpaired]
    doubts = doubt_report(sorting.report, [dossier.form for dossier in dossiers])
    return replace(
        head,
        dossiers=dossiers,
        report=sorting.report,
        originals=tuple(dict.fromkeys(_original(item) for item in sorting.items)),
        unpaired=paired.unpaired,
        reasons=(*lost, *sorting.reasons, *doubts, *(unpaired if dossiers else ())),
        doubts=mail.doubts,
        writers=mail.writers,
    )


def unread(raw: bytes | mmap, reasons: tuple[Reason, ...]) -> Submission:
    """A mail of which nothing is known but its bytes, and why."""
    sha256 = hashlib.sha256(raw).hexdigest()
    return Submission(
        f"<{sha256}@mail.invalid>", sha256, "", "", "", None, False, (), None, (), (), reasons, read=False
    )


def _head_of(mail: Mail, sha256: str) -> Submission:
    """Who sent the mail and when it came, and nothing of what is in it."""
    return Submission(
        message_id=mail.message_id,
        sha256=sha256,
        sender_address=mail.sender_address,
        sender_name=mail.sender_name,
        subject=mail.subject,
        received_at=mail.received_at,
        received_proven=mail.received_proven,
        dossiers=(),
        report=None,
        originals=(),
        unpaired=(),
        reasons=(),
    )


def _original(item: Item) -> Original:
    attachment = item.attachment
    return Original(
        attachment.filename,
        attachment.media_type,
        item.sha256,
        attachment.data,
        item.role,
    )


def _assemble(form: FormItem, items: list[Item], captions: Captions, lost: list[Reason]) -> Dossier:
    scans: list[Scan] = []
    pictures: list[Picture] = []
    videos: list[Video] = []
    reasons: list[Reason] = []
    for item in items:
        filename, data = item.attachment.filename, item.attachment.data
        characters = count_characters(captions.get(file_place(item), ""))
        try:
            if item.role == "scan":
                scans.append(Scan(filename, check_scan(data, filename), item.sha256))
            elif item.role == "picture":
                picture = measure_picture(data, filename)
                pictures.append(Picture(filename, picture.format, picture.dpi, characters))
            else:
                video = measure_video(data, filename)
                videos.append(Video(filename, video.format, video.width, video.height, characters))
        except Refusal as refusal:
            reasons.append(refusal.reason)
            if item.role == "picture":
                pictures.append(Picture(filename, item.format, 0.0, characters))
            elif item.role == "video":
                videos.append(Video(filename, item.format, 0, 0, characters))
    documents = dict.fromkeys([form.item.sha256, *(item.sha256 for item in items)])
    return Dossier(
        form=form.form,
        form_filename=form.item.attachment.filename,
        form_sha256=form.item.sha256,
        scans=tuple(scans),
        pictures=tuple(pictures),
        videos=tuple(videos),
        documents=tuple(documents),
        filenames=(form.item.attachment.filename, *(item.attachment.filename for item in items)),
        reasons=(*form.form.doubts, *reasons, *lost),
    )
