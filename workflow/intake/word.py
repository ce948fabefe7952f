"""Reading a Word document (.docx, ISO/IEC 29500) as paragraphs and logical tables, safely."""

from lxml import etree

from states.reasons import Reason
from workflow.intake import limits
from workflow.intake.container import ContainerBroken, open_container, read_member
from workflow.intake.document import Document
from workflow.intake.markup import MarkupTooDeep, read_body
from workflow.intake.refusal import Refusal

_MAIN_PART = "word/document.xml"


def read_document(data: bytes, filename: str) -> Document:
    """Read the main part of a .docx; raises Refusal (``form-unreadable``) where that cannot be done safely.

    Nothing is fetched, no entity is expanded, no document type is accepted, and the sizes are looked at before
    anything is inflated or parsed.
    """
    try:
        return read_body(_parse(_read_main_part(data)))
    except ContainerBroken as error:
        raise refuse_form(filename, "DOCX", error.cause) from error
    except (etree.XMLSyntaxError, ValueError) as error:
        raise refuse_form(filename, "DOCX", "damaged") from error
    except (MarkupTooDeep, RecursionError) as error:
        raise refuse_form(filename, "DOCX", "too-deep") from error


def refuse_form(filename: str, form_format: str, cause: str) -> Refusal:
    """Say that a form cannot be read and has to be sent again as .docx (附件4, 六.5: 电子版)."""
    return Refusal(
        Reason(
            "form-unreadable",
            "六.5",
            {"filename": filename, "format": form_format, "cause": cause},
        )
    )


def _read_main_part(data: bytes) -> bytes:
    with open_container(data) as container:
        names = {member.filename: member for member in container.infolist()}
        main = names.get(_MAIN_PART)
        if main is None:
            candidates = sorted(name for name in names if name.startswith("word/document") and name.endswith(".xml"))
            if not candidates:
                raise ContainerBroken("damaged")
            main = names[candidates[0]]
        return read_member(container, main, limits.DOCUMENT_BYTES)


def _parse(xml: bytes) -> etree._Element:
    if b"<!DOCTYPE" in xml.replace(b"\x00", b""):
        raise ContainerBroken("damaged")
    if xml.count(b"<") + xml.count(b"=") > limits.DOCUMENT_MARKS:
        raise ContainerBroken("too-large")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    root = etree.fromstring(xml, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise ContainerBroken("damaged")
    return root
