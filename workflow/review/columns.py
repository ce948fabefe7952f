"""The headings of the sheets, as templates write them and as imports recognise them."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from workflow.edition import Edition
from workflow.normal_form import to_nfkc

_HINT = re.compile(r"[(\[][^()\[\]]{0,40}[)\]]$")
_SEPARATORS = re.compile(r"[\W_]+")
_STANDARD = re.compile(r"(?:standard|推选标准|标准)(?P<number>[1-9][0-9]{0,2})(?![0-9])")


class Column(NamedTuple):
    """A column of a sheet.

    key: as contract.md names it. zh, en: what a template writes. also: other headings people write.
    """

    key: str
    zh: str
    en: str
    also: tuple[str, ...] = ()
    required: bool = True

    def heading(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


CASE = Column("case", "案例编号", "case", ("编号", "案例号", "case number", "case no"))
NOTE = Column("note", "备注", "note", ("说明", "意见", "notes"), required=False)

REVIEWER = Column("reviewer", "初审人", "reviewer", ("审核人", "评审人"))
IMPLEMENTED_FROM = Column("implemented_from", "实施开始时间", "implemented_from", ("实施起始时间", "开始时间"))
IMPLEMENTED_UNTIL = Column("implemented_until", "实施结束时间", "implemented_until", ("实施截止时间", "结束时间"))
MAINLY_HUBEI = Column("mainly_hubei", "以湖北省内为主", "mainly_hubei", ("是否以湖北省内为主", "以湖北为主"))

JUDGE = Column("judge", "评委", "judge", ("评委姓名", "评分人"))
SCORE = Column("score", "分数", "score", ("评分", "得分"))

MODE = Column("mode", "调研方式", "mode", ("方式",))
VERIFIED = Column("verified", "是否属实", "verified", ("属实", "核实", "是否核实"))
SURVEYOR = Column("surveyor", "调研人", "surveyor", ("调研员", "调研组"))

SHOWN = (
    Column("name", "案例名称", "name", required=False),
    Column("unit", "推荐单位", "unit", required=False),
    Column("applicant", "申报单位", "applicant", required=False),
)
"""What a template adds so that people know the case by more than its number; imports do not look at it."""


def standard_columns(edition: Edition) -> tuple[Column, ...]:
    """One column for each standard of 五, its number and name in the heading."""
    return tuple(
        Column(
            f"standard_{number}",
            f"标准{number} {standard.name}",
            f"standard_{number} {standard.name_en or ''}".rstrip(),
            (standard.name, *([standard.name_en] if standard.name_en else [])),
        )
        for number, standard in edition.standards.items()
    )


def recognise(heading: str, columns: Sequence[Column]) -> str | None:
    """The key of the column that a heading names, whatever its spaces, capitals, widths and bracketed hints."""
    written = to_nfkc(heading).casefold().strip()
    for name in (_bare(written), _bare(_HINT.sub("", written))):
        for column in columns:
            if name in {_bare(known.casefold()) for known in (column.key, column.zh, column.en, *column.also)}:
                return column.key
        if (match := _STANDARD.match(name)) is not None:
            key = f"standard_{match['number']}"
            return key if any(column.key == key for column in columns) else None
    return None


def _bare(name: str) -> str:
    return _SEPARATORS.sub("", name)
