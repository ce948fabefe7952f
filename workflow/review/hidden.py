"""What a workbook keeps out of sight: rows and columns of a sheet, hidden by hand, by a filter or by having no size."""

import io
import posixpath
import zipfile
from collections.abc import Mapping
from typing import NamedTuple

from lxml import etree

from workflow.review import limits

_ON = ("1", "true")


class Hidden(NamedTuple):
    """rows: their numbers, from 1. columns: their places, from 0."""

    rows: tuple[int, ...] | frozenset[int]
    columns: tuple[int, ...] | frozenset[int]


def find_sheets(data: bytes) -> Mapping[str, str]:
    """The member of the workbook that holds each sheet, by the sheet's name. Raises what zipfile and lxml raise."""
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        workbook = next((name for name in container.namelist() if name.lower().endswith("xl/workbook.xml")), None)
        if workbook is None:
            return {}
        folder, file = posixpath.split(workbook)
        related = f"{folder}/_rels/{file}.rels"
        if related not in container.namelist():
            return {}
        targets = {
            entry.get("Id", ""): posixpath.normpath(posixpath.join("/", folder, entry.get("Target", ""))).lstrip("/")
            for entry in _parse(container.read(related)).iter("{*}Relationship")
        }
        found = {}
        for sheet in _parse(container.read(workbook)).iter("{*}sheet"):
            for key, value in sheet.attrib.items():
                if str(key).endswith("}id") and targets.get(str(value)) in container.NameToInfo:
                    found[sheet.get("name", "")] = targets[str(value)]
        return found


def read_hidden(data: bytes, member: str) -> Hidden:
    """The rows and columns of a sheet that nobody sees. Raises what zipfile and lxml raise."""
    rows: set[int] = set()
    columns: set[int] = set()
    number = 0
    with zipfile.ZipFile(io.BytesIO(data)) as container, container.open(member) as stream:
        for _, element in etree.iterparse(
            stream, events=("end",), tag=("{*}row", "{*}col"), resolve_entities=False, no_network=True, huge_tree=False
        ):
            if str(element.tag).endswith("}row"):
                number = _number(element.get("r"), number + 1)
                if _is_hidden(element, "ht"):
                    rows.add(number)
            elif _is_hidden(element, "width"):
                first = _number(element.get("min"), 1)
                columns.update(range(first - 1, min(_number(element.get("max"), first), limits.COLUMNS)))
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return Hidden(frozenset(rows), frozenset(columns))


def _is_hidden(element: etree._Element, size: str) -> bool:
    return (element.get("hidden") or "").lower() in _ON or _is_nothing(element.get(size))


def _is_nothing(size: str | None) -> bool:
    try:
        return size is not None and float(size) <= 0
    except ValueError:
        return False


def _number(written: str | None, otherwise: int) -> int:
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < 9 else otherwise


def _parse(xml: bytes) -> etree._Element:
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
