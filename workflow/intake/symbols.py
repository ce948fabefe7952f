"""Ticks and boxes as Word writes them: symbol fonts, private code points, and marks of which only the look is known."""

import re
from collections.abc import Mapping
from typing import NamedTuple

TICK = "☑"
BOX = "□"

CROSSES = frozenset("☒⊠✗✘✖✕❌❎🗵🗶🗷🗴⮽⊗🗙")
TICKS = frozenset("☑√✓✔✅∨ˇ🗸🗹■●▇█◼⬛▣◉⦿☻◆★") | CROSSES
BOXES = frozenset("□☐▢◻⬜○◯❏❐❑❒❍〇◇☆🞎🞏🞐🞅🔾🔿")

_PRIVATE = 0xF000
_WINGDINGS = {
    0xFE: TICK, 0xFD: "☒", 0xFC: "✓", 0xFB: "✗", 0x78: "☒", 0x6E: "■", 0x6C: "●", 0xA4: "◉", 0xA5: "◉",
    0xA8: BOX, 0x6F: BOX, 0x70: BOX, 0x71: BOX, 0x72: BOX, 0x6D: "○", 0xA1: "○", 0xA2: "○", 0xA3: "○", 0xA6: "○",
    0x46: "☞", 0x4A: "☺", 0xA7: "▪", 0x9F: "•", 0xD8: "➢",
}  # fmt: skip
_WINGDINGS_2 = {
    0x52: TICK, 0x50: "✓", 0x4F: "✗", 0x51: "☒", 0x53: "☒", 0x54: "☒", 0x55: "⊠", 0x56: "⊠", 0x57: "⊗",
    0xA2: "■", 0x97: "●", 0x98: "●", 0xA3: BOX, 0xA4: BOX, 0xA5: BOX, 0xA6: BOX, 0x2A: BOX, 0x99: "○", 0x9A: "○",
}  # fmt: skip
_WEBDINGS = {0x61: "✔", 0x72: "✗", 0x67: "■", 0x6E: "●", 0x63: BOX}
_DINGBATS = {
    0x33: "✓", 0x34: "✔", 0x35: "✕", 0x36: "✖", 0x37: "✗", 0x38: "✘", 0x6C: "●", 0x6E: "■", 0x75: "◆", 0x48: "★",
    0x6D: "○", 0x6F: BOX, 0x70: BOX, 0x71: BOX, 0x72: BOX,
}  # fmt: skip
_MARLETT = {0x61: "✓", 0x62: "✓", 0x72: "✗", 0x67: "■", 0x68: "●", 0x69: "●"}
_SYMBOL = {
    **{code: chr(code) for code in range(0x21, 0x40)},
    **dict(zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True)),
    **dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True)),
    0xD6: "√", 0xDA: "∨", 0xC4: "⊗", 0xC5: "⊕", 0xB4: "×", 0xB7: "•", 0xE0: "◇", 0xA8: "◆",
}  # fmt: skip
_FONTS: Mapping[str, Mapping[int, str]] = {
    "wingdings": _WINGDINGS, "wingdings2": _WINGDINGS_2, "wingdings3": {}, "webdings": _WEBDINGS, "marlett": _MARLETT,
    "symbol": _SYMBOL, "symbolmt": _SYMBOL, "standardsymbolsl": _SYMBOL, "standardsymbolsps": _SYMBOL,
    "zapfdingbats": _DINGBATS, "itczapfdingbats": _DINGBATS, "monotypesorts": _DINGBATS, "dingbats": _DINGBATS,
    "d050000l": _DINGBATS,
}  # fmt: skip

_UNCLEAR_PLANE = 0x100000
_UNCLEAR_END = chr(_UNCLEAR_PLANE + 0xFFFD)
UNCLEAR = re.compile(rf"([\U00100000-\U0010FFFC]{{1,100}}){_UNCLEAR_END}?")
"""A mark that a reader could not settle, in a text; ``show_unclear`` names what was seen."""


class Fonts(NamedTuple):
    """The fonts a run is set in. latin: of its signs up to U+00FF. wide: whether those above U+00A0 are Chinese."""

    latin: str = ""
    symbol: str = ""
    wide: bool = False


def is_symbol_font(font: str) -> bool:
    return _name_of(font) in _FONTS


def mark_unclear(seen: str) -> str:
    """What was seen of a mark, as private signs of plane 16: who reads words sees none, who looks for marks does."""
    shown = "".join(chr(_UNCLEAR_PLANE + ord(sign)) for sign in seen[:80] if 0x20 <= ord(sign) < 0xFFFD)
    return f"{shown}{_UNCLEAR_END}" if shown else ""


def show_unclear(hidden: str) -> str:
    """The words that ``mark_unclear`` was given."""
    return "".join(chr(ord(sign) - _UNCLEAR_PLANE) for sign in hidden.removesuffix(_UNCLEAR_END))


def read_symbol(font: str, code: int) -> str:
    """Return the sign that ``code`` shows in ``font`` (``w:sym``); one that nobody knows is an unclear mark.

    A font of Unicode (Segoe UI Symbol, MS Gothic) shows the sign of that code point.
    """
    if is_symbol_font(font):
        return _read_glyph(font, code)
    if _is_private(code):
        return _guess(code) or mark_unclear(f"{font} {code:04X}".strip())
    return chr(code) if 0x20 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else ""


def read_symbols(fonts: Fonts, text: str) -> str:
    """Translate a run's text: signs set in a symbol font become what they show, all else stays."""
    if not fonts.symbol and not any(_is_private(ord(sign)) for sign in text):
        return text
    return "".join(_read_sign(fonts, sign) for sign in text)


def _read_sign(fonts: Fonts, sign: str) -> str:
    code = ord(sign)
    if _is_private(code):
        return _read_glyph(fonts.symbol, code) if fonts.symbol else _guess(code) or mark_unclear(f"U+{code:04X}")
    if code > 0xFF or not is_symbol_font(fonts.latin) or (fonts.wide and code > 0xA0):
        return sign
    return _read_glyph(fonts.latin, code)


def _read_glyph(font: str, code: int) -> str:
    glyph = code - _PRIVATE if _is_private(code) else code
    if glyph <= 0x20 or glyph == 0xA0:
        return " "
    if glyph > 0xFF:
        return chr(glyph) if glyph <= 0x10FFFF and not 0xD800 <= glyph <= 0xDFFF else ""
    return _FONTS[_name_of(font)].get(glyph) or mark_unclear(f"{font.strip()} {glyph:02X}")


def _guess(code: int) -> str:
    """A private code point whose font is lost: nearly always one of the two fonts that Word's own boxes are of."""
    return _WINGDINGS.get(code - _PRIVATE) or _WINGDINGS_2.get(code - _PRIVATE) or ""


def _is_private(code: int) -> bool:
    return _PRIVATE <= code <= _PRIVATE + 0xFF


def _name_of(font: str) -> str:
    return font.replace(" ", "").replace("-", "").lower().removesuffix("regular")
