"""Where an invented case comes from: the unit that recommends it, its applicants, addresses and local images."""

from random import Random
from typing import NamedTuple

from workflow.demo.phrases import load_invention, phrase


class Locality(NamedTuple):
    """office signs the unit's mails; seats are empty for bodies without a district of their own."""

    office: str
    region: str
    seats: tuple[str, ...]
    images: tuple[str, ...]
    applicants: tuple[str, ...]


def find_place(unit: str) -> Locality:
    """The place of a unit of 附件1, else the field its name belongs to (education, unions, news ...)."""
    invention = load_invention("places")
    for entry in invention["place"]:
        if entry["unit"] == unit:
            return Locality(entry["office"], entry["region"], tuple(entry["seats"]), tuple(entry["images"]), ())
    field = next(f for f in invention["field"] if not f["words"] or any(word in unit for word in f["words"]))
    region = phrase("case", "province_region")
    return Locality(unit, region, (), tuple(field["images"]), tuple(field["applicants"]))


def choose_applicant(place: Locality, hosts: list[str], rng: Random) -> tuple[str, str]:
    """An applicant's name and the seat (district, county or town) it is in."""
    if not place.seats:
        return rng.choice(place.applicants), phrase("case", "province_seat")
    seat = rng.choice(place.seats)
    return seat + rng.choice(hosts), seat
