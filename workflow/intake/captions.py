"""The words that go with each picture and video (六.5: 并附文字说明), wherever the unit wrote them."""

import re
from collections.abc import Iterable, Sequence

from workflow.intake import limits
from workflow.intake.charset import guess_text
from workflow.intake.document import Document, unique_cells
from workflow.intake.filename import stem_of
from workflow.intake.sorting import FormItem, Item, Sorted
from workflow.intake.text import clean_text, compact, unify_lines

_LIST_NUMBER = re.compile(r"^(?:[（(][0-9]{1,3}[）)]|[0-9]{1,3}[.、．)）]|[•·\-*])\s{0,9}")
_SEPARATOR = re.compile(r"\s{0,20}(?:[:：\t|]|——|--|—|\s-\s|\s{2,})\s{0,20}|\s{1,20}")
_LINE_SEPARATOR = re.compile(r"[:：\t]")
_HEADING = re.compile(r"(?:图片|视频|图片、视频|图片和视频)(?:文字)?说明[^\S\n]{0,9}[:：]?[^\S\n]{0,9}")
_SHORTEST_TAIL = 2

FilePlace = tuple[str, str]
"""Of an attachment: the folder it lies in, and its name."""

Captions = dict[FilePlace, str]


def read_captions(sorting: Sorted, items: Iterable[list[Item]], body: str) -> list[Captions]:
    """For each form, what is said of its ``items``: in the mail's ``body``, in its lists of captions, in the form."""
    captions = _said_of_the_mail(sorting, body)
    return [_said_by_the_form(form, own, captions) for form, own in zip(sorting.forms, items, strict=True)]


def match_captions(text: str, filenames: Sequence[str], *, continued: bool = False) -> dict[str, str]:
    """Find in ``text`` the lines ``filename：caption`` and return filename -> caption.

    A line may be numbered, the name may lack its extension, and a short name (图1) does where exactly one file's
    name ends with it. continued: lines that name no file belong to the caption above.
    """
    captions: dict[str, str] = {}
    names = _Names(filenames)
    current = ""
    for line in clean_text(text).split("\n"):
        found = names.find(line)
        if found:
            current, caption = found
            captions.setdefault(current, caption)
        elif continued and current and line:
            captions[current] = f"{captions[current]}\n{line}".strip()
    return captions


def file_place(item: Item) -> FilePlace:
    return item.attachment.folder, item.attachment.filename


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


def _said_of_the_mail(sorting: Sorted, body: str) -> Captions:
    """What the mail's text and its lists of captions say; a list speaks of the files nearest around it."""
    media = [file_place(item) for item in sorting.items if item.role in ("picture", "video")]
    lists = [item for item in sorting.items if item.role == "captions"]
    captions: Captions = {}
    for item in sorted(lists, key=lambda item: -item.attachment.folder.count("/")):
        text = caption_text(item.document) if item.document else guess_text(item.attachment.data[: limits.BODY_BYTES])
        captions = {**_match(text, _around(item.attachment.folder, media), continued=True), **captions}
    return {**_match(body, media), **captions}


def _said_by_the_form(form: FormItem, items: list[Item], captions: Captions) -> Captions:
    """Add what the form itself says of its pictures; a form with a single one need not name it."""
    media = [file_place(item) for item in items if item.role in ("picture", "video")]
    if form.item.document is None or not media:
        return captions
    text = text_after_heading(form.item.document).strip()
    found = _match(text, media)
    if text and not found and len(media) == 1:
        found = {media[0]: text}
    return {**found, **captions}


def _match(text: str, media: list[FilePlace], *, continued: bool = False) -> Captions:
    found = match_captions(text, list(dict.fromkeys(name for _, name in media)), continued=continued)
    return {(folder, name): found[name] for folder, name in media if name in found}


def _around(folder: str, media: list[FilePlace]) -> list[FilePlace]:
    """The files in a folder and below it, or, where there are none, around the folder that holds it."""
    near = [place for place in media if not folder or place[0] == folder or place[0].startswith(f"{folder}/")]
    return near if near or not folder else _around(folder.rpartition("/")[0], media)


class _Names:
    """The names of files, laid out so that a line is not compared with each of them."""

    def __init__(self, filenames: Sequence[str]) -> None:
        self._written: dict[int, dict[str, list[str]]] = {}
        self._tails = [(name, compact(stem_of(name))) for name in filenames]
        for name in filenames:
            for written in dict.fromkeys((name, stem_of(name))):
                self._written.setdefault(len(written), {}).setdefault(written.casefold(), []).append(name)

    def find(self, line: str) -> tuple[str, str] | None:
        """The file that a line names, and what the line says of it."""
        bare = _LIST_NUMBER.sub("", line)
        candidates = (line, bare) if bare != line else (line,)
        found = [*filter(None, map(self._find_beginning, candidates))] or filter(None, map(self._find_tail, candidates))
        return next(iter(found), None)

    def _find_beginning(self, line: str) -> tuple[str, str] | None:
        """The file with the longest name of those that the line begins with, whole or without extension."""
        named: dict[str, str] = {}
        for length, written in self._written.items():
            for name in written.get(line[:length].casefold(), ()):
                separator = _SEPARATOR.match(line, length)
                if separator and (length == len(name) or name not in named):
                    named[name] = line[separator.end() :].strip()
        return max(named.items(), key=lambda item: len(item[0]), default=None)

    def _find_tail(self, line: str) -> tuple[str, str] | None:
        """The only file whose name ends as the line begins."""
        separator = _LINE_SEPARATOR.search(line)
        tail = compact(line[: separator.start()]) if separator else ""
        if separator is None or len(tail) < _SHORTEST_TAIL:
            return None
        ending = [name for name, stem in self._tails if stem.endswith(tail)]
        return (ending[0], line[separator.end() :].strip()) if len(ending) == 1 else None
