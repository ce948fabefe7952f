"""Ticks and boxes as Word writes them: symbol fonts, private code points, check boxes."""

TICK = "☑"
BOX = "□"

TICKS = frozenset("☑☒√✓✔✅■●▇█◼⬛▣◉⦿⊠✗✘☻◆★")
BOXES = frozenset("□☐▢◻⬜○◯❏❑❒〇◇☆")

_WINGDINGS = {
    0xFE: TICK, 0xFD: "☒", 0xFC: "✓", 0xFB: "✗", 0x78: "☒", 0x6E: "■", 0x6C: "●", 0xA4: "◉",
    0xA8: BOX, 0x6F: BOX, 0x70: BOX, 0x71: BOX, 0x72: BOX, 0xA1: "○",
}  # fmt: skip
_WINGDINGS_2 = {
    0x52: TICK, 0x50: "✓", 0x4F: "✗", 0x51: "☒", 0x53: "☒", 0x54: "☒", 0x56: "⊠", 0xA2: "■", 0x97: "●", 0x98: "●",
    0xA3: BOX, 0x2A: BOX, 0x99: "○", 0x9A: "○",
}  # fmt: skip
_PRIVATE = 0xF000


def read_symbol(font: str, code: int) -> str:
    """Return the sign that ``code`` shows in a symbol font (``w:sym``, or text set in Wingdings), ``""`` if unknown."""
    glyph = code - _PRIVATE if code >= _PRIVATE else code
    return _table_of(font).get(glyph, "")


def read_symbols(font: str, text: str) -> str:
    """Translate text set in ``font``: signs of a symbol font become what they show, all else stays."""
    table = _table_of(font)
    if not table:
        return "".join(_read_private(sign) for sign in text)
    return "".join(table.get(ord(sign) & 0xFF if ord(sign) >= _PRIVATE else ord(sign), sign) for sign in text)


def _table_of(font: str) -> dict[int, str]:
    name = font.replace(" ", "").lower()
    if not name.startswith("wingdings"):
        return {}
    return _WINGDINGS_2 if name.endswith("2") else _WINGDINGS


def _read_private(sign: str) -> str:
    code = ord(sign)
    if not _PRIVATE <= code <= _PRIVATE + 0xFF:
        return sign
    return _WINGDINGS.get(code - _PRIVATE) or _WINGDINGS_2.get(code - _PRIVATE) or sign
