"""Files that came as links, as mail services and net disks write them; other links are none of a case's matter."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from workflow.intake.links import LinkedFile, find_linked
from workflow.intake.page import Line, open_page

ZONE = ZoneInfo("Asia/Shanghai")
SENT = datetime(2024, 6, 20, tzinfo=UTC)


def of_page(page: str) -> list[tuple[str, str, str | None]]:
    return told(find_linked(open_page(page).lines, SENT, ZONE))


def of_text(text: str) -> list[tuple[str, str, str | None]]:
    return told(find_linked([Line(line) for line in text.splitlines()], SENT, ZONE))


def told(files: tuple[LinkedFile, ...]) -> list[tuple[str, str, str | None]]:
    return [(file.name, file.size, file.until.isoformat() if file.until else None) for file in files]


def test_large_attachments_of_mail_services() -> None:
    assert of_page(
        '<div>从QQ邮箱发来的超大附件</div><div><a href="https://mail.example/cgi-bin/ftnExs_download?k=1"><div>甲.mp4</div></a>'
        ' (1.20G, 2024年07月15日 23:00 到期)<a href="https://mail.example/cgi-bin/ftnExs_download?k=1">进入下载页面</a></div>'
        '<div><a href="https://mail.example/cgi-bin/ftnExs_download?k=2">乙.docx</a> (1.20M, 2024年07月16日 到期)</div>'
    ) == [
        ("甲.mp4", "1.20G", "2024-07-15T23:00:00+08:00"),
        ("乙.docx", "1.20M", "2024-07-17T00:00:00+08:00"),
    ]
    assert of_page(
        '<table><tr><td><a href="https://mail.example/ftn/download?key=1">材料.zip</a></td></tr><tr><td>35.2MB</td></tr>'
        "<tr><td>过期时间：2024-07-20 12:00:00</td></tr></table>"
    ) == [("材料.zip", "35.2MB", "2024-07-20T12:00:00+08:00")]


@pytest.mark.parametrize(
    ("text", "files"),
    [
        (
            "通过百度网盘分享的文件：视频.mp4\n链接：https://pan.baidu.com/s/1a?pwd=8 \n提取码：8 （有效期7天）",
            [("视频.mp4", "", "2024-06-27T00:00:00+00:00")],
        ),
        ("链接: https://pan.quark.cn/s/abcdef 提取码：x1", [("pan.quark.cn", "", None)]),
        ("视频.mp4\nhttps://cloud.189.cn/t/a（访问码：1）\n图片.zip\nhttps://cloud.189.cn/t/b（访问码：2）",
         [("视频.mp4", "", None), ("图片.zip", "", None)]),
        ("云附件：https://files.mail.example/%E8%A7%86%E9%A2%91.mp4 24小时内有效",
         [("视频.mp4", "", "2024-06-21T00:00:00+00:00")]),
    ],
)  # fmt: skip
def test_links_in_plain_text(text: str, files: list[tuple[str, str, str | None]]) -> None:
    assert of_text(text) == files


@pytest.mark.parametrize(
    "page",
    [
        '<p>某单位 <a href="https://www.unit.example/">主页</a></p>',
        '<p><a href="https://www.unit.example/news/2024/6/a.html">报道</a> 2024年6月5日</p>',
        '<p><a href="mailto:a@unit.example">a@unit.example</a></p>',
        '<p><a href="#top">视频</a><a href="javascript:void(0)">下载</a></p>',
        "<p>网盘未使用</p>",
        '<a href="http://[">x</a>',
    ],
)
def test_links_that_bring_nothing(page: str) -> None:
    assert of_page(page) == []


def test_a_link_shown_in_both_halves_of_a_mail_counts_once() -> None:
    page = open_page('<a href="https://pan.baidu.com/s/1abc">视频.mp4</a>').lines
    plain = (Line("视频.mp4"), Line("https://pan.baidu.com/s/1abc"))
    assert len(find_linked((*page, *plain), SENT, ZONE)) == 1


def test_what_may_be_a_form() -> None:
    def may_be_form(name: str) -> bool:
        return LinkedFile(name, "", None).may_be_form

    assert all(map(may_be_form, ("推荐表.pdf", "材料.zip", "甲.docx", "pan.baidu.com")))
    assert not any(map(may_be_form, ("视频.mp4", "图.jpg", "说明.txt")))
