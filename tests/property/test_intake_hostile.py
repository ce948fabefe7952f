"""Whatever bytes come in, a submission comes out, or a reason; never a traceback."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import workflow.demo
from states.doubts import DOUBTS
from tests.builders.compound import compound
from tests.builders.effort import times
from tests.builders.forms import form
from tests.builders.mails import Part, archive, mail
from tests.builders.media import PDF, picture, track, video
from workflow.intake.picture import measure_picture
from workflow.intake.refusal import Refusal
from workflow.intake.submission import Submission, read_submission
from workflow.intake.video import measure_video
from workflow.intake.word import read_document

SAMPLE = (Path(workflow.demo.__file__).parent / "mailbox" / "10-xianning-media.eml").read_bytes()
SMALL = mail(
    Part("表.docx", form()),
    Part("表（盖章）.pdf", PDF),
    Part("图.jpg", picture()),
    Part("视频.mp4", video(track(1920, 1080))),
    Part("材料.zip", archive({"甲/图.png": picture("PNG")})),
    Part("说明.txt", "图.jpg：现场".encode("gb18030")),
    Part("来件.eml", mail(Part("表.docx", form()), Part("mmexport1.jpg", picture()))),
    Part("邮件.zip", archive({"一.eml": mail(Part("表.docx", form())), "._一.eml": b"x"})),
    Part("导出.mbox", b"From a\n" + mail() + b"\n\nFrom b\n" + mail()),
    Part("存.msg", compound({"__properties_version1.0": bytes(32), "__substg1.0_1000001F": "文".encode("utf-16-le")})),
    Part("盖章.ofd", archive({"OFD.xml": b"x", "Doc_0/Pages/Page_0/Content.xml": b"x"})),
    text="链接：https://pan.baidu.com/s/1a 视频.mp4（有效期7天）",
)
FIELDS = (
    b"From", b"Date", b"Received", b"Content-Type", b"Content-Disposition", b"Content-Transfer-Encoding",
    b"Message-ID", b"Subject",
)  # fmt: skip
ATTACHMENTS = (
    form(), picture(), picture("PNG"), video(track(1920, 1080, coded=(1920, 1080))),
    archive({"图.png": picture("PNG")}),
    PDF,
    compound({"__properties_version1.0": bytes(32), "__substg1.0_37010102": PDF}),
)  # fmt: skip
often = settings(max_examples=times(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
seldom = settings(max_examples=times(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def mutations(draw: st.DrawFn, whole: bytes, start: int = 0) -> bytes:
    """``whole`` with some bytes changed, a piece cut out, or its end missing."""
    data = bytearray(whole)
    for _ in range(draw(st.integers(0, 12))):
        place = draw(st.integers(start, len(data) - 1))
        data[place] = draw(st.integers(0, 255))
    first = draw(st.integers(start, len(data)))
    if draw(st.booleans()):
        del data[first : first + draw(st.integers(1, 400))]
    return bytes(data if draw(st.booleans()) else data[: draw(st.integers(start, len(data)))])


def check(submission: Submission) -> None:
    for dossier in submission.dossiers:
        assert not dossier.form.is_blank
        assert dossier.documents[0] == dossier.form_sha256
        assert all(DOUBTS[doubt.code] == doubt.blocking for doubt in dossier.doubts)
    for original in submission.originals:
        assert original.filename
        assert "/" not in original.filename
        assert "\\" not in original.filename
    if not submission.dossiers:
        assert {"no-form", "delivery-report"} & {reason.code for reason in submission.reasons}
    assert submission.received_at is None or submission.received_at.utcoffset() is not None


@often
@given(st.binary(max_size=3000))
def test_any_bytes(raw: bytes) -> None:
    check(read_submission(raw))


@often
@given(st.lists(st.tuples(st.sampled_from(FIELDS), st.binary(max_size=80))), st.binary(max_size=300))
def test_any_header_fields(fields: list[tuple[bytes, bytes]], body: bytes) -> None:
    check(read_submission(b"".join(name + b": " + value + b"\r\n" for name, value in fields) + b"\r\n" + body))


@often
@given(st.text(max_size=60), st.binary(max_size=200))
def test_any_name_and_bytes_of_an_attachment(name: str, data: bytes) -> None:
    encoded = name.encode("utf-8", "surrogatepass")
    headers = (b"Content-Type: image/jpeg", b'Content-Disposition: attachment; filename="' + encoded + b'"')
    check(read_submission(mail(Part("", data, headers), Part("表.docx", form()))))


@often
@given(mutations(SMALL))
def test_a_mail_damaged_anywhere(raw: bytes) -> None:
    check(read_submission(raw))


@seldom
@given(mutations(SAMPLE))
def test_a_sample_damaged_anywhere(raw: bytes) -> None:
    check(read_submission(raw))


@often
@given(st.sampled_from(ATTACHMENTS).flatmap(mutations))
def test_an_attachment_damaged_anywhere(data: bytes) -> None:
    for filename in ("表.docx", "图.jpg", "视频.mp4", "扫描.pdf", "来件.eml", "来件.p7m"):
        check(read_submission(mail(Part(filename, data))))
    for read in (read_document, measure_picture, measure_video):
        with suppress(Refusal):
            read(data, "a")


@pytest.mark.parametrize("step", [997])
def test_a_mail_cut_off_at_any_place(step: int) -> None:
    for end in range(0, len(SMALL), step):
        check(read_submission(SMALL[:end]))
