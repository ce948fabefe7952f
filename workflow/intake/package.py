"""A package of parts (ISO/IEC 29500-2): the main one found as the package says, and each read within a budget."""

import posixpath
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree

from workflow.intake import limits
from workflow.intake.container import ContainerBroken, read_member
from workflow.intake.elements import Element, children, value

_RELATIONSHIPS = "_rels/.rels"
_TYPES = "[content_types].xml"
_USUAL = "word/document.xml"
_KINDS_OF_MAIN = ("wordprocessingml.document.main", "wordprocessingml.template.main", "ms-word.document.macro",
                  "ms-word.template.macro")  # fmt: skip


class Package:
    """The parts of an open container, known by their names without case and with either slash."""

    def __init__(self, container: zipfile.ZipFile) -> None:
        self._container = container
        self._parts = {_plain(member.filename): member for member in container.infolist()}

    def find_main_part(self) -> str | None:
        """The part that the package's relationships name, else its content types, else the one of the usual name."""
        named = (*self._related(), *self._typed(), _USUAL)
        first = next((name for name in named if name in self._parts), None)
        usual = (name for name in sorted(self._parts) if name.startswith("word/document") and name.endswith(".xml"))
        return first or next(usual, None)

    def read(self, name: str, most_bytes: int) -> bytes:
        """Raises ContainerBroken."""
        return read_member(self._container, self._parts[name], most_bytes)

    def _related(self) -> Iterator[str]:
        for entry in self._entries(_RELATIONSHIPS):
            if value(entry, "", "Type").endswith("/officeDocument") and value(entry, "", "TargetMode") != "External":
                yield from _spellings(value(entry, "", "Target"))

    def _typed(self) -> Iterator[str]:
        for entry in self._entries(_TYPES):
            if any(kind in value(entry, "", "ContentType") for kind in _KINDS_OF_MAIN):
                yield from _spellings(value(entry, "", "PartName"))

    def _entries(self, name: str) -> list[Element]:
        """The elements of a list of the package; of one that cannot be read none, for the package may do without."""
        try:
            return list(children(parse(self.read(name, limits.PACKAGE_LIST_BYTES)))) if name in self._parts else []
        except (ContainerBroken, etree.XMLSyntaxError, ValueError):
            return []


def parse(xml: bytes) -> Element:
    """Parse a part of which nothing is fetched and no entity expanded; raises ContainerBroken, or what lxml raises."""
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


def _spellings(target: str) -> Iterator[str]:
    """A part's name as it is written, and with its escaped signs (%20) as they are."""
    for written in (target, unquote(target)):
        yield _plain(posixpath.normpath(written.replace("\\", "/").lstrip("/") or "."))


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
