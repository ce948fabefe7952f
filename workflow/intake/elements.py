"""Elements of WordprocessingML as readers look at them: by local name, whichever of its namespaces they stand in."""

from collections.abc import Iterator

from lxml import etree

Element = etree._Element  # noqa: SLF001 - lxml gives the type no other name

_OFF = frozenset({"0", "false", "off", "none"})


def children(element: Element) -> Iterator[Element]:
    """The elements right below; comments and the like are passed over."""
    return (child for child in element if isinstance(child.tag, str))


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def find(element: Element | None, *path: str) -> Element | None:
    """The first element down ``path``, None where there is none."""
    for name in path:
        if element is None:
            return None
        element = next((child for child in children(element) if local(child) == name), None)
    return element


def value(element: Element | None, default: str, name: str = "val") -> str:
    """An attribute by its local name."""
    if element is not None:
        for key, written in element.attrib.items():
            if str(key).rpartition("}")[2] == name:
                return str(written)
    return default


def is_on(element: Element | None) -> bool:
    """Whether a switch (ST_OnOff) is there and not switched off."""
    return element is not None and value(element, "1").lower() not in _OFF
