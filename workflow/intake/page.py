"""The text of an HTML mail, as far as captions and words to a person go."""

from lxml import etree

_UNSHOWN = frozenset({"script", "style", "head", "title", "meta"})
_LINES = frozenset({"p", "div", "br", "tr", "li", "table", "h1", "h2", "h3", "h4", "blockquote"})


def read_page(page: str) -> str:
    """Return the visible text of an HTML page, a line for each block; ``""`` where it cannot be read."""
    parser = etree.HTMLParser(
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(page.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return ""
    if root is None:
        return ""
    pieces: list[str] = []
    hidden = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = str(element.tag)
        if event == "start":
            hidden += tag in _UNSHOWN
            pieces.append("\n" if tag in _LINES else "")
            pieces.append("" if hidden else element.text or "")
        else:
            hidden -= tag in _UNSHOWN
            pieces.append("" if hidden else element.tail or "")
    return "\n".join(line for line in (line.strip() for line in "".join(pieces).split("\n")) if line)
