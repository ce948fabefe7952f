"""Mails as bytes, with names and texts in whatever encoding a test wants."""

import base64
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import NamedTuple

BOUNDARY = b"=_boundary_of_the_test"
RECEIVED = b"from mail.example by mx.example; Thu, 20 Jun 2024 10:12:00 +0800"


class Part(NamedTuple):
    """An attachment: its name, its bytes, and the header lines that replace the usual ones."""

    filename: str
    data: bytes
    headers: Sequence[bytes] = ()


def mail(
    *parts: Part,
    text: str = "材料见附件。",
    sender: bytes = b"wxb@unit.example",
    headers: Sequence[bytes] = (b"Received: " + RECEIVED,),
) -> bytes:
    """A mail with attachments; headers come before the usual From, To and Subject."""
    head = [*headers, b"From: " + sender, b"To: intake@anli.example", b"Subject: case", b"MIME-Version: 1.0"]
    head.append(b'Content-Type: multipart/mixed; boundary="' + BOUNDARY + b'"')
    body = [b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + text.encode()]
    body += [attachment(part) for part in parts]
    return (
        b"\r\n".join(head)
        + b"\r\n\r\n"
        + b"".join(b"--" + BOUNDARY + b"\r\n" + piece + b"\r\n" for piece in body)
        + (b"--" + BOUNDARY + b"--\r\n")
    )


def attachment(part: Part) -> bytes:
    """One part of a multipart mail, its name as raw UTF-8 unless its headers say otherwise."""
    disposition = b'Content-Disposition: attachment; filename="' + part.filename.encode() + b'"'
    lines = list(part.headers) or [b"Content-Type: application/octet-stream", disposition]
    return b"\r\n".join([*lines, b"Content-Transfer-Encoding: base64", b"", base64.encodebytes(part.data)])


def archive(members: Mapping[str, bytes], *, raw_names: bool = False) -> bytes:
    """A .zip; raw_names writes names in GB 18030 without the UTF-8 flag, as Windows does."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as container:
        for place, (name, data) in enumerate(members.items()):
            container.writestr(_stand_in(place, name) if raw_names else name, data)
    written = packed.getvalue()
    if raw_names:
        for place, name in enumerate(members):
            written = written.replace(_stand_in(place, name).encode(), name.encode("gb18030"))
    return written


def _stand_in(place: int, name: str) -> str:
    return f"{place:02d}".ljust(len(name.encode("gb18030")), "@")
