"""One mail -> one Submission: its dossiers, its report table, its originals, and every reason for a person."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo

from notifications.delivery_status import is_report
from states.facts import Picture, Video
from states.reasons import Reason
from workflow.intake import limits
from workflow.intake.archive import Unpacker
from workflow.intake.captions import caption_text, match_captions, text_after_heading
from workflow.intake.categories import CATEGORY_NAMES
from workflow.intake.characters import count_characters
from workflow.intake.charset import guess_text
from workflow.intake.dossier import Dossier, choose_claim
from workflow.intake.found import too_large
from workflow.intake.head import mend_head
from workflow.intake.mail import CHINA, Mail, read_mail
from workflow.intake.picture import measure_picture
from workflow.intake.refusal import Refusal
from workflow.intake.report import ReportTable, compare
from workflow.intake.scan import Scan, check_scan
from workflow.intake.sorting import FormItem, Item, Sorted, sort_attachments
from workflow.intake.template import HEADINGS
from workflow.intake.video import measure_video

FilePlace = tuple[str, str]
"""Of an attachment: the folder it lies in, and its name."""

Captions = dict[FilePlace, str]

_LOST = frozenset({"attachment-too-large", "archive-unreadable"})
_PAIRED = frozenset({"scan", "picture", "video"})


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


def read_submission(
    raw: bytes,
    names: Mapping[int, str] = CATEGORY_NAMES,
    headings: tuple[str, ...] = HEADINGS,
    arrived_at: datetime | None = None,
    zone: tzinfo = CHINA,
) -> Submission:
    """Read one mail; never raises: whatever cannot be taken is a reason.

    names, headings: the categories and the headings of 案例内容 that the edition's form prints.
    arrived_at: when the server of the mailbox says the mail came. zone: the edition's. unpaired: names of the scans,
    pictures and videos that no form could be found for.
    """
    sha256 = hashlib.sha256(raw).hexdigest()
    if len(raw) > limits.MAIL_BYTES:
        return unread(sha256, (too_large(),))
    mail = read_mail(raw, arrived_at, zone)
    if is_report(mend_head(raw)):
        return _set_aside(mail, sha256)
    unpacker = Unpacker()
    sorting = sort_attachments(unpacker.unpack(mail.attachments), names, headings)
    pairs, unpaired = _pair(sorting)
    captions = _read_captions(sorting, mail.text)
    lost = _pair_lost(sorting, [*mail.reasons, *unpacker.reasons])
    dossiers = tuple(
        _assemble(form, items, _own_captions(form, items, captions), lost[place])
        for place, (form, items) in enumerate(zip(sorting.forms, pairs, strict=True))
    )
    reasons = [*mail.reasons, *unpacker.reasons, *sorting.reasons, *_doubts(sorting)]
    if dossiers:
        reasons += [Reason("attachment-unpaired", "六.5", {"filename": name}, blocking=False) for name in unpaired]
    return Submission(
        message_id=mail.message_id,
        sha256=sha256,
        sender_address=mail.sender_address,
        sender_name=mail.sender_name,
        subject=mail.subject,
        received_at=mail.received_at,
        received_proven=mail.received_proven,
        dossiers=dossiers,
        report=sorting.report,
        originals=tuple(dict.fromkeys(_original(item) for item in sorting.items)),
        unpaired=tuple(unpaired),
        reasons=tuple(reasons),
        doubts=mail.doubts,
        writers=mail.writers,
    )


def _set_aside(mail: Mail, sha256: str) -> Submission:
    """A delivery report, which recommends nothing whatever it returns."""
    return Submission(
        mail.message_id,
        sha256,
        mail.sender_address,
        mail.sender_name,
        mail.subject,
        mail.received_at,
        mail.received_proven,
        (),
        None,
        (),
        (),
        (Reason("delivery-report", "六.5"),),
        submits=False,
    )


def unread(sha256: str, reasons: tuple[Reason, ...]) -> Submission:
    """A mail of which nothing is known but the SHA-256 (hex) of its bytes, and why."""
    return Submission(
        f"<{sha256}@mail.invalid>", sha256, "", "", "", None, False, (), None, (), (), reasons, read=False
    )


def read_head(head: bytes, reasons: tuple[Reason, ...], arrived_at: datetime | None = None) -> Submission:
    """A mail of which only the head was fetched: who sent it and when it came, and why the rest was not.

    sha256 (hex) is that of the head.
    """
    mail = read_mail(head, arrived_at)
    return replace(
        unread(hashlib.sha256(head).hexdigest(), reasons),
        message_id=mail.message_id,
        sender_address=mail.sender_address,
        sender_name=mail.sender_name,
        subject=mail.subject,
        received_at=mail.received_at,
        received_proven=mail.received_proven,
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


def _pair(sorting: Sorted) -> tuple[list[list[Item]], list[str]]:
    pairs: list[list[Item]] = [[] for _ in sorting.forms]
    unpaired: list[str] = []
    for item in sorting.items:
        if item.role in _PAIRED:
            place = choose_claim(item.attachment.filename, item.attachment.folder, sorting.claims)
            if place is None:
                unpaired.append(item.attachment.filename)
            elif not any(_are_one(item, other) for other in pairs[place]):
                pairs[place].append(item)
    return pairs, list(dict.fromkeys(unpaired))


def _pair_lost(sorting: Sorted, reasons: list[Reason]) -> list[list[Reason]]:
    """For each form, the attachments that were its own and could not be read."""
    lost: list[list[Reason]] = [[] for _ in sorting.forms]
    for reason in reasons:
        if (
            reason.code in _LOST
            and (place := choose_claim(str(reason.values["filename"]), "", sorting.claims)) is not None
        ):
            lost[place].append(reason)
    return lost


def _are_one(item: Item, other: Item) -> bool:
    return (item.sha256, item.attachment.filename) == (other.sha256, other.attachment.filename)


def _read_captions(sorting: Sorted, body: str) -> Captions:
    """What the mail's text and its lists of captions say; a list speaks of the files nearest around it."""
    media = [_place(item) for item in sorting.items if item.role in ("picture", "video")]
    lists = [item for item in sorting.items if item.role == "captions"]
    captions: Captions = {}
    for item in sorted(lists, key=lambda item: -item.attachment.folder.count("/")):
        text = caption_text(item.document) if item.document else guess_text(item.attachment.data[: limits.BODY_BYTES])
        captions = {**_match(text, _around(item.attachment.folder, media), continued=True), **captions}
    return {**_match(body, media), **captions}


def _own_captions(form: FormItem, items: list[Item], captions: Captions) -> Captions:
    """Add what the form itself says of its pictures; a form with a single one need not name it."""
    media = [_place(item) for item in items if item.role in ("picture", "video")]
    if form.item.document is None or not media:
        return captions
    text = text_after_heading(form.item.document).strip()
    found = _match(text, media)
    if text and not found and len(media) == 1:
        found = {media[0]: text}
    return {**found, **captions}


def _place(item: Item) -> FilePlace:
    return item.attachment.folder, item.attachment.filename


def _match(text: str, media: list[FilePlace], *, continued: bool = False) -> Captions:
    found = match_captions(text, list(dict.fromkeys(name for _, name in media)), continued=continued)
    return {(folder, name): found[name] for folder, name in media if name in found}


def _around(folder: str, media: list[FilePlace]) -> list[FilePlace]:
    """The files in a folder and below it, or, where there are none, around the folder that holds it."""
    near = [place for place in media if not folder or place[0] == folder or place[0].startswith(f"{folder}/")]
    return near if near or not folder else _around(folder.rpartition("/")[0], media)


def _assemble(form: FormItem, items: list[Item], captions: Captions, lost: list[Reason]) -> Dossier:
    scans: list[Scan] = []
    pictures: list[Picture] = []
    videos: list[Video] = []
    reasons: list[Reason] = []
    for item in items:
        filename, data = item.attachment.filename, item.attachment.data
        characters = count_characters(captions.get(_place(item), ""))
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


def _doubts(sorting: Sorted) -> list[Reason]:
    forms = [form.form for form in sorting.forms]
    if not forms:
        return [Reason("no-form", "附件4")]
    if sorting.report is None:
        return [Reason("report-missing", "六.4 附件5", blocking=False)]
    return list(compare(sorting.report, forms))
