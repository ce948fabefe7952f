"""One mail -> one Submission: its dossiers, its report table, its originals, and every reason for a person."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from itertools import repeat
from mmap import mmap

from notifications.delivery_status import is_report
from states.reasons import Reason
from workflow.intake import limits
from workflow.intake.archive import Unpacker
from workflow.intake.assembly import assemble, doubt_link
from workflow.intake.captions import read_captions
from workflow.intake.categories import CATEGORY_NAMES
from workflow.intake.converter import Converter
from workflow.intake.dossier import Dossier
from workflow.intake.doubts import doubt_forms, doubt_stamp
from workflow.intake.excess import BeyondBudget, count_lines
from workflow.intake.found import too_large
from workflow.intake.head import mend_head
from workflow.intake.links import find_linked
from workflow.intake.mail import CHINA, read_mail
from workflow.intake.original import Original
from workflow.intake.pairing import pair
from workflow.intake.pdf import Patience
from workflow.intake.report import ReportTable
from workflow.intake.sorting import sort_attachments
from workflow.intake.template import HEADINGS


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
    dossiers: tuple[Dossier, ...] = ()
    report: ReportTable | None = None
    originals: tuple[Original, ...] = ()
    unpaired: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    read: bool = True
    submits: bool = True
    doubts: tuple[Reason, ...] = ()
    writers: tuple[str, ...] = ()
    authenticated: bool | None = None
    """Whether the organisers' own server found that the mail is by whom it says; None where it says neither."""


def read_submission(
    raw: bytes,
    names: Mapping[int, str] = CATEGORY_NAMES,
    headings: tuple[str, ...] = HEADINGS,
    arrived_at: datetime | None = None,
    zone: tzinfo = CHINA,
    withheld: tuple[Reason, ...] = (),
    converter: Converter | None = None,
) -> Submission:
    """Read one mail; whatever cannot be taken is a reason. Raises BeyondBudget.

    names, headings: the categories and the headings of 案例内容 that the edition's form prints.
    arrived_at: when the server of the mailbox says the mail came. zone: the edition's. withheld: why ``raw`` is no
    more than the mail's head. converter: of forms in other formats than .docx. unpaired: names of the scans, pictures
    and videos that no form could be found for.
    """
    if len(raw) > limits.MAIL_BYTES:
        return unread(raw, (too_large(),))
    budget = limits.budget_of(len(raw))
    if count_lines(raw) > budget.lines:
        raise BeyondBudget("lines", budget.lines)
    mail = read_mail(raw, arrived_at, zone)
    head = Submission(
        message_id=mail.message_id,
        sha256=hashlib.sha256(raw).hexdigest(),
        sender_address=mail.sender_address,
        sender_name=mail.sender_name,
        subject=mail.subject,
        received_at=mail.received_at,
        received_proven=mail.received_proven,
    )
    if withheld:
        return replace(head, reasons=withheld, read=False)
    if is_report(mend_head(raw)):
        return replace(head, reasons=(Reason("delivery-report", "六.5"),), submits=False)
    unpacker = Unpacker()
    sorting = sort_attachments(unpacker.unpack(mail.attachments), names, headings, converter)
    if len(sorting.forms) > budget.forms:
        raise BeyondBudget("forms", budget.forms)
    inside, lost = unpacker.contents, [*mail.reasons, *unpacker.reasons]
    linked = find_linked((*mail.lines, *inside.lines), mail.received_at, zone)
    pairs = pair(sorting, lost, linked)
    body = "\n".join(text for text in (mail.text, inside.text) if text)
    captions = read_captions(sorting, [own.items for own in pairs.of_forms], body)
    doubts = (*mail.doubts, *doubt_stamp(sorting))
    assembled = map(assemble, sorting.forms, pairs.of_forms, captions, repeat(Patience()))
    dossiers = tuple(replace(dossier, doubts=(*dossier.doubts, *doubts)) for dossier in assembled)
    faults = doubt_forms(sorting, dossiers, pairs.unpaired, linked)
    return replace(
        head,
        dossiers=dossiers,
        report=sorting.report,
        originals=tuple(dict.fromkeys(original for item in sorting.items for original in item.originals)),
        unpaired=tuple(dict.fromkeys(item.attachment.filename for item in pairs.unpaired)),
        reasons=(*lost, *sorting.reasons, *faults),
        doubts=(*doubts, *map(doubt_link, linked)),
        writers=tuple(dict.fromkeys((*mail.writers, *inside.writers))),
    )


def unread(raw: bytes | mmap, reasons: tuple[Reason, ...]) -> Submission:
    """A mail of which nothing is known but its bytes, and why."""
    sha256 = hashlib.sha256(raw).hexdigest()
    return Submission(f"<{sha256}@mail.invalid>", sha256, "", "", "", None, False, reasons=reasons, read=False)
