"""What a spreadsheet shows of a number, and whether it is all of it."""

from decimal import Decimal

import pytest

from workflow.review.number_format import Shown, show_number


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        ("92.5", "General", Shown("92.5", True)),
        ("92.5", "", Shown("92.5", True)),
        ("92.5", "@", Shown("92.5", True)),
        ("92.5", "0.00", Shown("92.5", True)),
        ("92.5", "0.0_ ", Shown("92.5", True)),
        ("92.5", "#,##0.00", Shown("92.5", True)),
        ("92.5", "[Red]0.0", Shown("92.5", True)),
        ("92.5", "0", Shown("93", False)),
        ("92.456", "0.00", Shown("92.46", False)),
        ("-92.5", "0.0", Shown("-92.5", True)),
        ("0.9", "0%", Shown("90%", True)),
        ("0.925", "0.00%", Shown("92.50%", True)),
        ("0.905", "0%", Shown("91%", False)),
        ("92.5", '0.0"分"', Shown("92.5分", True)),
        ("92.5", "0.0\\分", Shown("92.5分", True)),
        ("92.54", '0.0"分"', Shown("92.5分", False)),
        ("95", '"9"0', Shown("995", True)),
        ("1", '"2024-"0000', Shown("2024-0001", True)),
        ("20240001", "0000-0000", Shown("2024-0001", True)),
        ("92.5", "# ?/?", Shown("92.5", True)),
        ("92.35", "# ?/?", Shown("92 1/3", False)),
        ("92.25", "# ?/4", Shown("92.25", True)),
        ("92.5", "0.00E+00", Shown("92.5", True)),
        ("92.55", "0.0E+00", Shown("9.3E+1", False)),
        ("92500", "0.0,", Shown("92.5", False)),
        ("92.5", ";;;", Shown("", False)),
        ("92.5", '"合格"', Shown("合格", False)),
        ("92.5", '[>=60]"合格";"不合格"', Shown("合格", False)),
        ("55", "[>=60]0;[Red]0", Shown("55", True)),
        ("-5", '0;"("0")"', Shown("(5)", True)),
        ("-5", "0;0", Shown("-5", True)),
        ("0", '0;-0;"无"', Shown("无", False)),
        ("92.5", "[$￥-804]#,##0.00", Shown("￥92.50", True)),
        ("92.5", 'General"分"', Shown("92.5分", True)),
        ("7", "000", Shown("7", True)),
        ("92.5", "0" * 300, Shown("92.5", True)),
    ],
)
def test_shows_what_the_cell_shows(value: str, number_format: str, shown: Shown) -> None:
    assert show_number(Decimal(value), number_format) == shown
