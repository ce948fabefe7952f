"""A mail that Outlook saved is read by its streams, and what is in a compound file is told by them."""

import pytest

from tests.builders.compound import compound
from tests.builders.mails import Part, archive, mail
from tests.builders.media import PDF
from workflow.intake.formats import tell_format
from workflow.intake.mail import read_mail
from workflow.intake.ole import tell_ole

PROPERTY = "__substg1.0_"
FILE = PDF + b"\n" * 5000


def utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def saved(prefix: str = "", **more: bytes) -> dict[str, bytes]:
    """The streams of a mail with one file, and more by their names."""
    return {
        f"{prefix}__properties_version1.0": bytes(32),
        f"{prefix}{PROPERTY}0037001F": utf16("报送"),
        f"{prefix}{PROPERTY}1000001F": utf16("材料见附件"),
        f"{prefix}{PROPERTY}5D01001F": utf16("wxb@unit.example"),
        f"{prefix}__attach_version1.0_#00000000/{PROPERTY}3707001F": utf16("盖章扫描件.pdf"),
        f"{prefix}__attach_version1.0_#00000000/{PROPERTY}37010102": FILE,
        **{f"{prefix}{name}": data for name, data in more.items()},
    }


def files(raw: bytes) -> list[tuple[str, bool]]:
    return [(attachment.filename, attachment.data.startswith(FILE)) for attachment in read_mail(raw).attachments]


@pytest.mark.parametrize("name", ["来件.msg", "来件.dat"])
def test_a_mail_that_outlook_saved(name: str) -> None:
    raw = mail(Part(name, compound(saved())), sender=b"someone@elsewhere.example")
    assert files(raw) == [("盖章扫描件.pdf", True)]
    found = read_mail(raw)
    assert found.text == "材料见附件。\n材料见附件"
    assert found.writers == ("wxb@unit.example",)
    assert found.reasons == ()


def test_its_page_and_the_pictures_that_it_shows() -> None:
    place = f"__attach_version1.0_#00000001/{PROPERTY}"
    logo = {
        f"{PROPERTY}10130102": b"<p>one<img src='cid:logo@x'></p>".ljust(4096),
        f"{place}3707001F": utf16("logo.png"),
        f"{place}3712001F": utf16("logo@x"),
        f"{place}37010102": b"\x89PNG\r\n\x1a\n" + bytes(5000),
    }
    found = read_mail(mail(Part("来件.msg", compound({**saved(), **logo}))))
    assert [(attachment.filename, attachment.inline) for attachment in found.attachments] == [
        ("盖章扫描件.pdf", False), ("logo.png", True),
    ]  # fmt: skip


def test_a_mail_inside_it() -> None:
    inner = f"__attach_version1.0_#00000001/{PROPERTY}3701000D/"
    outer = compound({**saved(), **saved(inner)})
    assert files(mail(Part("外.msg", outer))) == [("盖章扫描件.pdf", True)] * 2
    assert files(mail(Part("邮件.eml", mail(Part("外.msg", outer))))) == [("盖章扫描件.pdf", True)] * 2


def test_one_that_is_torn_is_named() -> None:
    whole = compound(saved())
    for cut in (600, 2000, len(whole) - 600):
        found = read_mail(mail(Part("来件.msg", whole[:cut])))
        assert len(found.attachments) <= 1


@pytest.mark.parametrize(
    ("streams", "told"),
    [
        ({"WordDocument": b"x"}, "DOC"),
        ({"Workbook": b"x"}, "XLS"),
        ({"PowerPoint Document": b"x"}, "PPT"),
        ({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}, "ENCRYPTED"),
        ({"__properties_version1.0": b"x"}, "MSG"),
        ({"Else": b"x"}, "DOC"),
    ],
)
def test_what_a_compound_file_is(streams: dict[str, bytes], told: str) -> None:
    assert tell_ole(compound(streams)) == tell_format(compound(streams)) == told
    assert tell_ole(compound(streams)[:700]) == "DOC"


def test_a_saved_mail_in_an_archive() -> None:
    from workflow.intake.submission import read_submission

    found = read_submission(mail(Part("邮件.zip", archive({"来件.msg": compound(saved())}))))
    assert [original.filename for original in found.originals] == ["邮件.zip", "盖章扫描件.pdf"]
    assert found.writers == ("wxb@unit.example",)
