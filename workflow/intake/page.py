"""An HTML mail as its reader sees it: its lines, the links in them, and the pictures that it shows."""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

_UNSHOWN = frozenset({"script", "style", "head", "title", "meta"})
_LINES = frozenset({"p", "div", "br", "tr", "li", "table", "h1", "h2", "h3", "h4", "blockquote"})
_SHOWN = re.compile(r"cid:([^\"'\s>)]{1,400})", re.IGNORECASE)
_BEGIN, _END = "\x01", "\x02"
_LINK = re.compile(f"{_BEGIN}([0-9]{{1,9}}){_END}([^{_BEGIN}{_END}]*){_BEGIN}{_END}")
_MARKS = re.compile(f"{_BEGIN}[0-9]{{0,9}}{_END}")
_NOT_TEXT = str.maketrans("", "", _BEGIN + _END)


class Link(NamedTuple):
    """Where it leads, and the words that lead there."""

    address: str
    words: str


class Line(NamedTuple):
    """A line of a mail as it is seen, and the links in it."""

    text: str
    links: tuple[Link, ...] = ()


class Page(NamedTuple):
    """shown: the Content-IDs of the pictures that the page shows itself."""

    lines: tuple[Line, ...]
    shown: frozenset[str]

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


def read_page(page: str) -> str:
    """Return the visible text of an HTML page, a line for each block; ``""`` where it cannot be read."""
    return open_page(page).text


def open_page(page: str) -> Page:
    """Read an HTML page; one that cannot be read has no lines."""
    shown = frozenset(unquote(unescape(found)).strip("<>").lower() for found in _SHOWN.findall(page))
    parser = etree.HTMLParser(
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(page.translate(_NOT_TEXT).encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return Page((), shown)
    if root is None:
        return Page((), shown)
    addresses: list[str] = []
    marked = _LINK.sub(_on_one_line, "".join(_pieces(root, addresses)))
    lines = (_read_line(line, addresses) for line in marked.split("\n"))
    return Page(tuple(line for line in lines if line.text), shown)


def _pieces(root: etree._Element, addresses: list[str]) -> Iterator[str]:
    hidden = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = str(element.tag)
        leads = tag == "a" and not hidden and element.get("href") is not None
        if event == "start":
            hidden += tag in _UNSHOWN
            yield "\n" if tag in _LINES else ""
            if leads:
                yield f"{_BEGIN}{len(addresses)}{_END}"
                addresses.append(str(element.get("href")).strip())
            yield "" if hidden else element.text or ""
        else:
            hidden -= tag in _UNSHOWN
            yield f"{_BEGIN}{_END}" if leads else ""
            yield "" if hidden else element.tail or ""


def _on_one_line(link: re.Match[str]) -> str:
    return f"{_BEGIN}{link[1]}{_END}{' '.join(link[2].split())}{_BEGIN}{_END}"


def _read_line(marked: str, addresses: list[str]) -> Line:
    links = tuple(Link(addresses[int(number)], words.strip()) for number, words in _LINK.findall(marked))
    return Line(_MARKS.sub("", marked).strip(), links)
