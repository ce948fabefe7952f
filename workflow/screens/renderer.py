"""What all pages for people are made with: one language, one zone, the width of the terminal."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypedDict
from zoneinfo import ZoneInfo

from workflow import clock
from workflow.wording import knows, say, show_moment

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

WIDE = 100
"""Columns of a terminal from which on a page may show everything side by side."""


class ReasonDocument(TypedDict):
    """A reason with its sentence; values fill the sentence."""

    code: str
    clause: str
    blocking: bool
    message: str
    values: dict[str, Any]


class Renderer:
    """Words, moments, reasons and empty tables, as every page shows them; the pages fill the tables."""

    def __init__(self, language: str, zone: ZoneInfo, width: int = 80) -> None:
        self.language, self.zone = language, zone
        self.wide = width >= WIDE

    def say(self, key: str, **values: object) -> str:
        return say(key, self.language, **values)

    def name(self, family: str, code: str) -> str:
        """The name of a state, a trigger, a status…; the code itself where the catalogue has no name for it."""
        return self.say(f"{family}.{code}") if knows(f"{family}.{code}", self.language) else code

    def moment(self, written: str | None) -> str:
        """A moment as tables show it, to the minute."""
        return f"{clock.read(written).astimezone(self.zone):%Y-%m-%d %H:%M}" if written else ""

    def full_moment(self, written: str | None) -> str:
        return show_moment(clock.read(written), self.zone, self.language) if written else ""

    def join(self, values: Iterable[object]) -> str:
        return ("、" if self.language == "zh" else ", ").join(map(str, values))

    def reasons(
        self, reasons: Sequence[ReasonDocument], indent: int = 0, warnings: bool = True
    ) -> "list[RenderableType]":
        """A line a reason, what blocks before what warns."""
        from rich.padding import Padding

        shown = [reason for reason in reasons if warnings or reason["blocking"]]
        return [
            Padding(self._reason(reason), (0, 0, 0, indent))
            for reason in sorted(shown, key=lambda reason: not reason["blocking"])
        ]

    def table(self, *columns: str, fixed: Sequence[str] = (), right: Sequence[str] = ()) -> "Table":
        """An empty table; ``fixed`` columns are never folded, ``right`` ones hold figures."""
        from rich import box
        from rich.table import Table

        table = Table(box=box.SIMPLE_HEAD, header_style="bold", show_edge=False, pad_edge=False, expand=False)
        for column in columns:
            table.add_column(
                self.say(f"column.{column}"),
                overflow="fold",
                no_wrap=column in fixed,
                justify="right" if column in right else "left",
            )
        return table

    def heading(self, key: str, **values: object) -> "Text":
        from rich.text import Text

        return Text(self.say(key, **values), style="bold")

    def _reason(self, reason: ReasonDocument) -> "Text":
        from rich.text import Text

        mark, style = ("✗", "red") if reason["blocking"] else ("!", "yellow")
        line = Text(f"{mark} {reason['message']}", style=style)
        if reason["clause"]:
            line.append(f" [{reason['clause']}]", style="dim")
        return line
