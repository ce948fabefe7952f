"""Reading a Word document (.docx, ISO/IEC 29500) as paragraphs and logical tables, safely."""

from lxml import etree

from states.reasons import Reason
from workflow.intake import limits
from workflow.intake.container import ContainerBroken, open_container
from workflow.intake.document import Document
from workflow.intake.markup import MarkupTooDeep, read_body
from workflow.intake.package import Package, parse
from workflow.intake.refusal import Refusal


def read_document(data: bytes, filename: str) -> Document:
    """Read the main part of a .docx; raises Refusal (``form-unreadable``) where that cannot be done safely.

    Nothing is fetched, no entity is expanded, no document type is accepted, and the sizes are looked at before
    anything is inflated or parsed.
    """
    try:
        return read_body(parse(_read_main_part(data)))
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
        package = Package(container)
        main = package.find_main_part()
        if main is None:
            raise ContainerBroken("damaged")
        return package.read(main, limits.DOCUMENT_BYTES)
