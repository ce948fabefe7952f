"""One part of a mail, as the parser of the library leaves it, and mended where that stumbled."""

import re
from email.message import Message
from email.parser import BytesFeedParser
from typing import TYPE_CHECKING, cast

from notifications.fields import BoundedFields, fields_of
from workflow.intake import limits
from workflow.intake.head import mend_head
from workflow.intake.header import without_comments
from workflow.intake.transfer import is_encoded, read_encoding

if TYPE_CHECKING:
    _Message = Message[str, str]
else:
    _Message = Message

_FED_BYTES = 65536
_BOUNDARY = re.compile(r"(?m)^--([^\r\n]{1,200})--[ \t]*\r?$")


class Part(_Message):
    """A part; one whose content was encoded as a whole has no parts until it is decoded (RFC 2046 5.2.1 forbids it)."""

    _payload: "list[Part] | str | None"
    depth = 0
    """In how many others it lies."""

    def attach(self, payload: _Message | str) -> None:
        if isinstance(payload, Part):
            payload.depth = self.depth + 1
        super().attach(payload)

    def get_content_maintype(self) -> str:
        """What holds others is nothing of the kind where it must not be opened: the parser asks this."""
        kind = super().get_content_maintype()
        closed = kind in ("message", "multipart") and (
            self.depth >= limits.MULTIPART_DEPTH or is_encoded(self.encoding)
        )
        return "application" if closed else kind

    @property
    def lies_too_deep(self) -> bool:
        """Whether it holds others and was not opened, for it lies in too many itself."""
        return self.depth >= limits.MULTIPART_DEPTH and super().get_content_maintype() in ("message", "multipart")

    @property
    def encoding(self) -> str:
        return read_encoding(self.first("content-transfer-encoding"))

    @property
    def encoded(self) -> str | None:
        """The content as it travelled, 8-bit bytes as surrogates; None where there are parts in its place."""
        return self._payload if isinstance(self._payload, str) else None

    @property
    def children(self) -> "list[Part] | None":
        """The parts of this one; None where it is a leaf."""
        if not isinstance(self._payload, list):
            return None
        return [child for child in self._payload if isinstance(child, Part)]

    def first(self, name: str) -> str:
        """The topmost field of a name, unfolded; ``""`` where there is none."""
        return next(iter(fields_of(self, name)), "")


class _LoosePolicy(BoundedFields):
    """What says how a part is to be read loses its comments, which the parser of the library does not know."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, without_comments(value) if name.lower() == "content-type" and "(" in value else value


_POLICY = _LoosePolicy()


def parse(raw: bytes) -> Part | None:
    """Parse a mail or a part of one, its head mended; None where the parser of the library gives up."""
    parser = BytesFeedParser(Part, policy=_POLICY)
    mended = mend_head(raw)
    try:
        for start in range(0, len(mended), _FED_BYTES):
            parser.feed(mended[start : start + _FED_BYTES])
        return cast(Part, parser.close())
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - the parser promises not to raise, and does on hostile nesting
        return None


def leaf(media_type: str, data: bytes, filename: str = "", content_id: str = "") -> Part:
    """A part that holds its bytes as they are."""
    part = Part()
    part["Content-Type"] = media_type
    if filename:
        quoted = "".join(sign for sign in filename if sign.isprintable()).replace("\\", "\\\\").replace('"', '\\"')
        part["Content-Disposition"] = f'{"inline" if content_id else "attachment"}; filename="{quoted}"'
    if content_id:
        part["Content-ID"] = f"<{content_id.strip('<>')}>"
    part.set_payload(data)
    return part


def mend(part: Part) -> Part:
    """A part whose head broke off at a bad line, or whose boundary is not the one it names, parsed once more."""
    payload = part.encoded
    if payload is None or not part.defects:
        return part
    if any(type(defect).__name__ == "MissingHeaderBodySeparatorDefect" for defect in part.defects):
        again = parse(_head_of(part) + payload.encode("utf-8", "surrogateescape"))
        if again is not None and len(again.keys()) > len(part.keys()):
            return again
    if part.get_content_maintype() == "multipart" and (ends := _BOUNDARY.findall(payload)):
        head = f'Content-Type: {part.get_content_type()}; boundary="{ends[-1]}"\r\n\r\n'
        again = parse(head.encode("utf-8", "surrogateescape") + payload.encode("utf-8", "surrogateescape"))
        if again is not None and again.is_multipart():
            return again
    return part


def _head_of(part: Part) -> bytes:
    lines = (f"{name}: {value!s}\r\n" for name, value in part.raw_items())
    return "".join(lines).encode("utf-8", "surrogateescape")
