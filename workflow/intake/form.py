"""Appendix 4, the recommendation form (案例（项目）推荐表): recognised and read by its labels."""

from collections.abc import Mapping
from dataclasses import dataclass

from states.reasons import Reason
from workflow.intake.categories import CATEGORY_NAMES, read_choice
from workflow.intake.document import Document, Paragraph, Table, walk_tables
from workflow.intake.labels import LabelReader
from workflow.intake.template import (
    HEADINGS,
    read_content,
    read_opinion,
    without_instructions,
    without_prompt,
)
from workflow.intake.text import clean_line

LABELS: Mapping[str, tuple[str, ...]] = {
    "applicant": ("申报单位", "申报单位名称", "申报主体"),
    "name": ("案例名称", "项目名称", "案例/项目名称", "案例项目名称", "申报案例名称"),
    "categories": (
        "申报类别",
        "案例类别",
        "推荐类别",
        "申报类型",
        "案例类型",
        "项目类别",
    ),
    "contact_person": ("联系人", "联系人姓名", "案例联系人"),
    "contact_phone": ("联系方式", "联系电话", "联系人电话", "手机", "手机号码", "电话"),
    "address": ("通讯地址", "通信地址", "联系地址", "地址"),
    "summary": ("案例简介", "项目简介", "案例/项目简介", "案例项目简介"),
    "content": ("案例内容", "项目内容", "案例/项目内容", "案例项目内容"),
    "applicant_opinion": ("申报单位意见",),
    "recommender_opinion": ("推荐单位意见",),
}
_PROPER_TO_FORM = frozenset({"summary", "content", "applicant_opinion", "recommender_opinion"})
_FEWEST_LABELS = 4
_SEALS = (
    "（盖章）",
    "(盖章)",
    "（公章）",
    "(公章)",
    "（单位公章）",
    "(单位公章)",
    "盖章",
    "公章",
)
_reader = LabelReader(LABELS)


@dataclass(frozen=True)
class RecommendationForm:
    """One filled Appendix 4. Texts are NFC and trimmed; an empty text means that nothing was written there.

    headings_missing: of 背景意义, 创新做法, 实施成效, 经验启示 those under which nothing is written.
    """

    applicant: str
    name: str
    categories: tuple[int, ...]
    contact_person: str
    contact_phone: str
    address: str
    summary: str
    content: str
    headings_missing: tuple[str, ...]
    applicant_opinion: str
    recommender_opinion: str
    doubts: tuple[Reason, ...] = ()

    @property
    def is_blank(self) -> bool:
        """True where nobody has filled in who applies, with what: the bare template is not a case."""
        return not (self.name or self.applicant or self.summary or self.content)


def read_forms(
    document: Document,
    names: Mapping[int, str] = CATEGORY_NAMES,
    headings: tuple[str, ...] = HEADINGS,
) -> tuple[RecommendationForm, ...]:
    """Read every Appendix 4 a document holds, ``()`` where it holds none; one file may carry several forms.

    names: the categories' numbers and names; headings: the four headings of 案例内容.
    """
    forms = (_read_one(part, names, headings) for part in _split_forms(document))
    return tuple(form for form in forms if form is not None)


def _read_one(document: Document, names: Mapping[int, str], headings: tuple[str, ...]) -> RecommendationForm | None:
    found = _reader.find_values(document)
    if len(found) < _FEWEST_LABELS or not _PROPER_TO_FORM & found.keys() or "name" not in found:
        return None
    found = {field: without_prompt(text) for field, text in found.items()}
    content, missing = read_content(found.get("content", ""), headings)
    choice = read_choice(found.get("categories", ""), names)
    return RecommendationForm(
        applicant=_without_seal(found.get("applicant", "")),
        name=clean_line(found["name"]),
        categories=choice.numbers,
        contact_person=clean_line(found.get("contact_person", "")),
        contact_phone=clean_line(found.get("contact_phone", "")),
        address=clean_line(found.get("address", "")),
        summary=without_instructions(found.get("summary", "")),
        content=content,
        headings_missing=missing,
        applicant_opinion=read_opinion(found.get("applicant_opinion", "")),
        recommender_opinion=read_opinion(found.get("recommender_opinion", "")),
        doubts=(Reason("category-unclear", "六.2 附件2", {"seen": list(choice.seen)}),) if choice.seen else (),
    )


def _without_seal(text: str) -> str:
    applicant = clean_line(text)
    for seal in _SEALS:
        applicant = applicant.removesuffix(seal).strip()
    return applicant


def _split_forms(document: Document) -> list[Document]:
    """Cut a document before each table that names another case, with the paragraphs that lead up to it."""
    parts: list[list[Paragraph | Table]] = [[]]
    lead: list[Paragraph | Table] = []
    named = False
    for block in document.blocks:
        if isinstance(block, Paragraph):
            lead.append(block)
            continue
        names_case = any(_names_case(table) for table in walk_tables(block))
        if names_case and named:
            parts.append([])
        named = named or names_case
        parts[-1] += [*lead, block]
        lead = []
    parts[-1] += lead
    return [Document(tuple(part)) for part in parts]


def _names_case(table: Table) -> bool:
    return any(_reader.field_of(cell.text) == "name" for row in table.rows for cell in row)
