"""The year as a picture: phases and windows as bars, deadlines as marks; in letters, and as SVG and HTML."""

from collections.abc import Iterator
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from rich.cells import cell_len

from workflow import clock
from workflow.screens.calendar import CalendarDocument
from workflow.screens.renderer import Renderer

LABEL_CELLS = 14
BAR_CELLS = 60
MARK = 'data-program="anli"'
"""What tells a picture of this program's from others."""

MARKS = {"fired": "●", "skipped": "·", None: "○"}
_COLOURS = {"fired": "#1a7f37", "skipped": "#8c959f", None: "#cf222e"}
_WIDTH, _LEFT, _ROW, _TOP = 1000, 150, 26, 40


class Scale:
    """Where a moment lies between the first and the last of the year's."""

    def __init__(self, calendar: CalendarDocument) -> None:
        self.opens = min(clock.read(phase["opens"]) for phase in calendar["phases"])
        self.closes = max(clock.read(phase["closes"]) for phase in calendar["phases"])
        self.zone = ZoneInfo(calendar["zone"])

    def place(self, moment: datetime) -> float:
        """From 0 to 1; what lies outside is drawn at the edge."""
        share = (moment - self.opens) / (self.closes - self.opens)
        return min(max(share, 0.0), 1.0)

    def months(self) -> Iterator[datetime]:
        """The first moment of every month that begins on the line."""
        first = self.opens.astimezone(self.zone)
        year, month = first.year, first.month
        while True:
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
            begins = datetime(year, month, 1, tzinfo=self.zone)
            if begins >= self.closes:
                return
            yield begins


def rows_of(renderer: Renderer, calendar: CalendarDocument) -> Iterator[tuple[str, datetime, datetime]]:
    """Label, opening and close of every phase, then of every window that is no other's twin."""
    for phase in calendar["phases"]:
        label = (phase["label_en"] if renderer.language == "en" else None) or phase["label"]
        yield label, clock.read(phase["opens"]), clock.read(phase["closes"])
    for window in calendar["windows"]:
        yield renderer.name("window", window["window"]), clock.read(window["opens"]), clock.read(window["closes"])


def draw_line(renderer: Renderer, calendar: CalendarDocument) -> str:
    """The year in letters, a row each."""
    scale = Scale(calendar)
    heading = [" "] * (BAR_CELLS + 3)
    for month in scale.months():
        column = round(scale.place(month) * (BAR_CELLS - 1))
        heading[column : column + len(str(month.month))] = str(month.month)
    lines = [" " * LABEL_CELLS + "".join(heading).rstrip()]
    for label, opens, closes in rows_of(renderer, calendar):
        begin, end = (round(scale.place(moment) * BAR_CELLS) for moment in (opens, closes))
        lines.append(f"{_fit(label)}{' ' * begin}{'━' * max(end - begin, 1)}")
    marks = [" "] * BAR_CELLS
    for deadline in calendar["deadlines"]:
        column = round(scale.place(clock.read(deadline["due"])) * (BAR_CELLS - 1))
        marks[column] = MARKS[deadline["outcome"]]
    return "\n".join([*lines, _fit(renderer.say("calendar.deadlines")) + "".join(marks).rstrip()])


def draw_svg(renderer: Renderer, calendar: CalendarDocument) -> str:
    """The year as an SVG picture that needs nothing from elsewhere."""
    scale, rows = Scale(calendar), list(rows_of(renderer, calendar))
    height = _TOP + _ROW * (len(rows) + 2)
    box = f'xmlns="http://www.w3.org/2000/svg" {MARK} viewBox="0 0 {_WIDTH} {height}"'
    parts = [
        f'<svg {box} font-family="sans-serif" font-size="12" role="img" aria-label="{escape(calendar["edition"])}">'
    ]
    for month in scale.months():
        x = _x(scale, month)
        parts.append(f'<path d="M{x} {_TOP - 16}V{height - 8}" stroke="#d0d7de"/>')
        parts.append(f'<text x="{x + 3}" y="{_TOP - 8}" fill="#57606a">{month:%Y-%m}</text>')
    for place, (label, opens, closes) in enumerate(rows):
        y, begin, end = _TOP + _ROW * place, _x(scale, opens), _x(scale, closes)
        colour = "#0969da" if place < len(calendar["phases"]) else "#54aeff"
        parts.append(f'<text x="4" y="{y + 14}">{escape(label[:18])}</text>')
        bar = f'<rect x="{begin}" y="{y + 3}" width="{max(end - begin, 1):.1f}" height="14" rx="3" fill="{colour}">'
        parts.append(f"{bar}<title>{escape(f'{label} {_day(scale, opens)} – {_day(scale, closes)}')}</title></rect>")
    y = _TOP + _ROW * len(rows) + 12
    parts.append(f'<text x="4" y="{y + 4}">{escape(renderer.say("calendar.deadlines"))}</text>')
    for deadline in calendar["deadlines"]:
        due, outcome = clock.read(deadline["due"]), deadline["outcome"]
        title = escape(f"{deadline['deadline']} {_day(scale, due)} {outcome or ''}".strip())
        circle = f'<circle cx="{_x(scale, due)}" cy="{y}" r="5" fill="{_COLOURS[outcome]}" fill-opacity="0.8">'
        parts.append(f"{circle}<title>{title}</title></circle>")
    return "".join([*parts, "</svg>\n"])


def draw_html(renderer: Renderer, calendar: CalendarDocument) -> str:
    """A page of its own with the picture and the deadlines."""
    scale = Scale(calendar)
    cells = [
        "".join(
            f"<td>{escape(cell)}</td>"
            for cell in (
                _day(scale, clock.read(deadline["due"])),
                deadline["deadline"],
                renderer.name("duty", deadline["kind"]),
                renderer.name("outcome", deadline["outcome"]) if deadline["outcome"] else "",
            )
        )
        for deadline in calendar["deadlines"]
    ]
    title = escape(calendar["edition"])
    return (
        f'<!doctype html><html lang="{renderer.language}"><meta charset="utf-8"><title>{title}</title>'
        "<style>body{font-family:sans-serif;margin:2rem}td{padding:.2rem 1rem .2rem 0}</style>"
        f"<h1>{title}</h1>{draw_svg(renderer, calendar)}<table>"
        + "".join(f"<tr>{row}</tr>" for row in cells)
        + "</table></html>\n"
    )


def _x(scale: Scale, moment: datetime) -> float:
    return round(_LEFT + scale.place(moment) * (_WIDTH - _LEFT - 20), 1)


def _day(scale: Scale, moment: datetime) -> str:
    return f"{moment.astimezone(scale.zone):%Y-%m-%d %H:%M}"


def _fit(label: str) -> str:
    """A label cut or filled to its column, counting a Chinese character as two cells."""
    while cell_len(label) > LABEL_CELLS - 2:
        label = label[:-1]
    return label + " " * (LABEL_CELLS - cell_len(label))
