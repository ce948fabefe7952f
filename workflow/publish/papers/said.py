"""What is said to the readers of a case's papers: the captions, and what was left out and why."""

from collections.abc import Iterator, Sequence

from workflow.intake.text import clean_line
from workflow.publish.case_text import FormRead
from workflow.publish.contacts import SIGN
from workflow.publish.form_sheet import Part
from workflow.publish.papers.documents import Document
from workflow.wording import say


def say_captions(captions: Sequence[tuple[str, str]], language: str) -> list[Part]:
    """A line for each file that something was said of; nothing where nothing was."""
    lines = tuple(say("papers.caption", language, file=name, caption=clean_line(caption)) for name, caption in captions)
    return [Part(say("papers.captions", language), lines)] if lines else []


def say_left_out(form: FormRead, left_out: Sequence[tuple[Document, str]], language: str) -> list[Part]:
    """Everything that is not shown, each with its reason; left_out: documents with the names they may be called by."""
    lines = tuple(_lines(form, left_out, language))
    return [Part(say("papers.left-out", language), lines)] if lines else []


def _lines(form: FormRead, left_out: Sequence[tuple[Document, str]], language: str) -> Iterator[str]:
    text = form.text
    if text.contact is None:
        yield say("papers.no-contact", language)
        if text.blotted:
            yield say("papers.blotted", language, sign=SIGN, count=text.blotted)
    elif None in text.contact:
        yield say("papers.erased", language)
    for document, name in left_out:
        role, why = say(f"role.{document.role}", language), say(document.why or "", language)
        yield say("papers.document", language, role=role, document=name, why=why)
    if text.contact is None:
        yield say("papers.media-unread", language)
