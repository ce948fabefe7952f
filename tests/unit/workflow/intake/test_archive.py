"""Archives are unpacked under one budget; each that is not is named with its own cause, and documents are none."""

import zipfile
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest

from tests.builders.forms import form
from tests.builders.mails import Part, archive, mail
from tests.builders.media import PDF, picture
from workflow.intake.archive import Unpacker
from workflow.intake.attachment import Attachment
from workflow.intake.container import find_directory, list_names
from workflow.intake.formats import tell_format
from workflow.intake.submission import read_submission
from workflow.wording import say_reason

PACKED = archive({"表.docx": form(), "盖章.pdf": PDF})


def unpack(*files: tuple[str, bytes]) -> tuple[list[str], list[tuple[object, object, object]]]:
    unpacker = Unpacker()
    unpacked = unpacker.unpack([Attachment(name, "application/octet-stream", data) for name, data in files])
    causes = [tuple(reason.values.get(name) for name in ("filename", "cause", "method")) for reason in unpacker.reasons]
    return [attachment.filename for attachment in unpacked], causes  # type: ignore[return-value]


def zipped(members: dict[str, bytes], method: int) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", method) as container:
        for name, data in members.items():
            container.writestr(name, data)
    return written.getvalue()


def flagged(data: bytes, *, flag: int = 0, method: int | None = None) -> bytes:
    """The same archive, each member said to be under a password, or packed by another method."""
    patched = bytearray(data)
    for sign, flags, methods in ((b"PK\x03\x04", 6, 8), (b"PK\x01\x02", 8, 10)):
        place = data.find(sign)
        while place >= 0:
            patched[place + flags] |= flag
            if method is not None:
                patched[place + methods] = method
            place = data.find(sign, place + 1)
    return bytes(patched)


def with_zip64(data: bytes) -> bytes:
    """The same archive with the records that some programs write for archives of any size (APPNOTE 4.3.14)."""
    end = data.rindex(b"PK\x05\x06")
    size, start = data[end + 12 : end + 16], data[end + 16 : end + 20]
    count = data[end + 8 : end + 10] + bytes(6)
    record = b"PK\x06\x06" + (44).to_bytes(8, "little") + bytes([45, 0, 45, 0]) + bytes(8) + count * 2
    record += size + bytes(4) + start + bytes(4)
    locator = b"PK\x06\x07" + bytes(4) + end.to_bytes(8, "little") + (1).to_bytes(4, "little")
    return data[:end] + record + locator + data[end:]


@pytest.mark.parametrize(
    ("data", "cause", "method"),
    [
        (zipped({"表.docx": b"x" * 999}, zipfile.ZIP_LZMA), "method", "LZMA"),
        (zipped({"表.docx": b"x" * 999}, zipfile.ZIP_BZIP2), "method", "BZIP2"),
        (flagged(PACKED, method=9), "method", "Deflate64"),
        (flagged(PACKED, method=93), "method", "Zstandard"),
        (flagged(PACKED, method=77), "method", "77"),
        (flagged(PACKED, flag=1), "encrypted", None),
        (flagged(PACKED, flag=1, method=99), "encrypted", None),
        (PACKED[:300], "damaged", None),
        (PACKED[:-22] + b"PK\x05\x06\x02\x00" + PACKED[-16:], "volumes", None),
        (b"PK\x07\x08" + PACKED, "volumes", None),
        (archive({"零.txt": bytes(40_000_000)}), "too-large", None),
    ],
)
def test_each_cause_is_named(data: bytes, cause: str, method: str | None) -> None:
    assert unpack(("材料.zip", data)) == (["材料.zip"], [("材料.zip", cause, method)])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"cause": "encrypted", "format": "ZIP"}, "取消密码"),
        ({"cause": "method", "format": "ZIP", "method": "LZMA"}, "（LZMA）"),
        ({"cause": "format", "format": "TNEF"}, "Outlook"),
        ({"cause": "format", "format": "RAR"}, "（RAR）"),
    ],
)
def test_each_cause_has_its_sentence(values: dict[str, str], words: str) -> None:
    said = say_reason("archive-unreadable", {"filename": "甲", **values}, "zh", ZoneInfo("Asia/Shanghai"))
    assert words in said
    assert "{" not in said


def test_what_can_be_read_of_an_archive_is_and_the_rest_is_named() -> None:
    mixed = BytesIO()
    with zipfile.ZipFile(mixed, "w") as container:
        container.writestr("表.docx", form())
        container.writestr("图/图1.jpg", picture(), zipfile.ZIP_LZMA)
    assert unpack(("材料.zip", mixed.getvalue())) == (
        ["材料.zip", "表.docx"],
        [("材料.zip/图1.jpg", "method", "LZMA")],
    )


def test_records_for_large_archives() -> None:
    data = with_zip64(PACKED)
    assert list_names(find_directory(data) or b"") == ["表.docx", "盖章.pdf"]
    assert unpack(("材料.zip", data)) == (["材料.zip", "表.docx", "盖章.pdf"], [])
    assert find_directory(data[:-60] + b"PK\x06\x07" + data[-56:]) is None


@pytest.mark.parametrize(
    "name",
    [
        "~$推荐表.docx",
        "._推荐表.docx",
        ".DS_Store",
        "Thumbs.db",
        "desktop.ini",
        "~WRL0001.tmp",
        ".~推荐表.docx",
        "ehthumbs.db",
    ],
)
@pytest.mark.parametrize("data", [b"\x05user" + bytes(157), b"\x00\x05\x16\x07" + bytes(100), b"[.ShellClassInfo]"])
def test_litter_is_passed_over_wherever_it_lies(name: str, data: bytes) -> None:
    assert unpack((name, data), ("材料.zip", archive({f"甲/{name}": data, "表.docx": form()}))) == (
        ["材料.zip", "表.docx"],
        [],
    )
    found = read_submission(mail(Part("表.docx", form()), Part("盖章.pdf", PDF), Part(name, data)))
    assert [reason.code for reason in found.reasons] == ["report-missing"]


def test_a_real_file_under_the_name_of_litter_is_none() -> None:
    assert unpack(("~$推荐表.docx", form()), ("._图1.jpg", picture())) == (["~$推荐表.docx", "._图1.jpg"], [])


TYPES = (
    b'<Types><Override ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
)


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({"OFD.xml": b"x", "Doc_0/Res/image_1.jpg": picture()}, "OFD"),
        (
            {"mimetype": b"application/vnd.oasis.opendocument.text", "Pictures/1.jpg": picture()},
            "ODT",
        ),
        ({"content.xml": b"x", "META-INF/manifest.xml": b"x"}, "ODT"),
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"x"}, "ODS"),
        ({"mimetype": b"application/epub+zip", "OEBPS/1.jpg": picture()}, "EPUB"),
        ({"META-INF/container.xml": b"x", "OEBPS/1.jpg": picture()}, "EPUB"),
        ({"Index/Document.iwa": b"x", "preview.jpg": picture()}, "PAGES"),
        ({"META-INF/MANIFEST.MF": b"x", "1.jpg": picture()}, "JAR"),
        ({"[Content_Types].xml": b"x", "xl/workbook.xml": b"x", "xl/media/1.jpg": picture()}, "XLSX"),
        ({"[Content_Types].xml": b"x", "ppt/presentation.xml": b"x", "ppt/media/1.jpg": picture()}, "PPTX"),
        ({"[Content_Types].xml": b"x", "word/document.xml": b"x"}, "DOCX"),
        ({"[content_types].XML": b"x", "word\\document.xml": b"x"}, "DOCX"),
        ({"[Content_Types].xml": TYPES, "main.xml": b"x"}, "DOCX"),
        ({"甲/OFD.xml": b"x"}, "ZIP"),
        ({"图1.jpg": picture()}, "ZIP"),
    ],
)
def test_documents_that_happen_to_be_archives(members: dict[str, bytes], told: str) -> None:
    data = archive(members)
    assert tell_format(data) == told
    if told != "ZIP":
        assert unpack(("材料", data)) == (["材料"], [])


def test_mails_in_an_archive_are_opened() -> None:
    inner = mail(Part("表.docx", form()), Part("盖章.zip", archive({"盖章.pdf": PDF})))
    names, causes = unpack(("邮件.zip", archive({"甲/来件.eml": inner, "说明.txt": b"x"})))
    assert (names, causes) == (["邮件.zip", "表.docx", "盖章.zip", "盖章.pdf", "说明.txt"], [])


def test_mails_and_archives_in_one_another_come_to_an_end() -> None:
    wrapped = mail(Part("表.docx", form()))
    for _ in range(12):
        wrapped = mail(Part("内.zip", archive({"内.eml": wrapped})))
    names, causes = unpack(("外.zip", archive({"外.eml": wrapped})))
    assert "表.docx" not in names
    assert [cause for _, cause, _ in causes] == ["too-deep"]
