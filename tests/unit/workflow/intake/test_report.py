"""Appendix 5 is read by its columns, and its doubts are told."""

from dataclasses import replace

from tests.builders.forms import cell, document, form, report, table
from workflow.intake.form import RecommendationForm, read_forms
from workflow.intake.report import ReportRow, ReportTable, compare, read_report
from workflow.intake.word import read_document

ROW = ReportRow(2, "云上读书会", "示例县图书馆", "联系人甲", "027-60000000")
AS_LISTED = ("网络文化创意精品", "云上读书会", "示例县图书馆", "联系人甲", "027-60000000")


def read(data: bytes) -> ReportTable:
    found = read_report(read_document(data, "report.docx"))
    assert found is not None
    return found


def usual_form() -> RecommendationForm:
    return read_forms(read_document(form(), "form.docx"))[0]


def test_the_table_as_printed() -> None:
    assert read(report(AS_LISTED)) == ReportTable("示例市委网信办", (ROW,))


def test_a_form_is_not_a_report() -> None:
    assert read_report(read_document(form(), "form.docx")) is None


def test_a_category_holds_for_the_rows_below_whether_merged_or_blank() -> None:
    heading = ["案例类型", "序号", "案例\n名称", "申报 单位", "联系人", "联系方式"]
    rows = [
        [cell("网络空间\n道德建设", merge="restart"), "1", "甲", "甲单位", "某", "1"],
        [cell(merge="continue"), "2", "乙", "乙单位", "某", "2"],
        ["网络空间生态治理类", "1", "丙", "丙单位", "某", "3"],
        ["", "2", "丁", "丁单位", "某", "4"],
        ["", "...", "", "", "", ""],
        ["其他", "1", "戊", "戊单位", "某", "5"],
    ]
    found = read(document("推荐单位（盖章）：示例单位  时间：", table(heading, *rows)))
    assert found.unit == "示例单位"
    assert [(row.category, row.name) for row in found.rows] == [
        (3, "甲"),
        (3, "乙"),
        (5, "丙"),
        (5, "丁"),
        (None, "戊"),
    ]


def test_agreement_is_silent() -> None:
    spaced = replace(ROW, name="云上 读书会", contact_phone="027 60000000")
    assert compare(ReportTable("", (spaced,)), [usual_form()]) == ()


def test_each_disagreement_is_a_doubt_that_does_not_block() -> None:
    other = usual_form()
    differing = ReportRow(3, "云上读书会", "别的单位", "联系人乙", "027-60000000")
    reasons = compare(ReportTable("", (differing, replace(ROW, name="不在册"))), [other, replace(other, name="漏报")])
    assert [reason.code for reason in reasons] == [
        "report-category-differs",
        "report-applicant-differs",
        "report-contact-differs",
        "report-missing-case",
        "report-extra-case",
    ]
    assert not any(reason.blocking for reason in reasons)
    assert reasons[0].values == {"name": "云上读书会", "report": "3", "form": "2"}
