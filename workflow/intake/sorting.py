"""Sorting the attachments of a mail into what each is: form, report, scan, picture, video, captions, or other."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from states.reasons import Reason
from workflow.intake import formats
from workflow.intake.attachment import Attachment
from workflow.intake.categories import CATEGORY_NAMES
from workflow.intake.converter import ConversionFailed, Converter
from workflow.intake.document import Document
from workflow.intake.dossier import Claim, own_words, resembles
from workflow.intake.form import RecommendationForm, read_forms
from workflow.intake.original import Original
from workflow.intake.refusal import Refusal
from workflow.intake.report import ReportTable, join_reports, read_report
from workflow.intake.scan import FORM_WORDS, Likely, judge_name
from workflow.intake.template import HEADINGS
from workflow.intake.word import read_document, refuse_form

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
_WORD_NAMES = (".docx", ".doc", ".wps", ".wpt", ".dot", ".rtf", ".odt", ".docm", ".dotx", ".uof", ".uot", ".pages")
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass
class Item:
    """One attachment, what its bytes tell, and the role it turned out to have.

    may_be_scan: of a file that is taken for something else, whether it may be the stamped scan. copy: of a form in
    another format than .docx, what it was converted to, with its SHA-256 in hex; unconverted: that this was tried in
    vain.
    """

    attachment: Attachment
    sha256: str
    format: str
    role: str = "other"
    document: Document | None = None
    may_be_scan: bool = False
    copy: bytes = field(default=b"", repr=False)
    copy_sha256: str = ""
    fault: str = ""

    @property
    def copy_name(self) -> str:
        return f"{self.attachment.filename}.docx"

    @property
    def originals(self) -> Iterator[Original]:
        """The attachment, and the copy that was read in its place."""
        attachment = self.attachment
        yield Original(attachment.filename, attachment.media_type, self.sha256, attachment.data, self.role)
        if self.copy and self.role in ("form", "report"):
            yield Original(self.copy_name, WORD_TYPE, self.copy_sha256, self.copy, "copy")


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
    converter: Converter | None = None,
) -> Sorted:
    """Read every attachment once and tell its role; the same bytes in the same place count once.

    converter: of what seems to be a form in another format than .docx; without one it has to be sent again.
    """
    result = Sorted()
    seen: set[tuple[str, str, str]] = set()
    for attachment in attachments:
        sha256 = hashlib.sha256(attachment.data).hexdigest()
        place = (sha256, attachment.folder, attachment.filename)
        if place in seen:
            continue
        seen.add(place)
        result.items.append(Item(attachment, sha256, attachment.kind))
    for item in result.items:
        if item.format == "DOCX":
            _read_word(item, result, names, headings)
    if converter is not None:
        for item in result.items:
            if converter.reads(item.format) and _is_to_be_converted(item, result):
                _convert(item, converter)
                _read_copy(item, result, names, headings)
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
        item.document = read_document(item.copy or attachment.data, attachment.filename)
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


def say_converted(item: Item) -> list[Reason]:
    """That a file was read from a copy, and which: both are kept."""
    values = {"filename": item.attachment.filename, "format": item.format}
    hashes = {"original": item.sha256, "copy": item.copy_sha256}
    return [Reason("form-converted", "附件4 六.5", {**values, **hashes}, blocking=False)] if item.copy else []


def _is_to_be_converted(item: Item, result: Sorted) -> bool:
    if item.attachment.inline or _is_stamped_page(item, own_words(item.attachment.filename, result.claims)):
        return False
    return _fault_of_form(item, bool(result.forms)) == "format"


def _convert(item: Item, converter: Converter) -> None:
    try:
        item.copy = converter.convert(item.attachment.data, item.format)
        item.copy_sha256 = hashlib.sha256(item.copy).hexdigest()
    except ConversionFailed:
        item.fault = "conversion"


def _read_copy(item: Item, result: Sorted, names: Mapping[int, str], headings: tuple[str, ...]) -> None:
    """Read what a form was converted to; a copy in which there is neither form nor report is of no use."""
    if item.copy:
        _read_word(item, result, names, headings)
        if item.role == "report":
            result.reasons += say_converted(item)
        if item.role == "other":
            item.copy, item.copy_sha256, item.fault = b"", "", "no-form"


def _is_stamped_page(item: Item, words: str) -> bool:
    """Whether a document may hold a picture of the stamped page, as far as its name says."""
    is_document = item.format == "DOCX" or item.format in formats.OTHER_DOCUMENTS
    return is_document and judge_name(words, is_picture=False) is Likely.YES and "推荐" not in words


def _tell_role(item: Item, claims: list[Claim]) -> str:
    words = own_words(item.attachment.filename, claims)
    if item.attachment.inline:
        return "inline"
    if item.format in formats.VIDEOS:
        return "video"
    if item.format in formats.PAGES:
        return _tell_page(item, words, claims)
    if item.format in formats.UNREADABLE_ARCHIVES or item.format == "ZIP":
        return "archive"
    if item.format in ("", "DOCX") and any(word in words for word in _CAPTION_WORDS):
        return "captions"
    item.may_be_scan = _is_stamped_page(item, words)
    return _role_by_claim(item)


def _tell_page(item: Item, words: str, claims: list[Claim]) -> str:
    """Tell a stamped page from a picture of the case: by the words of its name, or the name of the form's file."""
    if any(word in words for word in _REPORT_WORDS):
        return "report-scan"
    is_picture = item.format in formats.PICTURES
    likely = judge_name(words, is_picture)
    if likely is Likely.YES:
        return "scan"
    if not is_picture and any(resembles(item.attachment.filename, claim) for claim in claims):
        return "scan"
    item.may_be_scan = likely is Likely.MAYBE
    return "picture" if is_picture else "other"


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
    """A form that is no .docx that can be read has to be sent again; a person is told which file it is, and why.

    A scan is blamed for being no form only where nothing else in the mail may have been it.
    """
    for item in result.items:
        cause = _fault_of_form(item, bool(result.forms))
        if cause is not None:
            filename = item.attachment.filename
            result.reasons.append(refuse_form(filename, item.format or _said_format(filename), cause).reason)
            item.role = "refused"
    suspects = [item for item in result.items if item.role in ("refused", "archive")]
    if not result.forms and not suspects:
        for item in result.items:
            if item.role == "scan" and _names_form(item):
                result.reasons.append(refuse_form(item.attachment.filename, item.format, "page").reason)


def _fault_of_form(item: Item, forms_found: bool) -> str | None:
    """Why a file that seems to be a form cannot be read; None for any other file."""
    filename = item.attachment.filename
    words_of_others = any(word in filename for word in (*_REPORT_WORDS, *_CAPTION_WORDS))
    if item.role != "other" or item.may_be_scan or item.copy:
        return None
    if item.fault:
        return item.fault
    is_word = filename.lower().endswith(_WORD_NAMES)
    if item.format in formats.OTHER_DOCUMENTS:
        seems_form = _names_form(item) or (is_word and item.format not in formats.TABLES)
        if not seems_form and (forms_found or words_of_others):
            return None
        return "encrypted" if item.format == "ENCRYPTED" else "table" if item.format in formats.TABLES else "format"
    return "damaged" if item.format in ("", "ZIP") and is_word else None


def _names_form(item: Item) -> bool:
    return any(word in item.attachment.filename for word in FORM_WORDS)


def _said_format(filename: str) -> str:
    extension = filename.rpartition(".")[2].upper()
    return extension if extension in ("DOC", "WPS", "RTF", "ODT") else "DOCX"
