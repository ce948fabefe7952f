"""A tick is a tick however Word draws it, and what nobody can be sure of is said as it was seen."""

import pytest

from tests.builders.forms import CATEGORY_LINE, cell, document, form, paragraph, run, table
from workflow.intake.categories import CATEGORY_NAMES, Choice, read_choice
from workflow.intake.form import RecommendationForm, read_forms
from workflow.intake.word import read_document


def read(**answers: str) -> RecommendationForm:
    (found,) = read_forms(read_document(form(**answers), "表.docx"))
    return found


def ticked(tick: str, number: int = 2, box: str = run("□")) -> RecommendationForm:
    pieces = [
        (tick if each == number else box) + run(f"{each}.{name} ") for each, name in sorted(CATEGORY_NAMES.items())
    ]
    return read(申报类别=f"<w:p>{''.join(pieces)}</w:p>")


def seen(found: RecommendationForm) -> list[str]:
    assert found.categories == ()
    (doubt,) = found.doubts
    assert (doubt.code, doubt.blocking) == ("category-unclear", True)
    marks = doubt.values["seen"]
    assert isinstance(marks, list)
    return [str(mark) for mark in marks]


def field(code: str, result: str = "", data: str = "") -> str:
    """A field as Word writes it, its code in as many runs as ``code`` has parts split by ``|``."""
    codes = "".join(f'<w:r><w:instrText xml:space="preserve">{part}</w:instrText></w:r>' for part in code.split("|"))
    shown = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}' if result else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r>{codes}{shown}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def symbol(font: str, code: str) -> str:
    return f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'


def in_font(font: str, text: str, hint: str = "") -> str:
    more = f' w:hint="{hint}"' if hint else ""
    return run(text, f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}"{more}/>')


def box(flag: str, shown: str, states: str = "") -> str:
    return (
        f'<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="{flag}"/>{states}</w14:checkbox></w:sdtPr>'
        f"<w:sdtContent>{shown}</w:sdtContent></w:sdt>"
    )


@pytest.mark.parametrize(
    "tick",
    [
        field(r" eq \o\ac(□,√) "),
        field(r" EQ \o\ac(□,|√|) "),
        field(r"eq \o(√,□)"),
        field(r"eq \o\ac(○;V)"),
        field(r"eq \o\ac(\s\up3(□),√)"),
        field(r"eq \x(√)"),
        '<w:fldSimple w:instr=" eq \\o\\ac(□,√) "><w:r><w:t>□</w:t></w:r></w:fldSimple>',
        field(r'SYMBOL 254 \f "Wingdings" \s 10', run("þ")),
        field(r"SYMBOL 0x52 \f Wingdings2"),
        field(r" eq \o\ac(□,@)").replace("@", f"</w:instrText></w:r>{field('SYMBOL 214')}<w:r><w:instrText>"),
        symbol("Symbol", "F0D6"),
        symbol("Webdings", "F061"),
        symbol("Webdings", "61"),
        symbol("Segoe UI Symbol", "2611"),
        symbol("MS Gothic", "2612"),
        symbol("Zapf Dingbats", "F034"),
        symbol("Marlett", "F062"),
        in_font("Webdings", "a"),
        in_font("Symbol", "Ö"),
        in_font("Wingdings", "\uf0fe"),
        in_font("ZapfDingbats", "4"),
        run("\uf0d6", '<w:rFonts w:eastAsia="Symbol" w:hint="eastAsia"/>'),
        run("∨"),
        box("1", run("☒")),
        box("1", symbol("Wingdings", "F0FE")),
        box("true", ""),
        box("1", run("★"), '<w14:checkedState w14:val="2605" w14:font="MS Gothic"/>'),
    ],
)
def test_a_tick_however_it_is_drawn(tick: str) -> None:
    found = ticked(tick)
    assert (found.categories, found.doubts) == ((2,), ())


@pytest.mark.parametrize(
    "open_box",
    [
        field(r"eq \o\ac(□, )"),
        field(r"eq \x()"),
        symbol("Webdings", "F063"),
        symbol("Wingdings", "F06F"),
        symbol("Yu Gothic", "2610"),
        in_font("Webdings", "c"),
        box("0", run("☐")),
        box("0", run("▲"), '<w14:uncheckedState w14:val="25B2" w14:font="MS Gothic"/>'),
        symbol("Wingdings 3", "F07D"),
        run("◈"),
    ],
)
def test_a_box_left_open_however_it_is_drawn(open_box: str) -> None:
    found = ticked(run("√"), 5, open_box)
    assert (found.categories, found.doubts) == ((5,), ())


@pytest.mark.parametrize(
    ("tick", "shown"),
    [
        (box("0", run("☑")), "☑≠□ 2.网络文化创意精品"),
        (box("1", run("☐")), "☐≠☑ 2.网络文化创意精品"),
        (box("1", run("♥")), "♥ 2.网络文化创意精品"),
        (symbol("Wingdings", "F021"), "Wingdings 21 2.网络文化创意精品"),
        (symbol("某字体", "F0AA"), "某字体 F0AA 2.网络文化创意精品"),
        (in_font("Wingdings 3", "p"), "Wingdings 3 70 2.网络文化创意精品"),
        (run("▲"), "▲ 2.网络文化创意精品"),
        (run("👍"), "👍 2.网络文化创意精品"),
        (run("×"), "× 2.网络文化创意精品"),
        (field(r"eq \o\ac(□,♠)"), "□♠ 2.网络文化创意精品"),
        ('<w:r><w:drawing><wp:docPr xmlns:wp="d" name="Oval 3"/></w:drawing></w:r>', "[Oval 3] 2.网络文化创意精品"),
        ('<w:r><w:pict><v:oval id="a"/></w:pict></w:r>', "[pict] 2.网络文化创意精品"),
        (run("v"), "v"),
        (run("是"), "是"),
    ],
)
def test_a_mark_nobody_can_be_sure_of_is_named(tick: str, shown: str) -> None:
    assert seen(ticked(tick)) == [shown]


def test_what_a_control_shows_counts_in_a_cell_and_in_a_block_of_its_own() -> None:
    state = '<w:sdtPr><w14:checkbox><w14:checked w14:val="{}"/></w14:checkbox></w:sdtPr>'

    def boxed(flag: int, shown: str, number: int) -> list[str]:
        control = f"<w:sdt>{state.format(flag)}<w:sdtContent>{cell(shown)}</w:sdtContent></w:sdt>"
        return [control, cell(f"{number}.{CATEGORY_NAMES[number]}")]

    def rows(flag: int) -> str:
        lines = [boxed(flag if number == 3 else 0, "☑" if number == 3 else "☐", number) for number in CATEGORY_NAMES]
        return f"<w:tbl>{''.join('<w:tr>' + ''.join(line) + '</w:tr>' for line in lines)}</w:tbl><w:p/>"

    assert read(申报类别=rows(1)).categories == (3,)
    assert seen(read(申报类别=rows(0))) == ["☑≠□ 3.网络空间道德建设"]
    block = f"<w:sdt>{state.format(0)}<w:sdtContent>{paragraph('☑')}</w:sdtContent></w:sdt>"
    assert seen(read(申报类别=f"{block}{paragraph('4.网络空间行为规范')}{paragraph('□5.网络空间生态治理')}"))


def test_lists_to_choose_from() -> None:
    entries = "".join(f'<w:listItem w:displayText="{name}" w:value="v{n}"/>' for n, name in CATEGORY_NAMES.items())

    def chosen(shown: str, last: str = "") -> RecommendationForm:
        control = f'<w:sdt><w:sdtPr><w:dropDownList w:lastValue="{last}">{entries}</w:dropDownList></w:sdtPr>'
        return read(申报类别=f"<w:p>{control}<w:sdtContent>{run(shown)}</w:sdtContent></w:sdt></w:p>")

    assert chosen("网络空间生态治理").categories == (5,)
    assert chosen("v4").categories == (4,)
    assert chosen("网络空间生态治理", "v5").categories == (5,)
    assert seen(chosen("网络空间生态治理", "v4")) == ["网络空间生态治理≠网络空间行为规范"]
    assert seen(chosen("别的")) == ["别的"]
    assert chosen("选择一项。") == read(申报类别="")


def test_lists_of_older_forms() -> None:
    entries = "".join(f'<w:listEntry w:val="{name}"/>' for name in ("请选择", *CATEGORY_NAMES.values()))

    def chosen(inner: str) -> RecommendationForm:
        data = f"<w:ffData><w:ddList>{inner}</w:ddList></w:ffData>"
        return read(申报类别=f"<w:p>{field(' FORMDROPDOWN ', '', data)}</w:p>")

    assert chosen(f'<w:result w:val="5"/>{entries}').categories == (5,)
    assert (chosen(entries).categories, chosen(entries).doubts) == ((), ())
    untouched = "".join(f'<w:listEntry w:val="{name}"/>' for name in CATEGORY_NAMES.values())
    assert seen(chosen(untouched)) == ["理论政策宣传"]


def test_boxes_of_older_forms() -> None:
    def check(inner: str, shown: str = "") -> str:
        data = f"<w:ffData><w:checkBox>{inner}</w:checkBox></w:ffData>"
        return field(" FORMCHECKBOX ", run(shown) if shown else "", data)

    assert ticked(check("<w:checked/>"), box=check("")).categories == (2,)
    assert ticked(check('<w:default w:val="1"/>'), box=check('<w:checked w:val="0"/>')).categories == (2,)
    assert seen(ticked(check("", "☑"), box=check(""))) == ["☑≠□ 2.网络文化创意精品"]


def floating(text: str, place: str) -> str:
    """A text box beside its older rendering, placed as ``place`` (anchor, inline or nothing) says."""
    drawn = f"<wps:wsp><wps:txbx><w:txbxContent>{paragraph(text)}</w:txbxContent></wps:txbx></wps:wsp>"
    drawn = f'<wp:{place} xmlns:wp="d">{drawn}</wp:{place}>' if place else drawn
    old = f"<w:pict><v:shape><v:textbox><w:txbxContent>{paragraph(text)}</w:txbxContent></v:textbox></v:shape></w:pict>"
    return (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{drawn}</w:drawing></mc:Choice>"
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>"
    )


@pytest.mark.parametrize("place", ["anchor", ""])
def test_a_tick_that_floats_over_the_page_is_never_given_to_the_end_of_its_line(place: str) -> None:
    lines = CATEGORY_LINE.split("\n")
    boxed = f"<w:p>{floating('√', place)}{run(lines[0])}</w:p>{paragraph(lines[1])}"
    assert seen(read(申报类别=boxed)) == ["[√] 1.理论政策宣传"]


def test_a_tick_in_a_frame_floats_as_well() -> None:
    framed = f'<w:p><w:pPr><w:framePr w:w="400"/></w:pPr>{run("√")}</w:p>'
    assert seen(read(申报类别=framed + paragraph(CATEGORY_LINE))) == ["[√] 1.理论政策宣传"]
    assert read(案例简介=framed.replace("√", "框中之文")).summary == "框中之文"


def test_a_tick_in_a_box_of_the_line_stands_where_it_is() -> None:
    before, after = CATEGORY_LINE.split("□4")
    assert read(申报类别=f"<w:p>{run(before)}{floating('√', 'inline')}{run('4' + after)}</w:p>").categories == (4,)
    inner = f"<v:textbox><w:txbxContent>{paragraph('√')}</w:txbxContent></v:textbox>"
    vml = f"<w:r><w:pict><v:shape style='width:9pt'>{inner}</v:shape></w:pict></w:r>"
    assert read(申报类别=f"<w:p>{run(before)}{vml}{run('4' + after)}</w:p>").categories == (4,)


def test_a_text_box_is_read_where_it_stands() -> None:
    found = read(案例简介=f"<w:p>{run('始')}{floating('中', 'anchor')}{run('终')}</w:p>", 案例名称="框中之名")
    assert found.summary == "始\n中\n终"


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        (CATEGORY_LINE.replace("□2", "①2"), Choice((), ("① 2.网络文化创意精品",))),
        ("①理论政策宣传 ②网络文化创意精品 ☑③网络空间道德建设", Choice((3,))),
        ("1、理论政策宣传 ②、网络文化创意精品 3、网络空间道德建设", Choice((), ("② 2.网络文化创意精品",))),
        ("✗1.理论政策宣传 ✓2.网络文化创意精品 ✗3.网络空间道德建设", Choice((2,))),
        (CATEGORY_LINE.replace("□2", "☒2").replace("□5", "√5"), Choice((), ("☒ 2.网络文化创意精品",))),
        (f"请在所选类别前的□内打“√”：\n{CATEGORY_LINE}", Choice(())),
        (f"（请在对应方框内打√，限选一项）{CATEGORY_LINE}", Choice(())),
        (f"{CATEGORY_LINE}\n注：每个案例只选一类。", Choice(())),
        (f"（单选）{CATEGORY_LINE.replace('□6', '■6')}", Choice((6,))),
        (CATEGORY_LINE.replace("□3", "□♦3").replace("□1", "☑1"), Choice((), ("♦ 3.网络空间道德建设",))),
        ("◎3.网络空间道德建设", Choice((3,))),
        (CATEGORY_LINE.replace("□3", "3"), Choice((), ("3.网络空间道德建设",))),
        (CATEGORY_LINE.replace("□2", "√☑2"), Choice((2,))),
        ("网络文明类", Choice((), ("网络文明类",))),
        ("7", Choice((), ("7",))),
        ("—", Choice(())),
    ],
)
def test_what_stands_there_is_never_called_nothing(text: str, choice: Choice) -> None:
    assert read_choice(text) == choice


def prompt(text: str, style: str = '<w:rStyle w:val="PlaceholderText"/>') -> str:
    return (
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/><w:text/></w:sdtPr><w:sdtContent>{run(text, style)}</w:sdtContent></w:sdt>"
    )


def test_a_control_that_shows_its_prompt_says_nothing() -> None:
    said = "单击或点击此处输入文字。"
    found = read(
        案例名称=f"<w:p>{prompt(said)}</w:p>",
        联系人=f"<w:p>{prompt('填写姓名', '')}</w:p>",
        联系方式=f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{paragraph('电话')}</w:sdtContent></w:sdt>",
        通讯地址="请在此处填写通讯地址",
        案例简介="<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>有话</w:t></w:r></w:p></w:sdtContent></w:sdt>",
    )
    assert (found.name, found.contact_person, found.contact_phone, found.address) == ("", "", "", "")
    assert found.summary == "有话"


def test_a_cell_or_row_inside_a_control_that_shows_its_prompt_says_nothing() -> None:
    inner = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{cell('案名')}</w:sdtContent></w:sdt>"
    rows = table([cell("案例名称"), "<w:tc></w:tc>"]).replace("<w:tc></w:tc>", inner)
    (found,) = read_document(document(rows), "表.docx").tables()
    assert [[each.text for each in row] for row in found.rows] == [["案例名称", ""]]


def test_a_field_that_never_ends_takes_nothing_with_it() -> None:
    begun = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>eq \\o\\ac(□,√)</w:instrText></w:r>'
    found = read(申报类别=f"<w:p>{begun}</w:p>{paragraph('2.网络文化创意精品')}", 案例名称="名")
    assert (found.categories, found.name) == ((2,), "名")


def test_results_of_other_fields_are_text() -> None:
    link = field('HYPERLINK "https://a.example"', run("云上") + field(" REF x ", run("读书会")))
    assert read(案例名称=f"<w:p>{link}</w:p>").name == "云上读书会"
    half = field(r"eq \f(1,2)")
    assert read(案例名称=f"<w:p>{half}{run('读书')}</w:p>").name == "1/2读书"
