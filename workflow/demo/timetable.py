"""Who sends what when in an invented season: sound cases up to each unit's wish, and the flaws of real life."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import NamedTuple

from workflow.demo.cases import (
    DemoCase,
    Inventor,
    forget_recommender_opinion,
    lengthen_summary,
)
from workflow.demo.post import SHANGHAI, Naming

FLAWS = (
    "summary-too-long",
    "received-late",
    "recommender-opinion-missing",
    "over-quota",
    "question",
    "raw-names",
)
INSTALMENTS = {1: (1,), 2: (1, 1, 2), 3: (1, 1, 2), 4: (1, 2, 2, 3)}
SIGNED_BEFORE = timedelta(days=2)
CORRECTED_AFTER = timedelta(days=3, hours=2)


class PlannedMail(NamedTuple):
    """One mail of the season; sent_at is an aware UTC moment, cases are empty for a mere question."""

    filename: str
    unit: str
    address: str
    sent_at: datetime
    message_id: str
    cases: tuple[DemoCase, ...]
    naming: Naming = "rfc2231"
    stamped: bool = True
    corrected: bool = False
    further: int = 1


def plan_season(
    units: Mapping[str, tuple[str, int]],
    year: int = 2024,
    seed: int = 2024,
    flaws: Collection[str] = FLAWS,
    taken_names: Collection[str] = (),
) -> tuple[PlannedMail, ...]:
    """The mails of 3 to 30 June (Asia/Shanghai) of the year, in the order they come.

    units: name -> (address, how many sound cases it sends in time); the cases whose flaw is None are exactly these.
    flaws: which of FLAWS happen, each once and to cases beyond the wanted ones, except that the case sent without
        the recommending unit's opinion comes again, sound, three days later; a question has no case, and raw-names is
        a mail in gb18030 with raw file names and sound cases.
    taken_names: names of cases that exist already.
    Raises ValueError for a flaw that is not in FLAWS.
    """
    if unknown := set(flaws) - set(FLAWS):
        raise ValueError(", ".join(sorted(unknown)))
    planner = Planner(year, Random(f"{seed}/{year}"), Inventor(Random(f"{seed}/{year}/cases"), taken_names))
    for unit, (address, wanted) in units.items():
        planner.plan_unit(unit, address, wanted)
    senders = [unit for unit, (_, wanted) in units.items() if wanted > 0]
    for flaw in FLAWS:
        if flaw in flaws and senders:
            unit = senders.pop(planner.rng.randrange(len(senders))) if len(senders) > 1 else senders[0]
            planner.plan_flaw(flaw, unit, units[unit][0])
    return planner.list_mails()


class Planner:
    """The season's mails while they are being thought out."""

    def __init__(self, year: int, rng: Random, inventor: Inventor) -> None:
        self.year = year
        self.rng = rng
        self._inventor = inventor
        self._mails: list[PlannedMail] = []

    def plan_unit(self, unit: str, address: str, wanted: int) -> None:
        """The unit's sound cases in one to three mails."""
        if wanted < 1:
            return
        count = min(wanted, self.rng.choice(INSTALMENTS[min(wanted, 4)]))
        moments = sorted(self._draw_moment() for _ in range(count))
        for number, moment in enumerate(moments):
            share = wanted // count + (number < wanted % count)
            cases = [self._invent(unit, moment) for _ in range(share)]
            naming: Naming = "rfc2047" if self.rng.random() < 0.15 else "rfc2231"
            mail = self._post(unit, address, moment, cases, naming, further=number + 1)
            self._mails.append(mail._replace(stamped=self.rng.random() > 0.08))

    def plan_flaw(self, flaw: str, unit: str, address: str) -> None:
        last = self._moment(30, 22, 41, 7)
        first = next(place for place, mail in enumerate(self._mails) if mail.unit == unit and mail.cases)
        mail = self._mails[first]
        if flaw == "summary-too-long":
            extra = lengthen_summary(self._invent(unit, mail.sent_at))
            self._mails[first] = mail._replace(cases=(*mail.cases, extra))
        elif flaw == "received-late":
            moment = self._moment(30, 23, 59, 59) + timedelta(seconds=2)
            self._mails.append(self._post(unit, address, moment, [self._invent(unit, last)._replace(flaw=flaw)]))
        elif flaw == "recommender-opinion-missing":
            moment = min(mail.sent_at, self._moment(26, 16, 5, 40))
            cases = [case._replace(signed_on=sign_before(moment)) for case in mail.cases]
            self._mails[first] = mail._replace(sent_at=moment, cases=(forget_recommender_opinion(cases[0]), *cases[1:]))
            corrected_at = moment + CORRECTED_AFTER
            whole = cases[0]._replace(signed_on=sign_before(corrected_at))
            again = self._post(unit, address, corrected_at, [whole])
            self._mails.append(again._replace(corrected=True))
        elif flaw == "over-quota":
            self._mails.append(self._post(unit, address, last, [self._invent(unit, last)._replace(flaw=flaw)]))
        elif flaw == "question":
            self._mails.append(self._post(unit, address, self._draw_moment(), []))
        elif flaw == "raw-names":
            self._mails[first] = mail._replace(naming="raw")

    def list_mails(self) -> tuple[PlannedMail, ...]:
        """All mails by time, each with the file name it is saved under."""
        named = []
        for number, mail in enumerate(sorted(self._mails, key=lambda mail: (mail.sent_at, mail.message_id)), start=1):
            host = mail.address.partition("@")[2].removesuffix(".example")
            named.append(
                mail._replace(filename=f"{number:03d}-{mail.sent_at.astimezone(SHANGHAI):%m%d-%H%M}-{host}.eml")
            )
        return tuple(named)

    def _invent(self, unit: str, moment: datetime) -> DemoCase:
        return self._inventor.invent(unit, sign_before(moment))

    def _post(
        self,
        unit: str,
        address: str,
        moment: datetime,
        cases: list[DemoCase],
        naming: Naming = "rfc2231",
        further: int = 1,
    ) -> PlannedMail:
        token = sha256(f"{self.rng.getrandbits(64)}".encode()).hexdigest()[:20]
        message_id = f"<{token}@{address.partition('@')[2]}>"
        return PlannedMail("", unit, address, moment, message_id, tuple(cases), naming, further=further)

    def _draw_moment(self) -> datetime:
        """A moment of office hours; more come as the deadline nears."""
        day = self.rng.choice((self.rng.randint(3, 30), self.rng.randint(17, 30), self.rng.randint(24, 30)))
        return self._moment(day, self.rng.randint(8, 20), self.rng.randrange(60), self.rng.randrange(60))

    def _moment(self, day: int, hour: int, minute: int, second: int) -> datetime:
        return datetime(self.year, 6, day, hour, minute, second, tzinfo=SHANGHAI).astimezone(UTC)


def sign_before(moment: datetime) -> date:
    """The day in Shanghai on which forms are signed that are sent at the moment."""
    return (moment.astimezone(SHANGHAI) - SIGNED_BEFORE).date()
