"""A mail that Outlook saved (.msg, MS-OXMSG): its streams, put together as the mail it was."""

import io
from collections.abc import Iterator
from email.parser import HeaderParser

import olefile

from notifications.fields import HEAD_BYTES
from workflow.intake import limits
from workflow.intake.charset import guess_text
from workflow.intake.part import Part, leaf

_PROPERTY = "__substg1.0_"
_SUBJECT, _HEADERS, _TEXT, _PAGE = "0037", "007D", "1000", "1013"
_SENDERS = ("5D01", "0C1F", "0065")
_LONG_NAME, _SHORT_NAME, _SHOWN_NAME, _DATA, _CONTENT_ID = "3707", "3704", "3001", "3701", "3712"
_WIDE, _NARROW, _BINARY, _STORAGE = "001F", "001E", "0102", "000D"


class NotOutlook(Exception):
    """The file is no mail of Outlook's, or cannot be read as one."""


def is_outlook(ole: olefile.OleFileIO) -> bool:
    return any(ole.exists(f"__properties_version1.0{end}") for end in ("", "/")) and bool(ole.listdir(storages=False))


def read_outlook(data: bytes) -> Part:
    """Rebuild the mail as a part whose leaves hold their bytes undecoded; raises NotOutlook.

    Who wrote it, its text or page, and its files; a mail inside it is a part of its own, to a few levels.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            if not is_outlook(ole):
                raise NotOutlook
            return _Reader(ole).read("", limits.FORWARDED_DEPTH)
    except NotOutlook:
        raise
    except Exception as error:
        raise NotOutlook from error


class _Reader:
    def __init__(self, ole: olefile.OleFileIO) -> None:
        self._ole = ole
        self._bytes_left = limits.MAIL_BYTES
        self._streams = {"/".join(path).upper(): "/".join(path) for path in ole.listdir()}

    def read(self, place: str, depth: int) -> Part:
        mail = _headers(self._text(place, _HEADERS))
        mail["Content-Type"] = "multipart/mixed"
        if "From" not in mail:
            sender = next((address for code in _SENDERS if "@" in (address := self._text(place, code))), "")
            mail["From"] = sender
        if "Subject" not in mail:
            mail["Subject"] = self._text(place, _SUBJECT)
        mail.set_payload(list(self._parts(place, depth)))
        return mail

    def _parts(self, place: str, depth: int) -> Iterator[Part]:
        if text := self._text(place, _TEXT):
            yield leaf("text/plain; charset=utf-8", text.encode("utf-8", "replace"))
        if page := self._bytes(place, _PAGE, _BINARY):
            yield leaf("text/html", page)
        elif page_text := self._text(place, _PAGE):
            yield leaf("text/html; charset=utf-8", page_text.encode("utf-8", "replace"))
        prefix = f"{place}__ATTACH_VERSION1.0_#"
        names = {
            key[: key.index("/", len(prefix))]
            for key in self._streams
            if key.startswith(prefix) and "/" in key[len(prefix) :]
        }
        for name in sorted(names):
            yield from self._attachment(f"{name}/", depth)

    def _attachment(self, place: str, depth: int) -> Iterator[Part]:
        inner = f"{place}{_PROPERTY}{_DATA}{_STORAGE}/".upper()
        name = next((text for code in (_LONG_NAME, _SHORT_NAME, _SHOWN_NAME) if (text := self._text(place, code))), "")
        if any(key.startswith(inner) for key in self._streams):
            if depth > 0:
                wrapped = Part()
                wrapped["Content-Type"] = "message/rfc822"
                wrapped.set_payload([self.read(inner, depth - 1)])
                yield wrapped
            return
        data = self._bytes(place, _DATA, _BINARY)
        if data or name:
            yield leaf("application/octet-stream", data, name or "attachment", self._text(place, _CONTENT_ID))

    def _text(self, place: str, code: str) -> str:
        wide = self._bytes(place, code, _WIDE)
        if wide:
            return wide.decode("utf-16-le", "replace").rstrip("\x00")
        return guess_text(self._bytes(place, code, _NARROW)).rstrip("\x00")

    def _bytes(self, place: str, code: str, kind: str) -> bytes:
        path = self._streams.get(f"{place}{_PROPERTY}{code}{kind}".upper())
        if path is None:
            return b""
        self._bytes_left -= self._ole.get_size(path)
        if self._bytes_left < 0:
            raise NotOutlook
        with self._ole.openstream(path) as stream:
            return bytes(stream.read())


def _headers(text: str) -> Part:
    head = HeaderParser(Part).parsestr(text[:HEAD_BYTES])
    kept = Part()
    for name in ("Message-ID", "From", "Sender", "Subject", "Date", "Received"):
        if name in head:
            kept[name] = str(head[name])
    return kept
