"""Appendix 4 is read by its labels, however the form was filled."""

from pathlib import Path

import pytest

from tests.builders.forms import ANSWERS, CONTENT, cell, document, form, form_blocks, lines, paragraph, run, table
from workflow.intake.form import RecommendationForm, read_forms
from workflow.intake.word import read_document

SAMPLES = Path(__file__).parents[3] / "samples" / "forms"


def read(data: bytes) -> RecommendationForm:
    (found,) = read_forms(read_document(data, "form.docx"))
    return found


USUAL = RecommendationForm(
    applicant="示例县图书馆",
    name="云上读书会",
    categories=(2,),
    contact_person="联系人甲",
    contact_phone="027-60000000",
    address="湖北省示例市示例路1号",
    summary="以读书会友。",
    content=CONTENT,
    headings_missing=(),
    applicant_opinion="同意申报。",
    recommender_opinion="同意推荐。",
)


def test_the_form_as_printed() -> None:
    assert read(form()) == USUAL


def test_the_blank_form_is_a_form_in_which_nothing_is_written() -> None:
    blank = read((SAMPLES / "附件4-推荐表-空白.docx").read_bytes())
    assert blank.is_blank
    assert (blank.categories, blank.content, blank.applicant_opinion, blank.recommender_opinion) == ((), "", "", "")


def test_the_report_table_is_not_a_form() -> None:
    assert read_forms(read_document((SAMPLES / "附件5-汇报表-空白.docx").read_bytes(), "report.docx")) == ()


def test_labels_with_spaces_breaks_colons_and_brackets() -> None:
    rows = [
        ["申 报 单 位：", cell(ANSWERS["申报单位"], span=3)],
        ["案例（项目）\n名　　称", cell(ANSWERS["案例名称"], span=3)],
        ["申报类别（限选一项）", cell(ANSWERS["申报类别"], span=3)],
        ["联 系 人", ANSWERS["联系人"], "*联系方式：", ANSWERS["联系方式"]],
        ["通 讯\n地 址", cell(ANSWERS["通讯地址"], span=3)],
        ["案\n例\n简\n介\n（200字以内）", cell(ANSWERS["案例简介"], span=3)],
        ["案 例 内 容", cell(ANSWERS["案例内容"], span=3)],
        ["申报单位\n意　　见", cell(ANSWERS["申报单位意见"], span=3)],
        ["推荐单位\n意　　见", cell(ANSWERS["推荐单位意见"], span=3)],
    ]
    assert read(document(table(*rows))) == USUAL


def test_content_over_several_merged_rows_and_a_nested_table() -> None:
    inner = table(["年份", "阅读量"], ["2023", "100万"])
    rows = [
        [cell("案例内容", merge="restart"), cell("一、背景意义\n背景。", span=3)],
        [cell(merge="continue"), cell("二、创新做法\n做法。", span=3)],
        [cell(merge="continue"), cell("三、实施成效", inner, span=3)],
        [cell(merge="continue"), cell("四、经验启示\n启示。", span=3)],
    ]
    others = [[label, cell(value, span=3)] for label, value in ANSWERS.items() if label != "案例内容"]
    found = read(document(table(*others, *rows)))
    assert found.headings_missing == ()
    assert found.content.startswith("一、背景意义")
    assert "2023\t100万" in found.content
    assert found.content.endswith("启示。")


def test_values_below_their_labels() -> None:
    rows = [
        ["案例名称", "申报单位"],
        [ANSWERS["案例名称"], ANSWERS["申报单位"]],
        [cell("案例简介", span=2)],
        [cell(ANSWERS["案例简介"], span=2)],
        [cell("推荐单位意见", span=2)],
        [cell(ANSWERS["推荐单位意见"], span=2)],
    ]
    found = read(document(table(*rows)))
    assert (found.name, found.applicant, found.summary) == (USUAL.name, USUAL.applicant, USUAL.summary)
    assert found.recommender_opinion == "同意推荐。"


def test_the_whole_form_inside_a_layout_table() -> None:
    applicant, inner = form_blocks()
    assert read(document(table([cell(applicant, inner)]))) == USUAL


def test_labels_and_values_in_the_same_cells() -> None:
    rows = [
        [cell(f"{label}：{value}" if "意见" not in label else f"{label}\n{value}")] for label, value in ANSWERS.items()
    ]
    assert read(document(table(*rows))) == USUAL


def test_a_form_of_paragraphs_alone() -> None:
    texts = [f"{label}：{value}" for label, value in ANSWERS.items()]
    assert read(document("案例（项目）推荐表", *texts)) == USUAL


def test_two_forms_in_one_document() -> None:
    second = form_blocks(申报单位="另一单位", 案例名称="另一案例")
    forms = read_forms(read_document(document(*form_blocks(), *second), "two.docx"))
    assert [(found.applicant, found.name) for found in forms] == [
        ("示例县图书馆", "云上读书会"),
        ("另一单位", "另一案例"),
    ]


def test_what_the_template_prints_is_nobodys_answer() -> None:
    found = read(
        form(
            案例简介="（案例简介不超过 200字）",
            案例内容="一、背景意义\n\n二、创新做法\n\n三、实施成效\n\n四、经验启示\n"
            "（案例内容不超过1500字，图片、视频等资料请以附件形式提交。）",
            申报单位意见="          （单位公章） \n          年  月  日",
            推荐单位意见="（单位公章）\n2024年6月18日",
        )
    )
    assert (found.summary, found.content, found.applicant_opinion, found.recommender_opinion) == ("", "", "", "")
    assert found.headings_missing == ("背景意义", "创新做法", "实施成效", "经验启示")


def test_instructions_left_in_filled_fields_do_not_count() -> None:
    found = read(
        form(案例简介="（案例简介不超过 200字）以读书会友。", 推荐单位意见="同意推荐\n（盖章）\n二〇二四年六月十八日")
    )
    assert found.summary == "以读书会友。"
    assert found.recommender_opinion == "同意推荐"


def test_a_heading_without_text_is_missing() -> None:
    found = read(form(案例内容="一、背景意义\n背景。\n（二）创新做法：做法。\n三、实施成效\n四、经验启示\n启示。"))
    assert found.headings_missing == ("实施成效",)


def test_an_applicant_behind_a_colon_loses_the_words_of_the_seal() -> None:
    assert read(form(申报单位="示例县图书馆（盖章）")).applicant == "示例县图书馆"
    assert read(form(申报单位="")).applicant == ""


def test_an_empty_contact_is_not_filled_from_the_text_of_the_case() -> None:
    assert read(form(联系人="", 案例内容=CONTENT + "\n联系人：别人")).contact_person == ""


def test_names_keep_their_signs_and_lose_their_spaces() -> None:
    found = read(form(案例名称=" 漫谈网络·画说\n文明  Net  Talk "))
    assert found.name == "漫谈网络·画说文明 Net Talk"


def test_tracked_changes_text_boxes_and_hidden_text() -> None:
    name = paragraph(
        f'<w:del w:id="1"><w:r><w:delText>旧名</w:delText></w:r></w:del><w:ins w:id="2">{run("云上")}</w:ins>',
        run("不见", "<w:vanish/>"),
        run("读书会"),
    )
    box = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx><w:txbxContent>"
        f"{paragraph('框中')}</w:txbxContent></wps:txbx></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>"
        f"{paragraph('框中')}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    found = read(form(案例名称=name, 案例简介=f"<w:p>{run('以书')}{box}</w:p>"))
    assert found.name == "云上读书会"
    assert found.summary == "以书\n框中"


@pytest.mark.parametrize("checked", [1, 2, 6])
def test_check_boxes_of_content_controls(checked: int) -> None:
    pieces = []
    for number in range(1, 7):
        state = f'<w14:checkbox><w14:checked w14:val="{int(number == checked)}"/></w14:checkbox>'
        shown = run("☒" if number == checked else "☐")
        pieces.append(f"<w:sdt><w:sdtPr>{state}</w:sdtPr><w:sdtContent>{shown}</w:sdtContent></w:sdt>")
        pieces.append(run(f"{number}.{CATEGORIES[number - 1]} "))
    assert read(form(申报类别=f"<w:p>{''.join(pieces)}</w:p>")).categories == (checked,)


@pytest.mark.parametrize(
    "tick",
    [
        '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>',
        '<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r>',
        '<w:r><w:sym w:font="Wingdings" w:char="00FC"/></w:r>',
        '<w:r><w:rPr><w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/></w:rPr><w:t>R</w:t></w:r>',
        "<w:r><w:fldChar><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>",
        "<w:r><w:t>\uf052</w:t></w:r>",
    ],
)
def test_ticks_of_symbol_fonts(tick: str) -> None:
    box = '<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>'
    pieces = [(tick if number == 4 else box) + run(f"{number}.{CATEGORIES[number - 1]} ") for number in range(1, 7)]
    assert read(form(申报类别=f"<w:p>{''.join(pieces)}</w:p>")).categories == (4,)


def test_categories_in_a_nested_table() -> None:
    inner = table(
        [f"{'√' if number == 5 else '□'}{number}.{CATEGORIES[number - 1]}" for number in (1, 2, 3)],
        [f"{'√' if number == 5 else '□'}{number}.{CATEGORIES[number - 1]}" for number in (4, 5, 6)],
    )
    assert read(form(申报类别=inner + lines([""]))).categories == (5,)


CATEGORIES = (
    "理论政策宣传",
    "网络文化创意精品",
    "网络空间道德建设",
    "网络空间行为规范",
    "网络空间生态治理",
    "网络空间文明创建",
)
