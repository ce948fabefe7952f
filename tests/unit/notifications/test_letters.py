"""Letters as people and mail programs read them: in both languages, the same bytes every time."""

import re
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar, Event
from lxml import html

import notifications
from notifications.dates import Date
from notifications.grammar import TemplateUnfit
from notifications.letters import CaseLine, LetterContent, Rendered, Sender, render
from notifications.template import kinds
from states import ROOMS

LANGUAGES = ("zh", "en")
FOLDER = Path(notifications.__file__).parent / "templates"
BY_LAW = sorted({exit_.letter for room in ROOMS for exit_ in room.exits})
KINDS = kinds("zh")
WRITTEN = datetime(2024, 6, 28, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
SENDER = Sender("anli@anli.example", "湖北网络文明案例推选办公室", "reply@anli.example", "【案例推选】", "anli.example")
CASES = (
    CaseLine("2024-0001", "云上读书会", "已接收", "已推荐"),
    CaseLine("2024-0002", "邻里议事厅", "", "已接收", ("缺盖章扫描件",)),
)


def letter(**changes: Any) -> LetterContent:
    return LetterContent(
        kind="recommended",
        language="zh",
        recipient="武汉市",
        address="wxb@wuhan.example",
        identity=("token", "7", "武汉市", "recommended"),
        cases=CASES,
        why=None,
        organiser="推选办公室",
        enquiries="咨询：anli@anli.example",
        day="2024年6月28日",
        moments={"received_until": "2024年7月1日 00:00", "process_until": "2024年7月16日 00:00"},
        sentence="推荐材料报送将于6月30日截止。",
        points=("武汉市：尚余3个名额",),
    )._replace(**changes)


def read(rendered: Rendered) -> EmailMessage:
    parsed = message_from_bytes(rendered.message, policy=default)
    assert isinstance(parsed, EmailMessage)
    assert parsed.defects == []
    return parsed


def body(rendered: Rendered) -> str:
    part = read(rendered).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def page(rendered: Rendered) -> html.HtmlElement:
    part = read(rendered).get_body(("html",))
    assert part is not None
    return html.fromstring(part.get_content())


def words_of(text: str) -> str:
    """What is said, however it is laid out."""
    return re.sub(r"[\s·•-]+", "", text)


def test_every_letter_the_law_names_has_a_template_in_both_languages() -> None:
    assert {*BY_LAW, "receipt", "corrected"} <= {*KINDS}
    assert kinds("en") == KINDS
    assert sorted(path.name for path in (FOLDER / "zh").iterdir()) == sorted(
        path.name for path in (FOLDER / "en").iterdir()
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("why", [None, "盖章有误"])
def test_every_letter_is_readable(kind: str, language: str, why: str | None) -> None:
    rendered = render(letter(kind=kind, language=language, why=why), SENDER, WRITTEN)
    message, text = read(rendered), body(rendered)
    assert message["Subject"] == rendered.subject
    assert rendered.subject.startswith(SENDER.subject_prefix)
    assert len(rendered.subject) > len(SENDER.subject_prefix) + 3
    assert "\n" not in rendered.subject
    assert text.startswith("武汉市：" if language == "zh" else "To 武汉市,")
    assert not re.search(r"\{[{%#]|[%#}]\}|\n\n\n\n|None|Undefined", text)
    assert "咨询：anli@anli.example" in text
    assert (why or "") in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [*BY_LAW, "receipt", "corrected"])
def test_every_case_is_listed_once(kind: str, language: str) -> None:
    text = body(render(letter(kind=kind, language=language), SENDER, WRITTEN))
    assert [text.count(case.number) for case in CASES] == [1, 1]
    assert "已接收 → 已推荐" in text
    assert "缺盖章扫描件" in text


def test_headers_are_those_of_a_letter_by_machine() -> None:
    message = read(render(letter(), SENDER, WRITTEN))
    assert str(message["From"]) == "湖北网络文明案例推选办公室 <anli@anli.example>"
    assert str(message["To"]) == "武汉市 <wxb@wuhan.example>"
    assert str(message["Reply-To"]) == "reply@anli.example"
    assert message["Date"].datetime == WRITTEN
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "zh"
    assert re.fullmatch(r"<[0-9a-f]{32}@anli\.example>", message["Message-ID"])


def test_bytes_travel_anywhere() -> None:
    rendered = render(letter(), SENDER, WRITTEN)
    assert rendered.message.isascii()
    assert max(map(len, rendered.message.split(b"\r\n"))) <= 78
    assert b"\n" not in rendered.message.replace(b"\r\n", b"")


def test_the_same_letter_is_the_same_bytes() -> None:
    assert render(letter(), SENDER, WRITTEN) == render(letter(), SENDER, WRITTEN)


def test_an_identity_is_a_letter_of_its_own() -> None:
    same = render(letter(why="另有说明"), SENDER, WRITTEN).message_id
    assert same == render(letter(), SENDER, WRITTEN).message_id
    others = [
        ("token", "8", "武汉市", "recommended"),
        ("token", "7", "武汉", "市recommended"),
        ("token7", "", "武汉市", "x"),
    ]
    assert len({render(letter(identity=identity), SENDER, WRITTEN).message_id for identity in others} | {same}) == 4


@pytest.mark.parametrize(
    "name",
    [
        "读书会\r\nBcc: everyone@other.example",
        "读书会\nBcc: everyone@other.example\n\n假正文",
        "读书会\u2028Bcc: x@other.example",
        "=?utf-8?b?QmNjOiB4?=",
        "<x@other.example>",
        '"; x@other.example',
        "读书会\x00",
    ],
)
def test_names_make_no_headers(name: str) -> None:
    hostile = letter(recipient=name, cases=(CaseLine("2024-0001", name, "", "已接收", (name,)),), why=name)
    message = read(render(hostile, SENDER, WRITTEN))
    assert sorted(message.keys()) == sorted(read(render(letter(), SENDER, WRITTEN)).keys())
    assert [address.addr_spec for address in message["To"].addresses] == ["wxb@wuhan.example"]
    assert message["Bcc"] is None


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_no_name_breaks_a_letter(name: str) -> None:
    hostile = letter(recipient=name, cases=(CaseLine("2024-0001", name, "", "已接收", (name,)),), why=name)
    message = read(render(hostile, SENDER, WRITTEN))
    assert [address.addr_spec for address in message["To"].addresses] == ["wxb@wuhan.example"]
    assert "\n" not in message["Subject"]


def test_a_name_takes_one_line() -> None:
    """A name with line breaks must not look like a passage of the organisers'."""
    hostile = letter(cases=(CaseLine("2024-0001", "读书会\n\n2. 2024-0002　另一案例\n   状态：已入选", "", "已接收"),))
    text = body(render(hostile, SENDER, WRITTEN))
    assert not re.search(r"(?m)^2\. 2024-0002", text)
    assert not re.search(r"(?m)^ +状态：已入选", text)


def test_a_point_takes_one_line() -> None:
    hostile = letter(kind="remind", points=("文件“甲\n\n2. 2024-0002　另一案例\n   状态：已入选”",), cases=())
    assert not re.search(r"(?m)^(?:2\.| +状态)", body(render(hostile, SENDER, WRITTEN)))


@pytest.mark.parametrize("name", ["{{ 7 * 7 }}", "{% raw %}", "{{ cases.__class__.__mro__ }}", "{# x #}"])
def test_names_are_never_templates(name: str) -> None:
    text = body(render(letter(cases=(CaseLine("2024-0001", name, "", "已接收"),), why=name), SENDER, WRITTEN))
    assert text.count(name) == 2
    assert "49" not in text


def test_a_variable_that_is_not_there_is_named() -> None:
    first = letter(template="{% block next %}\n{{ cases[0].name }}{% endblock %}")
    assert "云上读书会" in body(render(first, SENDER, WRITTEN)).partition("2024-0002")[2]
    with pytest.raises(TemplateUnfit) as caught:
        render(first._replace(cases=()), SENDER, WRITTEN)
    assert (caught.value.code, caught.value.line) == ("template-fails", 2)
    assert "no element 0" in str(caught.value.values["said"])


def test_a_template_of_the_rule_books_own_fills_its_blocks_and_leaves_the_others() -> None:
    own = letter(template="{% block next %}请于{{ process_until }}前联系。{% endblock %}")
    rendered, built_in = render(own, SENDER, WRITTEN), render(letter(), SENDER, WRITTEN)
    assert rendered.subject == built_in.subject
    assert "请于2024年7月16日 00:00前联系。" in body(rendered)
    assert "请于2024年7月16日 00:00前联系。" in page(rendered).text_content()
    assert "目前无需再作处理" not in body(rendered)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_text_and_html_say_the_same(kind: str, language: str) -> None:
    rendered = render(letter(kind=kind, language=language, why="盖章有误\n请见附件", note="note\n1\n"), SENDER, WRITTEN)
    shown = words_of(page(rendered).findall("body")[0].text_content())
    said = re.sub(r"(?m)^\d+\. |^ *(?:状态：|State:)", "", body(rendered))
    for part in re.split(r"\n|→|　|  ", said):
        assert words_of(part) in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_needs_nothing_from_elsewhere(language: str) -> None:
    root = page(render(letter(language=language, kind="receipt", points=("甲",)), SENDER, WRITTEN))
    assert root.get("lang", "").startswith(language)
    assert not root.xpath("//script | //style | //link | //img | //a | //@src | //@href | //@background | //form")
    assert "url(" not in html.tostring(root, encoding="unicode")
    table = root.xpath("//table[thead]")[0]
    assert len(table.xpath("./thead/tr/th[@scope='col']")) == 3
    rows = [[cell.text_content() for cell in row.xpath("./td")] for row in table.xpath("./tbody/tr")]
    assert rows[0] == ["2024-0001", "云上读书会", "已接收 →已推荐"]
    assert rows[1] == ["2024-0002", "邻里议事厅", "已接收"]
    assert [cell.strip() for cell in rows[2]] == ["缺盖章扫描件"]


HOSTILE = st.lists(
    st.sampled_from(["<", ">", "&", '"', "'", "</td>", "<b>", "<script>", "&lt;", "<!--", "-->", "]]>", "</p>", "<br>"])
    | st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=10),
    max_size=8,
).map("".join)


@given(HOSTILE)
@example("<b>x</b>")
@example("&lt;")
@example('"><img src=x onerror=y>')
def test_no_word_is_markup(name: str) -> None:
    hostile = letter(
        recipient=f"x{name}",
        cases=(CaseLine("2024-0001", name, name, name, (name,)),),
        why=f"x{name}",
        sentence=f"x{name}",
        points=(f"x{name}",),
        kind="remind",
        note=name,
        organiser=name,
        enquiries=name,
    )
    plain = letter(
        recipient="x",
        cases=(CaseLine("2024-0001", "", "x" if name else "", "", ("x",)),),
        why="x",
        sentence="x",
        points=("x",),
        kind="remind",
    )
    root, without = page(render(hostile, SENDER, WRITTEN)), page(render(plain, SENDER, WRITTEN))
    tags = [element.tag for element in root.iter()]
    assert tags == [element.tag for element in without.iter()]
    assert root.xpath("//tbody/tr/td[2]")[0].text_content() == " ".join(name.split())


def test_a_kind_without_a_template_is_named() -> None:
    with pytest.raises(jinja2.TemplateNotFound, match="unheard-of"):
        render(letter(kind="unheard-of"), SENDER, WRITTEN)
    with pytest.raises(jinja2.TemplateNotFound):
        render(letter(kind="../../secrets"), SENDER, WRITTEN)


def test_announced_dates_go_with_the_letter_for_calendars() -> None:
    closes = datetime(2024, 7, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    date = Date("close-1@anli.example", "材料接收截止", "六.5", closes - timedelta(hours=1), closes)
    rendered = render(letter(dates=(date,)), SENDER, WRITTEN)
    assert rendered == render(letter(dates=(date,)), SENDER, WRITTEN)
    (attached,) = read(rendered).iter_attachments()
    assert (attached.get_content_type(), attached.get_filename()) == ("text/calendar", "dates.ics")
    (event,) = Calendar.from_ical(attached.get_content()).walk("VEVENT")
    assert isinstance(event, Event)
    assert (event["SUMMARY"], event["UID"], event.start, event.end) == (date.summary, date.uid, date.starts, date.ends)
    assert "2024-0001" in body(rendered)
