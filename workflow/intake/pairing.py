"""Which of a mail's scans, pictures and videos belong to which of its forms."""

from collections.abc import Iterable
from typing import NamedTuple

from states.reasons import Reason
from workflow.intake.dossier import choose_claim
from workflow.intake.sorting import Item, Sorted

_LOST = frozenset({"attachment-too-large", "archive-unreadable"})
_PAIRED = frozenset({"scan", "picture", "video"})


class Paired(NamedTuple):
    """For each form of a mail, its items and what was lost of them; unpaired: names of those that no form claims."""

    items: tuple[list[Item], ...]
    lost: tuple[list[Reason], ...]
    unpaired: tuple[str, ...]


def pair(sorting: Sorted, reasons: Iterable[Reason]) -> Paired:
    """Give each form what it claims; ``reasons`` say what of the mail could not be read."""
    paired = Paired(tuple([] for _ in sorting.forms), tuple([] for _ in sorting.forms), ())
    unpaired: list[str] = []
    for item in sorting.items:
        if item.role in _PAIRED:
            place = _find_form(sorting, item.attachment.filename, item.attachment.folder)
            if place is None:
                unpaired.append(item.attachment.filename)
            elif not any(_are_one(item, other) for other in paired.items[place]):
                paired.items[place].append(item)
    for reason in reasons:
        if reason.code in _LOST:
            place = _find_form(sorting, str(reason.values["filename"]))
            if place is not None:
                paired.lost[place].append(reason)
    return paired._replace(unpaired=tuple(dict.fromkeys(unpaired)))


def _find_form(sorting: Sorted, filename: str, folder: str = "") -> int | None:
    """Which of the forms a file of that name belongs to."""
    return choose_claim(filename, folder, sorting.claims)


def _are_one(item: Item, other: Item) -> bool:
    return (item.sha256, item.attachment.filename) == (other.sha256, other.attachment.filename)
