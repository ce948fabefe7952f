"""Which of the categories of Appendix 2 a form ticks, however it ticks them."""

import re
import unicodedata
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

from workflow.intake.symbols import BOX, BOXES, TICK, TICKS
from workflow.intake.text import compact, unify_lines

CATEGORY_NAMES: Mapping[int, str] = {
    1: "理论政策宣传",
    2: "网络文化创意精品",
    3: "网络空间道德建设",
    4: "网络空间行为规范",
    5: "网络空间生态治理",
    6: "网络空间文明创建",
}

_BRACKETED_TICK = re.compile(r"[(\[【〔][ \t]{0,9}(?:[xXvVrR对是]|[√✓✔☑☒■●])[ \t]{0,9}[)\]】〕]")
_BRACKETED_BOX = re.compile(r"[(\[【〔][ \t]{0,9}[)\]】〕]")
_LETTER_TICK = re.compile(r"(?<![^\s])[RV√](?=\s?[0-9]{1,2}\s?[.、])")
_NUMBER_BEFORE = re.compile(r"\(?([0-9]{1,2})\)?[ \t]{0,3}[.、:)]?[ \t]{0,3}([☑□]?)[ \t]{0,3}$")
_CHINESE_DIGITS = {sign: number for number, sign in enumerate("一二三四五六七八九", start=1)}


class _Item(NamedTuple):
    number: int
    start: int
    end: int
    inner: str


def read_categories(text: str, names: Mapping[int, str] = CATEGORY_NAMES) -> tuple[int, ...]:
    """Return the numbers of the categories that ``text`` (the value beside 申报类别) chooses, ascending.

    A mark (☑ ☒ √ ✓ ■ ● …) may stand before or after its item, between number and name, or in brackets; the box
    □ may be left, replaced or removed; a single item may be written with no mark at all. All items listed with
    none marked is the untouched template and gives ``()``.
    """
    marked = _unify_marks(text)
    items = _find_items(marked, names)
    if not items:
        return _read_bare_numbers(marked, names)
    chosen = {item.number for item in items if item.inner == TICK}
    chosen |= _ticked(marked, items)
    has_boxes = BOX in marked
    if not chosen and len(items) < len(names) and (len(items) == 1 or not has_boxes):
        chosen = {item.number for item in items}
    return tuple(sorted(chosen))


def category_of(label: str, names: Mapping[int, str] = CATEGORY_NAMES) -> int | None:
    """Return the category whose name (with or without 类) the label of a row holds, or None."""
    folded = compact(label)
    for number, name in names.items():
        if folded and _stem(name) in folded:
            return number
    return None


def _stem(name: str) -> str:
    return compact(name).removesuffix("类")


def _unify_marks(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unify_lines(text).replace("\ufe0f", "").replace("\u3000", " "))
    folded = _BRACKETED_TICK.sub(TICK, folded)
    folded = _BRACKETED_BOX.sub(BOX, folded)
    folded = _LETTER_TICK.sub(TICK, folded)
    return "".join(TICK if sign in TICKS else BOX if sign in BOXES else sign for sign in folded)


def _find_items(text: str, names: Mapping[int, str]) -> list[_Item]:
    items: dict[int, _Item] = {}
    for number, name in names.items():
        pattern = r"\s{0,3}".join(re.escape(sign) for sign in unicodedata.normalize("NFKC", name).removesuffix("类"))
        match = re.search(rf"{pattern}(?:\s?类)?", text)
        if match:
            before = _NUMBER_BEFORE.search(text[max(0, match.start() - 16) : match.start()])
            length = len(before[0]) if before else 0
            items[number] = _Item(number, match.start() - length, match.end(), before[2] if before else "")
    for number in names:
        match = re.search(rf"(?<![0-9]){number}\s?(?:[.、)]|(?=[☑□]))", text)
        if number in items or match is None:
            continue
        if not any(item.start <= match.start() < item.end for item in items.values()):
            items[number] = _Item(number, match.start(), match.end(), "")
    return sorted(items.values(), key=lambda item: item.start)


def _ticked(text: str, items: list[_Item]) -> set[int]:
    """Give each mark between two items to the one it belongs to."""
    gaps = [text[: items[0].start]]
    gaps += [text[item.end : after.start] for item, after in pairwise(items)]
    gaps.append(text[items[-1].end :])
    before_first = any(sign in (TICK, BOX) for sign in gaps[0])
    after_last = any(sign in (TICK, BOX) for sign in gaps[-1])
    chosen = set()
    if TICK in gaps[0]:
        chosen.add(items[0].number)
    if TICK in gaps[-1]:
        chosen.add(items[-1].number)
    for place, gap in enumerate(gaps[1:-1]):
        left, right = items[place].number, items[place + 1].number
        marks = [sign for sign in gap if sign in (TICK, BOX)]
        if marks == [TICK]:
            chosen.add(right if _leans_right(gap, before_first=before_first, after_last=after_last) else left)
        elif marks == [TICK, TICK]:
            chosen |= {left, right}
        elif marks == [TICK, BOX]:
            apart = gap[: gap.index(TICK)].isspace() and not gap[gap.index(TICK) + 1 : gap.index(BOX)]
            chosen.add(right if apart and before_first else left)
        elif marks == [BOX, TICK]:
            apart = gap[gap.index(TICK) + 1 :].isspace() and not gap[gap.index(BOX) + 1 : gap.index(TICK)]
            chosen.add(left if (apart and not before_first) else right)
        elif TICK in marks:
            chosen |= {left} if marks[0] == TICK else set()
            chosen |= {right} if marks[-1] == TICK else set()
    return chosen


def _leans_right(gap: str, *, before_first: bool, after_last: bool) -> bool:
    if before_first != after_last:
        return before_first
    before, _, after = gap.partition(TICK)
    if bool(before.strip(";,；，、")) != bool(after.strip(";,；，、")):
        return bool(before)
    return before_first or not after_last


def _read_bare_numbers(text: str, names: Mapping[int, str]) -> tuple[int, ...]:
    bare = "".join(str(_CHINESE_DIGITS.get(sign, sign)) for sign in text.replace(TICK, "").replace(BOX, ""))
    match = re.fullmatch(r"\s*第?\s*([0-9])\s*[.、]?\s*类?别?\s*", bare)
    if match and int(match[1]) in names:
        return (int(match[1]),)
    return ()
