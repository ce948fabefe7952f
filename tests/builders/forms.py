"""Appendix 4 and 5 as .docx, written by hand in the many ways people fill them."""

import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
CATEGORY_LINE = (
    "□1.理论政策宣传 □2.网络文化创意精品 □3.网络空间道德建设\n"
    "□4.网络空间行为规范  □5.网络空间生态治理  □6.网络空间文明创建"
)
CONTENT = "一、背景意义\n背景。\n二、创新做法\n做法。\n三、实施成效\n成效。\n四、经验启示\n启示。"
ANSWERS = {
    "申报单位": "示例县图书馆",
    "案例名称": "云上读书会",
    "申报类别": CATEGORY_LINE.replace("□2", "☑2"),
    "联系人": "联系人甲",
    "联系方式": "027-60000000",
    "通讯地址": "湖北省示例市示例路1号",
    "案例简介": "以读书会友。",
    "案例内容": CONTENT,
    "申报单位意见": "同意申报。\n（单位公章）\n2024 年 6 月 18 日",
    "推荐单位意见": "同意推荐。\n（单位公章）\n2024 年 6 月 18 日",
}


def run(text: str, properties: str = "") -> str:
    """A run (``w:r``) with its line breaks and tabs."""
    parts = []
    for place, line in enumerate(text.split("\n")):
        parts.append("<w:br/>" if place else "")
        parts.append("<w:tab/>".join(f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in line.split("\t")))
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{''.join(parts)}</w:r>"


def paragraph(*inner: str) -> str:
    """A paragraph of text, or of ready markup where a piece begins with ``<``."""
    return f"<w:p>{''.join(piece if piece.startswith('<') else run(piece) for piece in inner)}</w:p>"


def cell(*blocks: str, span: int = 1, merge: str = "") -> str:
    """A cell; merge is "restart" or "continue" for cells merged downwards."""
    properties = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    properties += f'<w:vMerge w:val="{merge}"/>' if merge else ""
    body = "".join(block if block.startswith(("<w:p", "<w:tbl", "<w:sdt")) else paragraph(block) for block in blocks)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{body or '<w:p/>'}</w:tc>"


def table(*rows: Sequence[str]) -> str:
    """A table of rows of cells; a cell that is not markup yet is made from its text."""
    lines = [
        f"<w:tr>{''.join(piece if piece.startswith('<w:tc') else cell(piece) for piece in row)}</w:tr>" for row in rows
    ]
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(lines)}</w:tbl>"


def document(*blocks: str) -> bytes:
    """A .docx of blocks (markup, or the text of a paragraph)."""
    body = "".join(block if block.startswith("<w:") else paragraph(block) for block in blocks)
    return package(
        f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{W}" xmlns:w14="{W14}" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f"<w:body>{body}</w:body></w:document>".encode()
    )


def package(main_part: bytes) -> bytes:
    """A .docx with these bytes as its main part."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        )
        container.writestr("word/document.xml", main_part)
    return packed.getvalue()


def form(**answers: str) -> bytes:
    """The form as the notice prints it, filled with ANSWERS unless said otherwise; a value may be markup of blocks."""
    return document("附件4", "案例（项目）推荐表", *form_blocks(**answers))


def form_blocks(**answers: str) -> list[str]:
    """The blocks of one form: the applicant's paragraph and the table."""
    filled = {**ANSWERS, **answers}
    wide = ("案例名称", "申报类别", "通讯地址", "案例简介", "案例内容", "申报单位意见", "推荐单位意见")
    rows: list[list[str]] = [[cell(label), cell(filled[label], span=3)] for label in wide]
    rows.insert(2, ["联系人", cell(filled["联系人"]), "联系方式", cell(filled["联系方式"])])
    return [paragraph(f"申报单位：{filled['申报单位']}"), table(*rows)]


def report(*cases: tuple[str, str, str, str, str], unit: str = "示例市委网信办") -> bytes:
    """Appendix 5 with cases of (category label, name, applicant, contact person, telephone)."""
    heading = ["案例（项目）类型", "序号", "案例（项目）名称", "申报单位", "联系人", "联系电话", "备注"]
    rows = [[cell(text) for text in (label, str(place), *rest, "")] for place, (label, *rest) in enumerate(cases, 1)]
    return document(
        "附件5",
        "案例（项目）汇报表",
        f"推荐单位：{unit}（盖章）    时间：2024 年 6 月 20 日",
        table([cell(text) for text in heading], *rows),
        "填表人：填表人甲                     联系电话：027-00000000",
    )


def lines(texts: Iterable[str]) -> str:
    """Several paragraphs as markup, for a cell."""
    return "".join(paragraph(text) for text in texts)
