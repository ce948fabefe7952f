"""Mails that cost far more than they weigh."""

import re
import zipfile
from io import BytesIO

from tests.builders.forms import form
from tests.builders.mails import Part, mail


def of_many_forms(forms: int) -> bytes:
    """A small file of the same form over and over, each a case of its own for a reader that counts nothing."""
    packed = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(form(案例简介="简", 案例内容="内"))) as one,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as many,
    ):
        for name in one.namelist():
            written = one.read(name).decode()
            found = re.search(r"<w:body>(.*)</w:body>", written, re.DOTALL)
            many.writestr(name, written.replace(found[1], found[1] * forms) if found is not None else written)
    return mail(Part("推荐表.docx", packed.getvalue()))


def of_tiny_encoded_lines(lines: int) -> bytes:
    return mail(Part("附件.bin", b"")).replace(b"base64\r\n\r\n\r\n", b"base64\r\n\r\n" + b"AAAA\n" * lines + b"\r\n")


def of_short_lines(lines: int) -> bytes:
    return mail(text="ab\n" * lines)
