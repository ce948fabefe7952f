"""What a mail holds, and the mails inside it: texts, files, links, and who wrote what was forwarded."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from notifications.fields import HEAD_BYTES
from states.reasons import Reason
from workflow.intake import limits
from workflow.intake.attachment import Attachment
from workflow.intake.charset import decode_text
from workflow.intake.filename import bare_filename
from workflow.intake.formats import PICTURES
from workflow.intake.header import read_parameter
from workflow.intake.mbox import is_mbox, split_mails, unquote
from workflow.intake.page import Line, open_page
from workflow.intake.part import Part, mend, parse
from workflow.intake.sender import read_sender
from workflow.intake.signed import Sealed, open_signed
from workflow.intake.text import clean_line
from workflow.intake.transfer import decode_content, is_encoded

_MAILS = frozenset({"message/rfc822", "message/global", "message/rfc-822", "message/x-rfc822"})
_SIGNED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SEALED = frozenset({"application/pgp-encrypted", "message/partial"})
_WRITERS = 20
_QUOTED_SENDER = re.compile(
    r"(?m)^[>|*\s]{0,9}(?:发件人|寄件人|发送人|From)\*?\s?[:：][^\n@]{0,200}?([A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,200})"
)


class _Task(NamedTuple):
    """A part still to be read. forwarded: how many mails it lies in."""

    part: Part
    depth: int
    forwarded: int
    folder: str


class _Found(NamedTuple):
    attachment: Attachment
    content_id: str


class Contents:
    """Walks the parts of a mail without recursion and gathers texts, attachments, writers and reasons."""

    def __init__(self, reasons: list[Reason]) -> None:
        self.plain: list[str] = []
        self.pages: list[str] = []
        self.lines: list[Line] = []
        self.writers: list[str] = []
        self._found: list[_Found] = []
        self._shown: set[str] = set()
        self._reasons = reasons
        self._parts = 0

    @property
    def text(self) -> str:
        return "\n".join(self.plain or self.pages)

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files in their order; a picture that a page shows itself is inline."""
        return tuple(self._mark_inline(found) for found in self._found)

    def read(self, part: Part) -> None:
        self._walk([_Task(part, 0, 0, "")])

    def opens(self, file: Attachment) -> bool:
        """Whether a file is a mail, or a file of mails, that ``read_file`` opens."""
        return _tell_mail(file) != ""

    def read_file(self, file: Attachment) -> list[Attachment]:
        """The files of a mail that is a file itself, from an archive."""
        before = len(self._found)
        self._walk(list(self._open_mail(file, 0)))
        return list(self.attachments[before:])

    def _mark_inline(self, found: _Found) -> Attachment:
        attachment = found.attachment
        is_picture = attachment.kind in PICTURES or attachment.media_type.startswith("image/")
        if not (is_picture and found.content_id and found.content_id in self._shown):
            return attachment
        return Attachment(
            attachment.filename, attachment.media_type, attachment.data, attachment.original_name,
            attachment.folder, inline=True,
        )  # fmt: skip

    def _walk(self, waiting: list[_Task]) -> None:
        while waiting:
            task = waiting.pop()
            self._parts += 1
            if self._parts > limits.MAIL_PARTS or len(self._found) >= limits.ATTACHMENTS:
                self._reasons.append(Reason("attachments-too-many", "六.5", {"limit": limits.ATTACHMENTS}))
                return
            part = mend(task.part)
            children = part.children
            if part.lies_too_deep:
                self._refuse_depth(part)
                continue
            if children is None:
                waiting.extend(reversed(list(self._read_leaf(part, task))))
                continue
            is_forward = part.get_content_maintype() == "message"
            forwarded = task.forwarded + is_forward
            if task.depth >= limits.MULTIPART_DEPTH or forwarded > limits.FORWARDED_DEPTH:
                self._refuse_depth(part)
                continue
            if is_forward:
                self._note_writers(children)
            folder = f"{task.folder}/mail{self._parts}" if is_forward else task.folder
            waiting.extend(_Task(child, task.depth + 1, forwarded, folder) for child in reversed(children))

    def _note_writers(self, mails: Iterable[Part]) -> None:
        for mail in mails:
            address = read_sender(mail)[0]
            if address and address not in self.writers and len(self.writers) < _WRITERS:
                self.writers.append(address)

    def _read_leaf(self, part: Part, task: _Task) -> Iterator[_Task]:
        media_type = _media_type(part)
        disposition = part.first("content-disposition")
        original = _name_of(part)
        attached = bool(original) or disposition.strip().lower().startswith("attachment")
        filename = bare_filename(original) or f"attachment-{self._parts}"
        encoded = part.encoded or ""
        if len(encoded) * 3 // 4 > limits.ATTACHMENT_BYTES:
            limit = limits.ATTACHMENT_BYTES // limits.MEBIBYTE
            self._reasons.append(Reason("attachment-too-large", "六.5", {"filename": filename, "limit_mb": limit}))
            return
        data = decode_content(encoded, part.encoding)
        part.set_payload("")
        if media_type.startswith("multipart/") and is_encoded(part.encoding):
            inner = parse(
                b"Content-Type: " + part.first("content-type").encode("utf-8", "replace") + b"\r\n\r\n" + data
            )
            if inner is not None and task.depth < limits.MULTIPART_DEPTH:
                yield _Task(inner, task.depth + 1, task.forwarded, task.folder)
            return
        if media_type.startswith("text/") and not attached:
            self._read_text(data, media_type, read_parameter(part.first("content-type"), "charset"))
            return
        file = Attachment(filename, media_type, data, original, task.folder)
        if data and _tell_mail(file):
            if task.forwarded < limits.FORWARDED_DEPTH:
                yield from self._open_mail(file, task.forwarded)
            else:
                self._refuse_depth(part)
        elif data or attached:
            decorates = not disposition.strip().lower().startswith("attachment")
            content_id = part.first("content-id").strip().strip("<>").lower() if decorates else ""
            self._found.append(_Found(file, content_id))

    def _read_text(self, data: bytes, media_type: str, charset: str) -> None:
        text = decode_text(data[: limits.BODY_BYTES], charset)
        if media_type == "text/html":
            page = open_page(text)
            self._note_quoted(page.text)
            self.pages.append(page.text)
            self.lines += page.lines
            self._shown |= page.shown
        else:
            self._note_quoted(text)
            self.plain.append(text)
            self.lines += [Line(line) for line in text.splitlines()]

    def _note_quoted(self, text: str) -> None:
        """Those who wrote what was forwarded in the text itself: 发件人：… <…>."""
        for found in _QUOTED_SENDER.finditer(text):
            address = found[1].lower()
            if address not in self.writers and len(self.writers) < _WRITERS:
                self.writers.append(address)

    def _open_mail(self, file: Attachment, forwarded: int) -> Iterator[_Task]:
        """The parts of a mail that is a file; one that cannot be opened is kept as it is, and named."""
        folder = f"{file.folder}/mail{self._parts}"
        try:
            inner = list(_open(file))
        except Sealed as sealed:
            self._found.append(_Found(file, ""))
            values = {"filename": file.filename, "cause": sealed.cause}
            self._reasons.append(Reason("mail-unopened", "六.5", {**values}))
            return
        self._note_writers(inner)
        for mail in inner:
            yield _Task(mail, 0, forwarded + 1, folder)

    def _refuse_depth(self, part: Part) -> None:
        original = read_parameter(part.first("content-disposition"), "filename")
        values = {"filename": bare_filename(original) or f"attachment-{self._parts}"}
        self._reasons.append(Reason("mail-nested-too-deep", "六.5", {**values}))


def _tell_mail(file: Attachment) -> str:
    """What kind of mail a file is: ``mail``, ``mbox``, ``outlook``, ``signed``, ``sealed``, or ``""`` for none."""
    extension, media_type = file.filename.lower().rpartition(".")[2], file.media_type
    kind = file.kind
    if kind == "MSG":
        return "outlook"
    if kind == "PGP" or media_type in _SEALED:
        return "sealed"
    if media_type in _SIGNED or extension in ("p7m", "p7z"):
        return "signed"
    if kind not in ("", "MHTML"):
        return ""
    if extension == "mbox" and is_mbox(file.data[:HEAD_BYTES]):
        return "mbox"
    return "mail" if media_type in _MAILS or extension == "eml" else ""


def _open(file: Attachment) -> Iterator[Part]:
    """Raises Sealed."""
    kind = _tell_mail(file)
    if kind == "sealed":
        raise Sealed("partial" if file.media_type == "message/partial" else "encrypted")
    mails = [open_signed(file.data)] if kind == "signed" else [file.data]
    if kind == "outlook":
        from workflow.intake.outlook import NotOutlook, read_outlook

        try:
            yield read_outlook(file.data)
        except NotOutlook as error:
            raise Sealed("damaged") from error
        return
    if kind == "mbox":
        mails = [unquote(bytes(mail)) for mail in split_mails(file.data)]
    for mail in mails:
        parsed = parse(mail)
        if parsed is None:
            raise Sealed("damaged")
        yield parsed


def _media_type(part: Part) -> str:
    return clean_line(part.get_content_type())


def _name_of(part: Part) -> str:
    disposition = read_parameter(part.first("content-disposition"), "filename")
    return disposition or read_parameter(part.first("content-type"), "name")
