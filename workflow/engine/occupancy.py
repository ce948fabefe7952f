"""What the cases of a campaign share: places used, routes taken, the ranking. Three queries, however many cases."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, text

from states.course import COURSE
from workflow.engine.ranking import rank

_PLACES = text("SELECT unit, state, count(*), count(recommended_at) FROM cases GROUP BY unit, state")
_CONTESTED = text(
    "SELECT id, route, unit, recommended_at IS NOT NULL, state FROM cases WHERE route IN "
    "(SELECT route FROM cases GROUP BY route HAVING min(unit) <> max(unit)) ORDER BY id"
)
_ON_ROUTE = text(
    "SELECT id, route, unit, recommended_at IS NOT NULL, state FROM cases WHERE route = :route ORDER BY id"
)
_SCORED = text(
    "SELECT id, scores, score_total FROM cases WHERE scores > 0 AND state IN :ranked ORDER BY id"
).bindparams(bindparam("ranked", COURSE.ranked, expanding=True))


class Rival(NamedTuple):
    case_id: int
    unit: str


class Occupancy:
    """Kept while a batch is planned, so that each case sees what those before it took.

    used: places taken of each unit's quota (附件1, 六.2). places_taken: cases among the selected (四, phase two),
    archived ones included.
    """

    def __init__(
        self,
        places: Iterable[tuple[str, str, int, int]],
        contested: Iterable[tuple[int, str, str, bool, str]],
        scored: Iterable[tuple[int, int, int]],
    ) -> None:
        self.used: Counter[str] = Counter()
        self.places_taken = 0
        for unit, state, cases, holding in places:
            self.used[unit] += holding
            if state in COURSE.selected:
                self.places_taken += cases
        self._rivals: defaultdict[str, list[Rival]] = defaultdict(list)
        self._holding: set[int] = set()
        self._given_up: set[int] = set()
        for case_id, route, unit, holds, state in contested:
            self._rivals[route].append(Rival(case_id, unit))
            if state in COURSE.given_up:
                self._given_up.add(case_id)
            if holds:
                self._holding.add(case_id)
        self.standings = {standing.case_id: standing for standing in rank(scored)}

    def recommended_by(self, route: str, unit: str) -> str | None:
        """The other unit whose recommendation of the same case stands."""
        rivals = self._rivals.get(route, ())
        return next((rival.unit for rival in rivals if rival.unit != unit and rival.case_id in self._holding), None)

    def also_submitted_by(self, route: str, unit: str) -> str | None:
        """Another unit that sent the same case, and has not given it up."""
        rivals = self._rivals.get(route, ())
        return next(
            (rival.unit for rival in rivals if rival.unit != unit and rival.case_id not in self._given_up), None
        )

    def move(self, case_id: int, unit: str, source: str, target: str, held: bool, holds: bool) -> None:
        """Note that a case moved, and whether it took or freed a place."""
        self.places_taken += (target in COURSE.selected) - (source in COURSE.selected)
        self.used[unit] += holds - held
        if holds:
            self._holding.add(case_id)
        else:
            self._holding.discard(case_id)
        if target in COURSE.given_up:
            self._given_up.add(case_id)
        else:
            self._given_up.discard(case_id)


def read_occupancy(connection: Connection, route: str | None = None) -> Occupancy:
    """route: of a case that is to have another than it has; who has it already is known then too."""
    contested = [tuple(row) for row in connection.execute(_CONTESTED)]
    if route is not None:
        contested += [tuple(row) for row in connection.execute(_ON_ROUTE, {"route": route})]
    return Occupancy(
        (tuple(row) for row in connection.execute(_PLACES)),
        dict.fromkeys(contested),
        (tuple(row) for row in connection.execute(_SCORED)),
    )
