"""The words that go with each picture and video (六.5: 并附文字说明), wherever the unit wrote them."""

import re
from collections.abc import Iterable, Mapping, Sequence

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
    stems = {name: stem_of(name) for name in filenames}
    current = ""
    for line in clean_text(text).split("\n"):
        found = _match_line(line, stems)
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


def _match_line(line: str, stems: Mapping[str, str]) -> tuple[str, str] | None:
    for candidate in _without_number(line):
        rests = {name: _rest_after(candidate, name, stem) for name, stem in stems.items()}
        named = {name: rest for name, rest in rests.items() if rest is not None}
        if named:
            name = max(named, key=len)
            return name, named[name]
    for candidate in _without_number(line):
        separator = _LINE_SEPARATOR.search(candidate)
        tail = compact(candidate[: separator.start()]) if separator else ""
        if separator and len(tail) >= _SHORTEST_TAIL:
            ending = [name for name, stem in stems.items() if compact(stem).endswith(tail)]
            if len(ending) == 1:
                return ending[0], candidate[separator.end() :].strip()
    return None


def _without_number(line: str) -> Iterable[str]:
    yield line
    bare = _LIST_NUMBER.sub("", line)
    if bare != line:
        yield bare


def _rest_after(line: str, filename: str, stem: str) -> str | None:
    for name in (filename, stem):
        if line[: len(name)].casefold() == name.casefold():
            rest = line[len(name) :]
            separator = _SEPARATOR.match(rest)
            if separator:
                return rest[separator.end() :].strip()
    return None
