import email
import email.policy
from email.message import EmailMessage

from workflow.demo.submissions import write_mail, write_season
from workflow.demo.timetable import PlannedMail, plan_season

UNITS = {
    "武汉市": ("wxb@wuhan.example", 8),
    "宜昌市": ("wxb@yichang.example", 6),
    "湖北省教育厅": ("jyt@edu.example", 3),
    "荆楚示例网": ("bianji@news.example", 6),
    "楚天示例网": ("bianji@chutian.example", 6),
    "神农架林区": ("wxb@shennongjia.example", 3),
}
SEASON = plan_season(UNITS)


def open_mail(mail: PlannedMail) -> EmailMessage:
    return email.message_from_bytes(write_mail(mail), policy=email.policy.default)


def test_season_is_written_in_order_and_the_same_twice() -> None:
    first = list(write_season(UNITS))
    assert first == list(write_season(UNITS))
    assert [(name, moment) for name, moment, _ in first] == [(mail.filename, mail.sent_at) for mail in SEASON]
    assert sum(len(content) for _, _, content in first) < 10_000_000


def test_mail_has_all_that_belongs_to_its_cases() -> None:
    for mail in SEASON:
        if mail.naming == "raw" or not mail.cases:
            continue
        names = [part.get_filename() or "" for part in open_mail(mail).iter_attachments()]
        for number, case in enumerate(mail.cases, start=1):
            start = f"{number}.{case.applicant}-{case.name}-"
            own = [name.removeprefix(start) for name in names if name.startswith(start)]
            assert own[:2] == ["推荐表.docx", "推荐表（盖章扫描件）.pdf"]
            assert [name.rpartition(".")[2] for name in own[2:]] == [*case.pictures, *(["mp4"] if case.video else [])]
        assert names[-1].endswith("-案例（项目）汇报表.docx")


def test_every_picture_and_video_has_a_caption_within_its_limit() -> None:
    for mail in SEASON:
        if mail.naming == "raw":
            continue
        captions: dict[str, str] = {}
        media = set()
        for part in open_mail(mail).iter_attachments():
            name = part.get_filename() or ""
            if name == "图片说明.txt":
                text = part.get_payload(decode=True)
                assert isinstance(text, bytes)
                captions = dict(line.split("：", 1) for line in text.decode().split("\r\n"))
            elif part.get_content_maintype() in ("image", "video"):
                media.add(name)
        assert media == captions.keys()
        assert all(0 < len(caption) <= 50 for caption in captions.values())


def test_files_are_never_the_same_but_for_what_is_sent_again() -> None:
    seen: list[bytes] = []
    for mail in SEASON:
        if not mail.corrected:
            for part in open_mail(mail).iter_attachments():
                content = part.get_payload(decode=True)
                assert isinstance(content, bytes)
                seen.append(content)
    assert len(set(seen)) == len(seen)


def test_question_has_no_attachment() -> None:
    (question,) = [mail for mail in SEASON if not mail.cases]
    message = open_mail(question)
    assert not message.is_multipart()
    assert message["Subject"].startswith("咨询")


def test_corrected_mail_says_so() -> None:
    (corrected,) = [mail for mail in SEASON if mail.corrected]
    assert open_mail(corrected)["Subject"].startswith("（更新）")
