"""What people write into cells: yes and no, ways to survey, scores, months and days, case numbers."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from workflow.edition import Edition
from workflow.normal_form import to_nfkc

YES = {"zh": "是", "en": "yes"}
NO = {"zh": "否", "en": "no"}
MODES: Mapping[str, Mapping[str, str]] = {
    "online": {"zh": "线上", "en": "online"},
    "onsite": {"zh": "线下", "en": "onsite"},
}

_ANSWERS = dict.fromkeys(("yes", "y", "true", "1", "是", "√", "✓", "✔", "☑", "符合", "属实"), True) | dict.fromkeys(
    ("no", "n", "false", "0", "否", "×", "✗", "✘", "✕", "不符合", "不属实"), False
)
_MODES = {
    "online": "online",
    "线上": "online",
    "网上": "online",
    "onsite": "onsite",
    "on-site": "onsite",
    "on site": "onsite",
    "线下": "onsite",
    "现场": "onsite",
    "实地": "onsite",
}
_SCORE = re.compile(r"(?P<points>[0-9]{1,3}(?:\.[0-9]{1,2})?) ?分?")
_HIGHEST = 10_000
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EXCEL_MONTH = re.compile(rf"(?P<name>{'|'.join(_MONTHS)})-(?P<year>[0-9]{{2}})")
_MONTH = re.compile(r"(?P<year>[0-9]{4}) ?(?:[-/]|年) ?(?P<month>[0-9]{1,2}) ?月?(?:份)?")
_DAY = re.compile(
    r"(?P<year>[0-9]{4}) ?(?:[-/.]|年) ?(?P<month>[0-9]{1,2}) ?(?:[-/.]|月) ?(?P<day>[0-9]{1,2}) ?[日号]?"
)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))


def plain(text: str) -> str:
    """One line without superfluous spaces and invisible signs, full-width letters and digits made half-width."""
    visible = "".join(sign for sign in to_nfkc(text) if unicodedata.category(sign) != "Cf")
    return " ".join(visible.split())


def is_writable(text: str) -> bool:
    """Whether every database keeps it: no control characters but line breaks and tabs, no halves of a sign."""
    return not any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\t\n\r" for sign in text)


def read_case(text: str, edition: Edition) -> int | None:
    """The ordinal of a case's number; None for what is none of this edition's."""
    try:
        return edition.case_ordinal(plain(text).translate(_DASHES))
    except ValueError:
        return None


def read_answer(text: str) -> bool | None:
    return _ANSWERS.get(plain(text).casefold())


def read_mode(text: str) -> str | None:
    return _MODES.get(plain(text).casefold())


def read_score(text: str) -> int | None:
    """Hundredths of a point, 0 to 10,000, exactly as written; None for anything else."""
    match = _SCORE.fullmatch(plain(text))
    hundredths = int(Decimal(match["points"]) * 100) if match else None
    return hundredths if hundredths is not None and hundredths <= _HIGHEST else None


def read_day(text: str, *, end: bool) -> date | None:
    """A day, or a month's first day (its last where ``end``); months also as Excel writes them to CSV (May-24)."""
    written = plain(text).casefold()
    if match := _DAY.fullmatch(written):
        return _date(int(match["year"]), int(match["month"]), int(match["day"]))
    if match := _MONTH.fullmatch(written):
        year, month = int(match["year"]), int(match["month"])
    elif match := _EXCEL_MONTH.fullmatch(written):
        year, month = 2000 + int(match["year"]), _MONTHS.index(match["name"]) + 1
    else:
        return None
    first = _date(year, month, 1)
    return first.replace(day=monthrange(year, month)[1]) if first and end else first


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
