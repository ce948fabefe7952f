"""The marks in a text, each brought to one of three signs: ticked, a box left open, or one that nobody knows."""

import re
import unicodedata
from collections.abc import Container, Iterator
from typing import NamedTuple

from workflow.intake.symbols import BOX, BOXES, CROSSES, TICK, TICKS, UNCLEAR, show_unclear
from workflow.intake.text import unify_lines
from workflow.normal_form import to_nfkc

UNKNOWN = "\ufffc"
CONFLICT = "≠"

_QUOTE = "[“”\"'‘’「」『』(]{0,2}"
_HINT_IN_BRACKETS = re.compile(
    r"[(\[【〔][^()\[\]【】〔〕\n]{0,40}(?:[请限打划画填]|[单只]选|选择|选一)[^()\[\]【】〔〕\n]{0,40}[)\]】〕]"
)
_HINT = re.compile(
    rf"(?:请?在[^\n.、]{{0,20}})?[打划画填](?:上|个)?{_QUOTE}[√✓✔☑∨V]{_QUOTE}|^\s{{0,9}}[注请][^\n.、]{{0,40}}[:。]"
    r"|请选择(?:一项|类别)?|选择一项。?|choose an item\.?",
    re.MULTILINE | re.IGNORECASE,
)
_BRACKETED_TICK = re.compile(r"[(\[【〔][ \t]{0,9}(?:[xXvVrR对是]|[√✓✔☑☒■●])[ \t]{0,9}[)\]】〕]")
_BRACKETED_BOX = re.compile(r"[(\[【〔][ \t]{0,9}[)\]】〕]")
_LETTER_TICK = re.compile(r"(?<![^\s])[RV√](?=\s?[0-9]{1,2}\s?[.、])")
_BLACK_CIRCLES = {ord(sign): str(number) for number, sign in enumerate("❶❷❸❹❺❻❼❽❾", start=1)}
_CIRCLED_NUMBER = re.compile("[①-⑨⓵-⓽❶-❾]")
_PLAIN_NUMBER = re.compile(r"(?<![0-9])[1-9]\s?[.、)．]")
_REPEATED = re.compile(f"{TICK}+")
_UNKNOWN_KINDS = frozenset({"So", "Sm", "Sk", "Co", "Cn"})
_ORDINARY = frozenset("|+<=>~^`¨´¯")


class Marked(NamedTuple):
    """A text in which every mark is TICK, BOX or UNKNOWN. unknown: what was seen of each UNKNOWN, in order."""

    text: str
    unknown: tuple[str, ...]

    @property
    def conflicting(self) -> bool:
        """Whether a control says one thing and shows another."""
        return any(CONFLICT in name for name in self.unknown)

    def without(self, names: Container[str]) -> "Marked":
        """The text with these unknown marks taken for open boxes."""
        text, *pieces = self.text.split(UNKNOWN)
        for name, piece in zip(self.unknown, pieces, strict=True):
            text += (BOX if name in names else UNKNOWN) + piece
        return Marked(text, tuple(name for name in self.unknown if name not in names))


def read_marks(text: str) -> Marked:
    """Bring the marks of a text to one shape; what a form prints to say how it is to be ticked is left out."""
    plain = unify_lines(text).replace(UNKNOWN, "").replace("\ufe0f", "").replace("\u3000", " ")
    hidden, plain = _take_hidden(plain)
    folded = to_nfkc(plain.translate(_BLACK_CIRCLES))
    for hint in (_HINT_IN_BRACKETS, _HINT):
        folded = hint.sub(lambda found: UNKNOWN * found[0].count(UNKNOWN), folded)
    folded = _LETTER_TICK.sub(TICK, _BRACKETED_BOX.sub(BOX, _BRACKETED_TICK.sub(TICK, folded)))
    crossed = any(sign in TICKS - CROSSES for sign in folded)
    pieces: list[str] = []
    unknown: list[str] = []
    for sign in folded:
        if sign == UNKNOWN:
            unknown.append(next(hidden))
            pieces.append(UNKNOWN)
        elif sign in BOXES or sign in TICKS - CROSSES:
            pieces.append(BOX if sign in BOXES else TICK)
        elif sign in CROSSES and not crossed:
            pieces.append(TICK)
        elif sign in CROSSES or _is_unknown(sign):
            unknown.append(_show(sign))
            pieces.append(UNKNOWN)
        else:
            pieces.append(sign)
    return Marked(_REPEATED.sub(TICK, "".join(pieces)), tuple(unknown))


def _take_hidden(text: str) -> tuple[Iterator[str], str]:
    """What was seen of the marks that readers left unclear, and the text with a sign for each.

    A circle around a number is one of them where other numbers have none: so hands choose, and forms count.
    """
    seen: list[str] = []

    def take(found: re.Match[str]) -> str:
        mark = found[0] if found[1] is None else show_unclear(found[0])
        if _HINT.fullmatch(mark):
            return ""
        seen.append(mark)
        return UNKNOWN + (found[0] if found[1] is None else "")

    alone = 0 < len(_CIRCLED_NUMBER.findall(text)) < len(_PLAIN_NUMBER.findall(text))
    pattern = re.compile(f"{UNCLEAR.pattern}|{_CIRCLED_NUMBER.pattern}") if alone else UNCLEAR
    taken = pattern.sub(take, text)
    return iter(seen), taken


def _is_unknown(sign: str) -> bool:
    return unicodedata.category(sign) in _UNKNOWN_KINDS and sign not in _ORDINARY


def _show(sign: str) -> str:
    return f"U+{ord(sign):04X}" if unicodedata.category(sign) in ("Co", "Cn") else sign
