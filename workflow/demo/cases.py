"""Invented cases: what a unit would write into Appendix 4, the same every time for the same seed."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import count
from random import Random
from typing import Any, NamedTuple

from workflow.demo.phrases import load_invention, phrase, phrases
from workflow.demo.places import choose_applicant, find_place

FORM_STYLES = ("plain", "spaced", "merged", "nested", "split")
TICKS = ("☑", "☑", "√", "■", "✔")
FIRST_NUMBER = 101
FIRST_PHONE = 61000000
PHONES = 1000000


class DemoCase(NamedTuple):
    """One filled recommendation form (附件4).

    sections: the paragraphs under each of the four headings of the content.
    applicant_opinion, recommender_opinion: empty where the unit forgot it.
    form_style, tick: how the form was laid out and its category ticked.
    pictures: file suffixes of the pictures sent along; video: "landscape", "portrait" or None.
    flaw: reason code of what an organiser will object to; None for a sound case.
    """

    name: str
    applicant: str
    unit: str
    category: int
    contact: str
    phone: str
    address: str
    summary: str
    sections: tuple[tuple[str, ...], ...]
    applicant_opinion: str
    recommender_opinion: str
    signed_on: date
    form_style: str
    tick: str
    pictures: tuple[str, ...]
    video: str | None
    flaw: str | None = None

    @property
    def content(self) -> str:
        """The content as one text: each heading, then its paragraphs, a line each."""
        lines = []
        for heading, paragraphs in zip(phrases("case", "headings"), self.sections, strict=True):
            lines += [heading, *paragraphs]
        return "\n".join(lines)


class Inventor:
    """Invents cases one after another; no name, contact or telephone number comes twice."""

    def __init__(self, rng: Random, taken_names: Iterable[str] = ()) -> None:
        self._rng = rng
        self._names = set(taken_names)
        self._number = FIRST_NUMBER

    def invent(self, unit: str, signed_on: date) -> DemoCase:
        """A sound case for the unit: summary within 200 characters, content within 1,500."""
        rng = self._rng
        place = find_place(unit)
        topic, name = self._choose_name(place.images)
        applicant, seat = choose_applicant(place, topic["hosts"], rng)
        number, self._number = self._number, self._number + 1
        fill = {
            **draw_counts(rng),
            "body": applicant,
            "region": place.region if place.seats else phrase("case", "province"),
            "subject": topic["subject"],
            "name": name,
            "quoted": name if "“" in name else f"“{name}”",
        }
        fill["feature"] = topic["practices"][0].format(**fill)
        return DemoCase(
            name=name,
            applicant=applicant,
            unit=unit,
            category=topic["category"],
            contact=phrase("case", "contact").format(number=number),
            phone=phrase("case", "phone").format(number=FIRST_PHONE + number * 37 % PHONES),
            address=phrase("case", "address").format(region=place.region, seat=seat, number=rng.randint(1, 288)),
            summary=rng.choice(phrases("case", "summaries")).format(**fill),
            sections=tell_sections(topic, fill, rng),
            applicant_opinion=rng.choice(phrases("case", "applicant_opinions")),
            recommender_opinion=rng.choice(phrases("case", "recommender_opinions")),
            signed_on=signed_on,
            form_style=rng.choice(FORM_STYLES),
            tick=rng.choice(TICKS),
            pictures=tuple(rng.choices(("jpg", "jpg", "png"), k=rng.choice((0, 1, 1, 1, 2)))),
            video=rng.choice(("landscape", "portrait")) if rng.random() < 0.1 else None,
        )

    def _choose_name(self, images: tuple[str, ...]) -> tuple[dict[str, Any], str]:
        free: list[tuple[dict[str, Any], str]] = []
        for series in count(1):
            free = [(topic, name) for topic, name in list_names(images, series) if name not in self._names]
            if free:
                break
        topic, name = self._rng.choice(free)
        self._names.add(name)
        return topic, name


def list_names(images: Iterable[str], series: int) -> Iterator[tuple[dict[str, Any], str]]:
    """Every topic with each name a case of it could bear; from the second series on they are numbered."""
    again = phrase("case", "again")
    for topic in load_invention("topics")["topic"]:
        for title in topic["titles"]:
            for image in images:
                name = title.format(image=image)
                yield topic, name if series == 1 else again.format(name=name, number=series)


def draw_counts(rng: Random) -> dict[str, object]:
    """The figures an applicant would report, in keeping with one another."""
    year = rng.choice((2021, 2021, 2022, 2022, 2023))
    works = rng.randint(60, 900)
    return {
        "year": year,
        "month": rng.randint(1, 12),
        "years": {2021: "三", 2022: "两", 2023: "一"}[year],
        "sites": rng.randint(5, 48),
        "crew": rng.randint(12, 160),
        "people": rng.randint(3, 160),
        "rate": rng.randint(91, 99),
        "works": works,
        "views": works * rng.randint(2, 14),
        "comments": works * rng.randint(8, 60),
        "events": rng.randint(12, 240),
        "joined": rng.randint(900, 38000),
        "forms": rng.randint(260, 3200),
        "gain": rng.randint(4, 19),
        "papers": rng.randint(2, 9),
    }


def tell_sections(topic: dict[str, Any], fill: dict[str, object], rng: Random) -> tuple[tuple[str, ...], ...]:
    """The paragraphs under 背景意义, 创新做法, 实施成效 and 经验启示 (附件4)."""
    shared = {part: phrases("case", part) for part in ("backgrounds", "practices", "results", "lessons")}
    background = [shared["backgrounds"][0], topic["need"], *shared["backgrounds"][1:]]
    practices = [*topic["practices"], *keep_some(shared["practices"], rng.randint(3, 5), rng)]
    results = keep_some(shared["results"], rng.randint(3, 5), rng)
    lessons = [topic["lesson"], *keep_some(shared["lessons"], rng.randint(1, 3), rng)]
    return (
        ("".join(background).format(**fill),),
        tuple(sentence.format(**fill) for sentence in practices),
        tuple(sentence.format(**fill) for sentence in results),
        tuple(sentence.format(**fill) for sentence in lessons),
    )


def keep_some(sentences: list[str], count: int, rng: Random) -> list[str]:
    """That many of the sentences, in their own order."""
    return [sentences[i] for i in sorted(rng.sample(range(len(sentences)), count))]


def lengthen_summary(case: DemoCase) -> DemoCase:
    """The same case with a summary well over 200 characters, however they are counted."""
    padding = phrase("case", "padding")
    return case._replace(summary=case.summary + padding * 3, flaw="summary-too-long")


def forget_recommender_opinion(case: DemoCase) -> DemoCase:
    """The same case as it was before the recommending unit filled in its opinion."""
    return case._replace(recommender_opinion="", flaw="recommender-opinion-missing")
