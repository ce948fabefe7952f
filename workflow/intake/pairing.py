"""Which of the files of a mail belong to which of its forms."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from states.reasons import Reason
from workflow.intake.dossier import choose_claim
from workflow.intake.links import LinkedFile
from workflow.intake.sorting import Item, Sorted

_LOST = frozenset({"attachment-too-large", "archive-unreadable", "mail-unopened"})
_PAIRED = frozenset({"scan", "picture", "video"})


@dataclass
class Belongings:
    """What belongs to one form: its files, those of them that could not be read, and those that came as links.

    may_be_scan: files that may be its stamped scan, some of which belong to no form in particular.
    """

    items: list[Item] = field(default_factory=list)
    lost: list[Reason] = field(default_factory=list)
    linked: list[LinkedFile] = field(default_factory=list)
    may_be_scan: list[Item] = field(default_factory=list)


@dataclass
class Pairs:
    """The belongings of each form, in the order of the forms, and what belongs to none."""

    of_forms: list[Belongings]
    unpaired: list[Item] = field(default_factory=list)


def pair(sorting: Sorted, lost: Sequence[Reason], linked: Sequence[LinkedFile]) -> Pairs:
    """Pair by name and folder; what cannot be paired, and may be a scan, may be that of each form that has none."""
    pairs = Pairs([Belongings() for _ in sorting.forms])
    _pair_files(pairs, sorting)
    for reason in lost:
        if reason.code in _LOST and (own := _owner(pairs, sorting, str(reason.values["filename"]))) is not None:
            own.lost.append(reason)
    for file in linked:
        if (own := _owner(pairs, sorting, file.name)) is not None:
            own.linked.append(file)
    return pairs


def _pair_files(pairs: Pairs, sorting: Sorted) -> None:
    shared: list[Item] = []
    for item in sorting.items:
        own = _owner(pairs, sorting, item.attachment.filename, item.attachment.folder)
        if item.role in _PAIRED:
            if own is None:
                pairs.unpaired.append(item)
            elif not any(_are_one(item, other) for other in own.items):
                own.items.append(item)
        if item.may_be_scan or (own is None and item.role == "scan"):
            (shared if own is None else own.may_be_scan).append(item)
    for belongings in pairs.of_forms:
        belongings.may_be_scan += shared


def _owner(pairs: Pairs, sorting: Sorted, filename: str, folder: str = "") -> Belongings | None:
    place = choose_claim(filename, folder, sorting.claims)
    return pairs.of_forms[place] if place is not None else None


def _are_one(item: Item, other: Item) -> bool:
    return (item.sha256, item.attachment.filename) == (other.sha256, other.attachment.filename)
