"""Who may recommend, and how many (六.1, 六.2, 附件1)."""

from collections.abc import Mapping

from workflow.edition.entries import KindEntry, UnitEntry
from workflow.edition.fault import RuleBookError
from workflow.edition.model import Kind, Unit


def kinds(entries: Mapping[str, KindEntry]) -> dict[str, Kind]:
    for name, entry in entries.items():
        if (entry.quota_each is None) == (entry.quota_total is None):
            raise RuleBookError(("kinds", name), "edition.quota-each-or-total", kind=name)
    return {
        name: Kind(name, entry.label, entry.label_en, entry.quota_each, entry.quota_total, entry.clause)
        for name, entry in entries.items()
    }


def units(entries: tuple[UnitEntry, ...], known: Mapping[str, Kind]) -> dict[str, Unit]:
    """Settle each unit's quota; no unit twice, and the quotas of a kind add up to its total."""
    settled: dict[str, Unit] = {}
    for index, entry in enumerate(entries):
        if entry.name in settled:
            raise RuleBookError(("units", index, "name"), "edition.unit-twice", unit=entry.name)
        quota = _quota(index, entry, known)
        settled[entry.name] = Unit(
            entry.name, entry.name_en, entry.office, entry.addresses, entry.kind, quota, entry.language
        )
    for kind in known.values():
        given = sum(unit.quota for unit in settled.values() if unit.kind == kind.name)
        if kind.quota_total is not None and given != kind.quota_total:
            path = ("kinds", kind.name, "quota_total")
            raise RuleBookError(path, "edition.quota-sum", kind=kind.name, sum=given, total=kind.quota_total)
    return settled


def _quota(index: int, entry: UnitEntry, known: Mapping[str, Kind]) -> int:
    if entry.kind not in known:
        path = ("units", index, "kind")
        raise RuleBookError(path, "edition.kind-unknown", kind=entry.kind, known=list(known))
    each = known[entry.kind].quota_each
    if each is None and entry.quota is not None:
        return entry.quota
    if each is not None and entry.quota is None:
        return each
    code = "edition.key-missing" if each is None else "edition.quota-not-wanted"
    raise RuleBookError(("units", index, "quota"), code, kind=entry.kind)


def units_by_address(units: Mapping[str, Unit]) -> dict[str, Unit]:
    """Index units by lower-case address; no address belongs to two."""
    found: dict[str, Unit] = {}
    for index, unit in enumerate(units.values()):
        for place, address in enumerate(unit.addresses):
            if address.lower() in found:
                other = found[address.lower()].name
                path = ("units", index, "addresses", place)
                raise RuleBookError(path, "edition.address-twice", address=address, unit=other)
            found[address.lower()] = unit
    return found
