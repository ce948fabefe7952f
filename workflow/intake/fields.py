"""Fields that draw a mark: EQ, by which Chinese Word puts a tick into a box, and SYMBOL (ISO/IEC 29500-1, 17.16)."""

import re

from workflow.intake.symbols import BOX, BOXES, TICK, TICKS, mark_unclear, read_symbol

LONGEST_CODE = 2000

_EQUATION = re.compile(r"\s*=?\s*eq(?![a-z])", re.IGNORECASE)
_SYMBOL = re.compile(r"\s*symbol\s+(?P<code>0x[0-9a-f]{1,6}|[0-9]{1,7})(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_SYMBOL_FONT = re.compile(r'\\f\s{0,9}(?:"(?P<quoted>[^"]{1,60})"|(?P<plain>\S{1,60}))', re.IGNORECASE)
_SWITCH = re.compile(r"\\([a-z]+)\s?-?[0-9]*", re.IGNORECASE)
_LETTER_TICKS = frozenset("VvXxRr对νレ")
_DIGITS = re.compile(r"[0-9]{1,2}")


def is_drawn(code: str) -> bool:
    """Whether a field shows what its code says, and not what stands after it as its last result."""
    return bool(_EQUATION.match(code) or _SYMBOL.match(code))


def draw(code: str) -> str:
    """The sign or the text that the code of an EQ or SYMBOL field draws; ``""`` for any other field."""
    if match := _EQUATION.match(code):
        return _draw_equation(code[match.end() :])
    if match := _SYMBOL.match(code):
        font = _SYMBOL_FONT.search(match["rest"])
        name = (font["quoted"] or font["plain"]) if font else "Symbol"
        return read_symbol(name, int(match["code"], 0 if match["code"].lower().startswith("0x") else 10))
    return ""


def _draw_equation(code: str) -> str:
    r"""``\o`` lays its elements over each other and ``\x`` frames one; all others set them side by side."""
    switches = {match[1].lower() for match in _SWITCH.finditer(code)}
    bare = _SWITCH.sub("", code).replace("\\", "")
    elements = [element.strip() for element in re.split(r"[(),;，；（）]", bare)]
    elements = [element for element in elements if element]
    if "x" in switches:
        elements.insert(0, BOX)
    if {"o", "x"} & switches:
        return _overlay(elements)
    return ("/" if "f" in switches else "").join(elements)


def _overlay(elements: list[str]) -> str:
    """What signs over each other show: a tick in a box is ticked, a number in a circle is that number circled."""
    signs = "".join(elements)
    framed = any(sign in BOXES for sign in signs)
    inner = "".join(sign for sign in signs if sign not in BOXES and not sign.isspace())
    if not inner:
        return BOX if framed else ""
    if all(sign in TICKS or (framed and sign in _LETTER_TICKS) for sign in inner):
        return TICK
    if not framed:
        return inner
    if _DIGITS.fullmatch(inner) and 1 <= int(inner) <= 20:
        return chr(ord("①") + int(inner) - 1)
    return mark_unclear("".join(elements)) + ("" if not inner.isalnum() else inner)
