"""The words that go with each picture and video (六.5: 并附文字说明), wherever the unit wrote them."""

import re
from collections.abc import Iterable, Sequence

from workflow.intake.document import Document, unique_cells
from workflow.intake.filename import stem_of
from workflow.intake.text import clean_text, compact, unify_lines

CAPTION_WORDS = (
    "图片说明",
    "视频说明",
    "文字说明",
    "图片文字",
    "图说",
    "说明",
    "caption",
)

_LIST_NUMBER = re.compile(r"^(?:[（(][0-9]{1,3}[）)]|[0-9]{1,3}[.、．)）]|[•·\-*])\s{0,9}")
_SEPARATOR = re.compile(r"\s{0,20}(?:[:：\t|]|——|--|—|\s-\s|\s{2,})\s{0,20}|\s{1,20}")
_LINE_SEPARATOR = re.compile(r"[:：\t]")
_HEADING = re.compile(r"(?:图片|视频|图片、视频|图片和视频)(?:文字)?说明[^\S\n]{0,9}[:：]?[^\S\n]{0,9}")
_SHORTEST_TAIL = 2


def match_captions(text: str, filenames: Sequence[str], *, continued: bool = False) -> dict[str, str]:
    """Find in ``text`` the lines ``filename：caption`` and return filename -> caption.

    A line may be numbered, the name may lack its extension, and a short name (图1) does where exactly one file's
    name ends with it. continued: lines that name no file belong to the caption above.
    """
    captions: dict[str, str] = {}
    current = ""
    for line in clean_text(text).split("\n"):
        found = _match_line(line, filenames)
        if found:
            current, caption = found
            captions.setdefault(current, caption)
        elif continued and current and line:
            captions[current] = f"{captions[current]}\n{line}".strip()
    return captions


def caption_text(document: Document) -> str:
    """Return a document's paragraphs and table rows as lines, a tab between cells."""
    lines = list(document.paragraphs())
    for table in document.tables():
        lines += ["\t".join(cell.text.replace("\n", " ") for cell in dict.fromkeys(row)) for row in table.rows]
    return "\n".join(lines)


def text_after_heading(document: Document) -> str:
    """Return what a form says after 图片说明： or 视频说明：, ``""`` where it has no such place."""
    texts = [
        *document.paragraphs(),
        *(cell.text for table in document.tables() for cell in unique_cells(table)),
    ]
    lines: list[str] = []
    for place, text in enumerate(texts):
        match = re.search(rf"(?m)^[^\S\n]{{0,20}}{_HEADING.pattern}", unify_lines(text))
        if match:
            rest = unify_lines(text)[match.end() :]
            lines.append(rest if rest.strip() else next(iter(texts[place + 1 : place + 2]), ""))
    return clean_text("\n".join(lines))


def _match_line(line: str, filenames: Sequence[str]) -> tuple[str, str] | None:
    for candidate in _without_number(line):
        named = [name for name in filenames if _rest_after(candidate, name) is not None]
        if named:
            name = max(named, key=len)
            return name, _rest_after(candidate, name) or ""
    for candidate in _without_number(line):
        separator = _LINE_SEPARATOR.search(candidate)
        tail = compact(candidate[: separator.start()]) if separator else ""
        if separator and len(tail) >= _SHORTEST_TAIL:
            ending = [name for name in filenames if compact(stem_of(name)).endswith(tail)]
            if len(ending) == 1:
                return ending[0], candidate[separator.end() :].strip()
    return None


def _without_number(line: str) -> Iterable[str]:
    yield line
    bare = _LIST_NUMBER.sub("", line)
    if bare != line:
        yield bare


def _rest_after(line: str, filename: str) -> str | None:
    for name in (filename, stem_of(filename)):
        if line[: len(name)].casefold() == name.casefold():
            rest = line[len(name) :]
            separator = _SEPARATOR.match(rest)
            if separator:
                return rest[separator.end() :].strip()
    return None
