"""Writing papers: a folder a case, whole or not at all, and nothing written over."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, TypedDict
from uuid import uuid4

from sqlalchemy import Connection

from workflow import clock
from workflow.disk import cause_of
from workflow.engine.campaign import Campaign
from workflow.errors import UsageError
from workflow.new_file import FileNameUnfit, write_new
from workflow.publish.bundle.folder import FolderTaken
from workflow.publish.case_text import CaseText, FormRead, read_case
from workflow.publish.file_name import Names, part_of_name
from workflow.publish.form_docx import write_docx
from workflow.publish.form_page import write_page
from workflow.publish.form_sheet import lay_out
from workflow.publish.papers.captions import read_captions
from workflow.publish.papers.documents import OF_A_CASE, Document, read_documents
from workflow.publish.papers.listing import PaperFile, write_list
from workflow.publish.papers.said import say_captions, say_left_out
from workflow.wording import say, show_moment

NUMBERED = ("picture", "video", "scan")
FORM_LANGUAGE = "zh"
"""Of the labels in the form: the notice's own."""


class VersionsUnclear(UsageError):
    """The current version was asked for, and all of them too."""

    code = "error.versions-unclear"


class LeftOut(TypedDict):
    """A document that came with the form and is not among the papers. why: a sentence."""

    document: str
    role: str
    why: str


class CasePapers(TypedDict):
    case: str
    folder: str
    files: list[PaperFile]
    left_out: list[LeftOut]


class FormPapers(NamedTuple):
    """A form with its documents and what was said of them; place: the folder within the case's, ``""`` for its own."""

    form: FormRead
    documents: list[Document]
    captions: Mapping[str, str]
    place: str


def choose_versions(current: bool, all_versions: bool) -> bool:
    """Whether every version is asked for. Raises VersionsUnclear."""
    if current and all_versions:
        raise VersionsUnclear
    return all_versions


def hand_out(
    campaign: Campaign, numbers: Sequence[str], to: Path, *, contacts: bool = False, all_versions: bool = False
) -> list[CasePapers]:
    """Write the papers of each case, once, into a new folder of its own in ``to``; what is where, by number.

    Everything is written aside first and then put in its place: where anything is missing, taken or refused, nothing
    has been written. Raises CaseUnknown, OriginalMissing, FolderTaken and what keeps a file from being written.
    """
    with campaign.reading() as connection:
        cases = {
            number: _gather(campaign, connection, number, contacts=contacts, all_versions=all_versions)
            for number in sorted(dict.fromkeys(numbers))
        }
    folders = {number: to / _stem(forms[-1].form.text) for number, forms in cases.items()}
    for folder in folders.values():
        if folder.exists():
            raise FolderTaken(folder=str(folder))
    aside = to / f".papers-{uuid4().hex[:8]}"
    made = [each for each in (to, *to.parents) if not each.exists()]
    try:
        answers = [_write_case(campaign, cases[number], aside, folder) for number, folder in folders.items()]
        for folder in folders.values():
            (aside / folder.name).rename(folder)
    except OSError as refusal:
        raise cause_of(refusal, to) from None
    except ValueError:
        raise FileNameUnfit(file=str(to)) from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        for empty in made:
            with suppress(OSError):
                empty.rmdir()
    return answers


def _gather(
    campaign: Campaign, connection: Connection, number: str, *, contacts: bool, all_versions: bool
) -> list[FormPapers]:
    found = []
    for form in read_case(campaign, connection, number, contacts=contacts, all_versions=all_versions):
        documents = read_documents(campaign, connection, form)
        shows = any(document.why is None and document.role in OF_A_CASE for document in documents)
        captions = read_captions(campaign, connection, form.submission_id) if shows else {}
        place = say("papers.draft", campaign.language, number=form.text.draft) if all_versions else ""
        found.append(FormPapers(form, documents, captions, place))
    return found


def _stem(text: CaseText) -> str:
    return "_".join(part for part in (text.number, part_of_name(text.unit), part_of_name(text.name)) if part)


def _write_case(campaign: Campaign, forms: Sequence[FormPapers], aside: Path, folder: Path) -> CasePapers:
    files, left_out = list[PaperFile](), list[LeftOut]()
    for form in forms:
        place = aside / folder.name / form.place
        place.mkdir(parents=True)
        within = f"{form.place}/" if form.place else ""
        files += [{**file, "file": within + file["file"]} for file in _write_form(campaign, form, place)]
        left_out += [
            {"document": _blotted(form, each.filename), "role": each.role, "why": say(each.why, campaign.language)}
            for each in form.documents
            if each.why is not None
        ]
    return {"case": forms[-1].form.text.number, "folder": str(folder), "files": files, "left_out": left_out}


def _blotted(form: FormPapers, text: str) -> str:
    return form.form.blotter.blot(text) if form.form.blotter else text


def _write_form(campaign: Campaign, papers: FormPapers, place: Path) -> list[PaperFile]:
    """Write one form's papers into a folder; its files, the list last."""
    text, language = papers.form.text, campaign.language
    stem, names, files = _stem(text), Names(), list[PaperFile]()

    def write(name: str, role: str, data: bytes) -> None:
        write_new(place / name, data)
        files.append({"file": name, "role": role, "sha256": sha256(data).hexdigest()})

    def name_of(key: str, suffix: str, number: int | None = None) -> str:
        return names.take(f"{stem}_{say(key, language)}{number or ''}", suffix)

    docx, page = (name_of("papers.name.form", suffix) for suffix in (".docx", ".html"))
    handed = _name_documents(papers.documents, name_of)
    captions = [
        (name, _blotted(papers, papers.captions[document.sha256]))
        for name, document in handed
        if document.sha256 in papers.captions
    ]
    left_out = [(each, _blotted(papers, each.filename)) for each in papers.documents if each.why is not None]
    said = say_captions(captions, language)
    parts = (*said, *say_left_out(papers.form, left_out, language))
    write(docx, "form", write_docx(lay_out(text, FORM_LANGUAGE, parts), text.received))
    write(page, "page", write_page(lay_out(text, language, parts), f"{text.number} {text.name}", language))
    for name, document in handed:
        write(name, document.role, campaign.originals.read(document.sha256))
    if captions:
        lines = (line for part in said for line in part.lines)
        write(name_of("papers.name.captions", ".txt"), "captions", "".join(f"{line}\n" for line in lines).encode())
    heading = _head(campaign, text)
    listed = [(say(f"role.{file['role']}", language), file) for file in files]
    write(names.take(say("papers.name.list", language), ".txt"), "list", write_list(heading, listed, parts))
    return files


def _name_documents(
    documents: Sequence[Document], name_of: Callable[[str, str, int | None], str]
) -> list[tuple[str, Document]]:
    """Readable names for those that are handed out; what comes in numbers is counted."""
    counted: dict[str, int] = {}
    named = []
    for document in documents:
        if document.why is None:
            counted[document.role] = counted.get(document.role, 0) + 1
            number = counted[document.role] if document.role in NUMBERED else None
            named.append((name_of(f"papers.name.{_kind(document.role)}", document.suffix, number), document))
    return named


def _kind(role: str) -> str:
    return "original" if role == "form" else role


def _head(campaign: Campaign, text: CaseText) -> list[str]:
    language = campaign.language
    received = show_moment(clock.read(text.received), campaign.edition.zone, language)
    values = {"case": text.number, "name": text.name, "unit": text.unit, "draft": text.draft, "received": received}
    file = say("papers.name.list", language) + ".txt"
    return [say(f"papers.list.{key}", language, **values, file=file) for key in ("title", "case", "form", "check")]
