"""Text that goes into cells of a spreadsheet."""

_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
"""Spreadsheets run what begins so, some after leaving out the space before it."""


def neutralise(written: str) -> str:
    """The text, behind an apostrophe where a spreadsheet would take it for a formula."""
    starts = (written, written.lstrip())
    return f"'{written}" if any(start.startswith(_FORMULA_STARTS) for start in starts) else written
