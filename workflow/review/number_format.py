"""What a spreadsheet shows for the number in a cell (ECMA-376, 18.8.31), and whether that is the number itself."""

import re
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple

_GENERAL = "General"
_LONGEST = 255
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[(?P<bracket>[^\]]*)\]|_(?P<gap>.)|\*(?P<fill>.)'
    r"|(?P<general>General)|(?P<power>[Ee][+-])|(?P<digits>[0#?]+)|(?P<sign>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(?P<how><=|>=|<>|<|>|=)(?P<than>-?[0-9]{1,15}(?:\.[0-9]{1,15})?)$")
_CURRENCY = re.compile(r"\$(?P<sign>[^-]*)")


class Shown(NamedTuple):
    """text: as the cell shows it. exact: whether nothing of the number is rounded off or left out."""

    text: str
    exact: bool


class _Token(NamedTuple):
    kind: str
    text: str


def show_number(value: Decimal, number_format: str) -> Shown:
    """Show a number as its cell's format does; digits alone are given as the number is kept."""
    plain = f"{value:f}" if value.as_tuple().exponent not in ("n", "N", "F") else str(value)
    if not number_format or len(number_format) > _LONGEST or number_format.casefold() in ("general", "@"):
        return Shown(plain, True)
    section, value = _choose_section(value, _split(number_format))
    kinds = {token.kind for token in section}
    if "general" in kinds or any(token == ("sign", "@") for token in section):
        shown = "".join(plain if token.kind == "general" or token.text == "@" else _literal(token) for token in section)
        return Shown(shown, True)
    if "digits" not in kinds:
        return Shown("".join(map(_literal, section)), False)
    with localcontext() as context:
        context.prec = 60
        if "power" in kinds:
            return _show_power(value, section, plain)
        if any(token == ("sign", "/") for token in section):
            return _show_fraction(value, section)
        return _show_decimal(value, section, plain)


def _split(number_format: str) -> list[list[_Token]]:
    sections: list[list[_Token]] = [[]]
    for match in _TOKEN.finditer(number_format):
        kind = str(match.lastgroup)
        if match[0] == ";":
            sections.append([])
        else:
            sections[-1].append(_Token(kind, str(match[kind])))
    return sections


def _choose_section(value: Decimal, sections: list[list[_Token]]) -> tuple[list[_Token], Decimal]:
    """The section that holds for a value, and the value as it shows it: one of its own for negatives has no sign."""
    conditions = [_condition(section) for section in sections]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=True):
            if condition is None or _holds(value, *condition):
                return section, value
        return sections[-1], value
    if value < 0 and len(sections) > 1:
        return sections[1], -value
    if value == 0 and len(sections) > 2:
        return sections[2], value
    return sections[0], value


def _condition(section: list[_Token]) -> tuple[str, Decimal] | None:
    for token in section:
        if token.kind == "bracket" and (match := _CONDITION.match(token.text)):
            return match["how"], Decimal(match["than"])
    return None


def _holds(value: Decimal, how: str, than: Decimal) -> bool:
    return {
        "<": value < than, "<=": value <= than, ">": value > than, ">=": value >= than, "=": value == than,
        "<>": value != than,
    }[how]  # fmt: skip


def _literal(token: _Token) -> str:
    if token.kind in ("quoted", "escaped"):
        return token.text
    if token.kind == "bracket":
        return match["sign"] if (match := _CURRENCY.match(token.text)) else ""
    return {"gap": " ", "sign": token.text}.get(token.kind, "")


def _show_power(value: Decimal, section: list[_Token], plain: str) -> Shown:
    place = next(at for at, token in enumerate(section) if token.kind == "power")
    decimals = _decimals(section[:place])
    shown = f"{value:.{decimals}E}"
    exact = Decimal(shown) == value
    return Shown(plain if exact else shown, exact)


def _show_fraction(value: Decimal, section: list[_Token]) -> Shown:
    below = "".join(token.text for token in section[section.index(_Token("sign", "/")) + 1 :] if token.kind != "gap")
    fixed = re.match(r"[1-9][0-9]{0,4}", below)
    width = len(re.match(r"[0#?]*", below)[0])  # type: ignore[index]
    number = Fraction(value)
    near = Fraction(round(number * int(fixed[0])), int(fixed[0])) if fixed else number.limit_denominator(10**width or 1)
    if not fixed and near.denominator >= 10**width:
        near = number.limit_denominator(max(10**width - 1, 1))
    whole, rest = divmod(abs(near), 1)
    sign = "-" if near < 0 else ""
    text = f"{sign}{whole} {rest.numerator}/{rest.denominator}" if rest else f"{sign}{whole}"
    return Shown(f"{value:f}" if near == number else text, near == number)


def _show_decimal(value: Decimal, section: list[_Token], plain: str) -> Shown:
    signs = [token.text for token in section if token.kind == "sign"]
    scale = _trailing_commas(section)
    scaled = value * 100 ** signs.count("%") / 1000**scale
    shown = abs(scaled).quantize(Decimal(1).scaleb(-_decimals(section)), ROUND_HALF_UP)
    exact = shown == abs(scaled) and not scale
    bare = all(
        token.kind in ("digits", "gap", "fill") or token.text in (".", ",") or not _literal(token) for token in section
    )
    if exact and bare:
        return Shown(plain if value >= 0 else f"-{abs(value):f}", True)
    text = _place(f"{shown:f}", section)
    return Shown(f"-{text}" if scaled < 0 else text, exact)


def _decimals(section: list[_Token]) -> int:
    """How many places stand after the point."""
    if _Token("sign", ".") not in section:
        return 0
    after = section[section.index(_Token("sign", ".")) + 1 :]
    return sum(len(token.text) for token in after if token.kind == "digits")


def _trailing_commas(section: list[_Token]) -> int:
    """Commas after the last place: each divides by a thousand."""
    last = max(at for at, token in enumerate(section) if token.kind == "digits")
    commas = 0
    for token in section[last + 1 :]:
        if token != ("sign", ","):
            break
        commas += 1
    return commas


def _place(number: str, section: list[_Token]) -> str:
    """Write digits into the places of a section, from the point outwards, its other signs where they stand."""
    whole, _, decimals = number.partition(".")
    point = section.index(_Token("sign", ".")) if _Token("sign", ".") in section else len(section)
    before: list[str] = []
    left = whole.lstrip("0")
    first = next((at for at, token in enumerate(section[:point]) if token.kind == "digits"), -1)
    for at in range(point - 1, -1, -1):
        token = section[at]
        if token.kind != "digits":
            before.append("" if token == ("sign", ",") else _literal(token))
            continue
        width = len(left) if at == first else min(len(token.text), len(left))
        digits, left = left[len(left) - width :], left[: len(left) - width]
        before.append("0" * (token.text.count("0") - len(digits)) + digits)
    after = []
    for token in section[point:]:
        if token.kind == "digits":
            after.append(decimals[: len(token.text)])
            decimals = decimals[len(token.text) :]
        elif token != ("sign", ","):
            after.append(_literal(token))
    return "".join([*reversed(before), *after]).strip()
