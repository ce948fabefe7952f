"""Which of the categories of Appendix 2 a form ticks, however it ticks them."""

import re
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

from workflow.intake.marks import CONFLICT, UNKNOWN, Marked, read_marks
from workflow.intake.symbols import BOX, TICK
from workflow.intake.text import compact
from workflow.normal_form import to_nfkc

CATEGORY_NAMES: Mapping[int, str] = {
    1: "理论政策宣传",
    2: "网络文化创意精品",
    3: "网络空间道德建设",
    4: "网络空间行为规范",
    5: "网络空间生态治理",
    6: "网络空间文明创建",
}

_NUMBER_BEFORE = re.compile(r"\(?([0-9]{1,2})\)?[ \t]{0,3}[.、:)]?[ \t]{0,3}([☑□\ufffc]?)[ \t]{0,3}$")
_CHINESE_DIGITS = {sign: number for number, sign in enumerate("一二三四五六七八九", start=1)}


_NUMBERING = re.compile(r" [0-9]+\]$")
_MOST_SHOWN = 40
_MOST_SEEN = 8
_LONGEST = 20_000
_LONGEST_SIGN = 4


class _Item(NamedTuple):
    number: int
    start: int
    end: int
    inner: str


class Choice(NamedTuple):
    """numbers: of the categories chosen, ascending. seen: marks that leave the choice unclear; there is none then."""

    numbers: tuple[int, ...]
    seen: tuple[str, ...] = ()


def read_choice(text: str, names: Mapping[int, str] = CATEGORY_NAMES) -> Choice:
    """Read which of the categories ``text`` (the value beside 申报类别) chooses.

    Of a text longer than any form's the beginning is read.

    A mark (☑ ☒ √ ✓ ■ ● …) may stand before or after its item, between number and name, or in brackets; the box
    □ may be left, replaced or removed; a single item may be written with no mark at all. All items listed with
    none marked is the untouched template and chooses nothing; a mark that nobody knows, or words that are no
    category's, leave it unclear.
    """
    marked = read_marks(text[:_LONGEST])
    items = _find_items(marked.text, names)
    if not items:
        numbers = _read_bare_numbers(marked.text, names)
        return Choice(numbers) if numbers else Choice((), _strange_words(marked)[:_MOST_SEEN])
    marked = _settle_pattern(marked, items)
    if len(items) == 1 < len(names) and not marked.conflicting:
        return Choice((items[0].number,))
    if UNKNOWN in marked.text:
        return Choice((), _place_unknown(marked, items, names)[:_MOST_SEEN])
    chosen = {item.number for item in items if item.inner == TICK} | _ticked(marked.text, items)
    if not chosen and len(items) < len(names) and BOX not in marked.text:
        chosen = {item.number for item in items}
    if chosen:
        return Choice(tuple(sorted(chosen)))
    strange = _strange_signs(marked.text, items)[:_MOST_SEEN]
    return Choice((), strange or _bare_item(marked.text, items, names))


def _settle_pattern(marked: Marked, items: list[_Item]) -> Marked:
    """A mark that stands at every item, or at all but one, is the form's own bullet or box, whatever it looks like."""
    kinds = {name: _NUMBERING.sub("", name) for name in marked.unknown if CONFLICT not in name}
    counts = Counter(kinds[name] for name in marked.unknown if name in kinds)
    return marked.without({name for name, kind in kinds.items() if counts[kind] >= max(2, len(items) - 1)})


def _place_unknown(marked: Marked, items: list[_Item], names: Mapping[int, str]) -> tuple[str, ...]:
    """The unclear marks as they were seen, each with the category it seems to stand at, where that can be told."""
    alone = marked.text.replace(TICK, BOX).replace(UNKNOWN, TICK)
    near = {item.number for item in items if item.inner == UNKNOWN} | _ticked(alone, items)
    if len(near) != len(marked.unknown):
        return tuple(dict.fromkeys(marked.unknown))
    return tuple(f"{name} {number}.{names[number]}" for name, number in zip(marked.unknown, sorted(near), strict=True))


def _bare_item(text: str, items: list[_Item], names: Mapping[int, str]) -> tuple[str, ...]:
    """The one item that has no box where all others do: its mark was lost on the way, or is one that nobody reads."""
    boxed = {item.number for item in items if item.inner == BOX} | _ticked(text.replace(BOX, TICK), items)
    bare = [item.number for item in items if item.number not in boxed]
    return (f"{bare[0]}.{names[bare[0]]}",) if len(bare) == 1 and len(items) == len(names) > 2 else ()


def _strange_words(marked: Marked) -> tuple[str, ...]:
    """What is written where a category should be and is none."""
    words = " ".join(marked.text.replace(TICK, "").replace(BOX, "").replace(UNKNOWN, "").split())
    written = [words[:_MOST_SHOWN]] if any(sign.isalnum() for sign in words) else []
    return tuple(dict.fromkeys([*marked.unknown, *written]))


def _strange_signs(text: str, items: list[_Item]) -> tuple[str, ...]:
    """Short words between the items of a list in which nothing is ticked: a V, a 是, a 选."""
    rest = [
        text[: items[0].start],
        *(text[one.end : other.start] for one, other in pairwise(items)),
        text[items[-1].end :],
    ]
    found = [word for gap in rest for word in re.split(r"[\W_]+", gap.replace(BOX, " "))]
    return tuple(dict.fromkeys(word for word in found if 0 < len(word) <= _LONGEST_SIGN and not word.isdecimal()))


def category_of(label: str, names: Mapping[int, str] = CATEGORY_NAMES) -> int | None:
    """Return the category whose name (with or without 类) the label of a row holds, or None."""
    folded = compact(label)
    for number, name in names.items():
        if folded and _stem(name) in folded:
            return number
    return None


def _stem(name: str) -> str:
    return compact(name).removesuffix("类")


def _find_items(text: str, names: Mapping[int, str]) -> list[_Item]:
    items: dict[int, _Item] = {}
    for number, name in names.items():
        pattern = r"\s{0,3}".join(re.escape(sign) for sign in to_nfkc(name).removesuffix("类"))
        match = re.search(rf"{pattern}(?:\s?类)?", text)
        if match:
            before = _NUMBER_BEFORE.search(text[max(0, match.start() - 16) : match.start()])
            length = len(before[0]) if before else 0
            items[number] = _Item(number, match.start() - length, match.end(), before[2] if before else "")
    for number in names:
        match = re.search(rf"(?<![0-9]){number}\s?(?:[.、)]|(?=[☑□\ufffc]))", text)
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
    bare = "".join(str(_CHINESE_DIGITS.get(sign, sign)) for sign in text if sign not in (TICK, BOX, UNKNOWN))
    match = re.fullmatch(r"\s*第?\s*([0-9])\s*[.、]?\s*类?别?\s*", bare)
    if match and int(match[1]) in names:
        return (int(match[1]),)
    return ()
