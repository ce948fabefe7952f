"""Sorting the attachments of a mail into what each is: form, report, scan, picture, video, captions, or other."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from states.reasons import Reason
from workflow.intake import formats
from workflow.intake.attachment import Attachment
from workflow.intake.categories import CATEGORY_NAMES
from workflow.intake.document import Document
from workflow.intake.dossier import Claim, own_words, resembles
from workflow.intake.form import RecommendationForm, read_forms
from workflow.intake.refusal import Refusal
from workflow.intake.report import ReportTable, join_reports, read_report
from workflow.intake.scan import SCAN_WORDS
from workflow.intake.template import HEADINGS
from workflow.intake.word import read_document, refuse_form

_FORM_WORDS = ("推荐表", "申报表", "推荐书", "申报书")
_CAPTION_WORDS = (
    "图片说明",
    "视频说明",
    "文字说明",
    "图片文字",
    "图说",
    "说明",
    "caption",
)
_REPORT_WORDS = ("汇报表", "汇总表")


@dataclass
class Item:
    """One attachment, what its bytes tell, and the role it turned out to have."""

    attachment: Attachment
    sha256: str
    format: str
    role: str = "other"
    document: Document | None = None


@dataclass(frozen=True)
class FormItem:
    """One filled form and the attachment that carries it."""

    form: RecommendationForm
    item: Item
    claim: Claim


@dataclass
class Sorted:
    """The attachments of one mail, sorted."""

    items: list[Item] = field(default_factory=list)
    forms: list[FormItem] = field(default_factory=list)
    reports: list[ReportTable] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)

    @property
    def report(self) -> ReportTable | None:
        return join_reports(self.reports)

    @property
    def claims(self) -> list[Claim]:
        return [form.claim for form in self.forms]


def sort_attachments(
    attachments: list[Attachment],
    names: Mapping[int, str] = CATEGORY_NAMES,
    headings: tuple[str, ...] = HEADINGS,
) -> Sorted:
    """Read every attachment once and tell its role; the same bytes in the same place count once."""
    result = Sorted()
    seen: set[tuple[str, str, str]] = set()
    for attachment in attachments:
        sha256 = hashlib.sha256(attachment.data).hexdigest()
        place = (sha256, attachment.folder, attachment.filename)
        if place in seen:
            continue
        seen.add(place)
        result.items.append(Item(attachment, sha256, formats.tell_format(attachment.data)))
    for item in result.items:
        if item.format == "DOCX":
            _read_word(item, result, names, headings)
    for item in result.items:
        if item.role == "other":
            item.role = _tell_role(item, result.claims)
    _refuse_unreadable_forms(result)
    return result


def _read_word(item: Item, result: Sorted, names: Mapping[int, str], headings: tuple[str, ...]) -> None:
    attachment = item.attachment
    if any(form.item.sha256 == item.sha256 for form in result.forms):
        item.role = "form"
        return
    try:
        item.document = read_document(attachment.data, attachment.filename)
    except Refusal as refusal:
        item.role = "refused"
        result.reasons.append(refusal.reason)
        return
    forms = read_forms(item.document, names, headings)
    report = read_report(item.document, names)
    if forms:
        item.role = "form"
    elif report is not None:
        item.role = "report"
    if report is not None:
        result.reports.append(report)
    for form in forms:
        if form.is_blank:
            values = {"filename": attachment.filename}
            result.reasons.append(Reason("form-blank", "附件4", {**values}, blocking=False))
        else:
            claim = Claim(attachment.filename, attachment.folder, form.name, form.applicant)
            result.forms.append(FormItem(form, item, claim))


def _tell_role(item: Item, claims: list[Claim]) -> str:
    words = own_words(item.attachment.filename, claims)
    if item.attachment.inline:
        return "inline"
    if item.format in formats.VIDEOS:
        return "video"
    if item.format == "PDF" or item.format in formats.PICTURES:
        return _tell_page(item, words, claims)
    if item.format in formats.UNREADABLE_ARCHIVES or item.format == "ZIP":
        return "archive"
    if item.format in ("", "DOCX") and any(word in words for word in _CAPTION_WORDS):
        return "captions"
    return _role_by_claim(item)


def _tell_page(item: Item, words: str, claims: list[Claim]) -> str:
    """Tell a stamped page from a picture of the case: by the words of its name, or the name of the form's file."""
    if any(word in words for word in _REPORT_WORDS):
        return "report-scan"
    named = any(word in words for word in (*SCAN_WORDS, *_FORM_WORDS))
    if named or (item.format == "PDF" and any(resembles(item.attachment.filename, claim) for claim in claims)):
        return "scan"
    return "picture" if item.format in formats.PICTURES else "other"


def _role_by_claim(item: Item) -> str:
    """What says it is a picture or a video and is none is still judged as one, and refused for what it is."""
    declared = item.attachment.media_type.partition("/")[0]
    extension = item.attachment.filename.rpartition(".")[2].lower()
    if item.format == "" and (extension in ("jpg", "jpeg", "png") or declared == "image"):
        return "picture"
    if item.format == "" and (extension in ("mp4", "mov", "avi") or declared == "video"):
        return "video"
    return "other"


def _refuse_unreadable_forms(result: Sorted) -> None:
    """Old Word files, and a form sent as PDF alone, have to be sent again as .docx; a person is told which."""
    for item in result.items:
        filename = item.attachment.filename
        looks_like_form = any(word in filename for word in _FORM_WORDS)
        is_word_name = filename.lower().endswith((".docx", ".doc", ".wps", ".rtf"))
        old = item.role == "other" and (item.format in formats.UNREADABLE_FORMS and (is_word_name or looks_like_form))
        broken = item.role == "other" and item.format in ("", "ZIP") and filename.lower().endswith((".docx", ".doc"))
        alone = item.role == "scan" and not result.forms and looks_like_form
        if old or broken or alone:
            cause = "damaged" if broken else "format"
            result.reasons.append(refuse_form(filename, item.format or "DOCX", cause).reason)
            item.role = "refused" if not alone else item.role
