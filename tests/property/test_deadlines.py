"""Whatever happens in between, every deadline fires once, and moves no case that had the right to miss it."""

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import text

from tests.builders.campaigns import Draft, add_drafts, at, found_rehearsal, move, problems, states
from tests.builders.clockwork import RECOMMENDATIONS_CLOSED, SUBMISSIONS_CLOSED, local
from tests.builders.effort import times
from tests.builders.history import read_fields
from workflow import clock
from workflow.audit.order import TOLERANCE, ClockWentBack
from workflow.deadlines.amendment import extend
from workflow.deadlines.tick import tick
from workflow.engine.campaign import Campaign, current
from workflow.errors import AnliError

OPENING = local(6, 20)
UNITS = ("武汉市", "黄石市")


class Known(NamedTuple):
    """A case as a plain mind knows it."""

    unit: str
    state: str
    received: datetime
    touched: datetime


class Season(RuleBasedStateMachine):
    """Persons who take in, recommend and return; a clock that is off for days; a machine whose time jumps."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.names = count(1)
        self.cases: dict[int, Known] = {}
        self.fired: set[tuple[str, datetime]] = set()

    @initialize()
    def found(self) -> None:
        path = Path(self.folder.name)
        self.campaign: Campaign = found_rehearsal(f"sqlite:///{path / 'anli.db'}", path, now=OPENING)
        self.now = self.latest = OPENING
        self.received_until = dict.fromkeys(UNITS, SUBMISSIONS_CLOSED)
        self.recommend_until = dict.fromkeys(UNITS, RECOMMENDATIONS_CLOSED)

    def teardown(self) -> None:
        try:
            if hasattr(self, "campaign"):
                assert problems(self.campaign) == []
        finally:
            self.folder.cleanup()

    @rule(hours=st.integers(1, 24 * 9), seconds=st.sampled_from([0, -1, 1]))
    def wait(self, hours: int, seconds: int) -> None:
        self.now = max(self.now, self.latest) + timedelta(hours=hours, seconds=seconds)

    @rule(which=st.sampled_from(["submissions", "recommendations"]), instants=st.integers(-1, 1))
    def wait_for_a_close(self, which: str, instants: int) -> None:
        closes = SUBMISSIONS_CLOSED if which == "submissions" else RECOMMENDATIONS_CLOSED
        self.now = max(self.now, self.latest, closes + timedelta(microseconds=instants))

    @rule(hours=st.integers(0, 80), unit=st.sampled_from(UNITS))
    def take_in(self, hours: int, unit: str) -> None:
        received = self.now - timedelta(hours=hours)
        (ordinal,) = add_drafts(self.here(), [Draft(unit, f"案例{next(self.names)}", received_at=received)])
        self.cases[ordinal] = Known(unit, "drafted", received, self.now)

    @rule(
        window=st.sampled_from(["received", "recommend"]),
        days=st.integers(-3, 20),
        unit=st.sampled_from([None, *UNITS]),
    )
    def amend(self, window: str, days: int, unit: str | None) -> None:
        closes = self.received_until if window == "received" else self.recommend_until
        concerned = UNITS if unit is None else (unit,)
        until = max(closes[each] for each in concerned) + timedelta(days=days)
        try:
            extend(self.here(), window, until, unit, "汛期")
        except ClockWentBack:
            raise
        except AnliError:
            return
        with self.campaign.reading() as connection:
            edition = current(self.campaign, connection).edition
        for each in UNITS:
            self.received_until[each] = edition.rules_of(each).received_until
            self.recommend_until[each] = edition.rules_of(each).windows["recommend"].closes
        for each in concerned:
            assert closes[each] == until

    @rule(minutes=st.integers(6, 600))
    def a_clock_goes_back(self, minutes: int) -> None:
        """Whatever this machine then does, it changes nothing."""
        before = states(self.campaign)
        with self.campaign.reading() as connection:
            last = clock.read(list(read_fields(connection))[-1]["at"])
        behind = at(self.campaign, last - TOLERANCE - timedelta(minutes=minutes))
        with suppress(ClockWentBack):
            assert list(tick(behind)) == []
        try:
            add_drafts(behind, [Draft(UNITS[0], "不应存在")])
        except ClockWentBack:
            assert states(self.campaign) == before
        else:
            raise AssertionError("a draft was dated into the past")

    @rule(data=st.data(), trigger=st.sampled_from(["recommend", "return", "withdraw", "decline"]))
    def press(self, data: st.DataObject, trigger: str) -> None:
        if self.cases:
            ordinal = data.draw(st.sampled_from(sorted(self.cases)))
            for moved in move(self.here(), trigger, [ordinal]).moved:
                self.cases[ordinal] = self.cases[ordinal]._replace(state=moved.target, touched=self.now)

    @rule()
    def clock_runs(self) -> None:
        for fired in tick(self.here()):
            assert (fired.deadline, fired.due) not in self.fired
            assert fired.due <= self.now
            self.fired.add((fired.deadline, fired.due))
            for moved in fired.report.moved:
                known = self.cases[moved.case_id]
                assert known.received <= fired.due
                assert known.touched <= fired.due
                assert known.state == moved.source
                assert self.way_is_closed(known, fired.due)
                self.cases[moved.case_id] = known._replace(state=moved.target, touched=fired.due)
            self.nothing_was_spared(fired.deadline, fired.due)
        with self.campaign.reading() as connection:
            deadlines = current(self.campaign, connection).edition.deadlines
        assert {(each.name, each.due) for each in deadlines if each.due <= self.now} <= self.fired

    def way_is_closed(self, known: Known, due: datetime) -> bool:
        if known.state == "drafted":
            received_until, until = self.received_until[known.unit], self.recommend_until[known.unit]
            return due >= (until if known.received < received_until else received_until)
        return known.state in ("recommended", "prechecked") and due >= local(10, 1)

    def nothing_was_spared(self, deadline: str, due: datetime) -> None:
        """After the close, whatever it could have ended is ended."""
        if deadline != "recommendations-closed" or due < OPENING:
            return
        for known in self.cases.values():
            if known.state == "drafted" and self.recommend_until[known.unit] == due:
                assert known.touched > due or known.received > due

    @invariant()
    def the_tables_agree_with_a_plain_mind(self) -> None:
        if hasattr(self, "campaign"):
            assert states(self.campaign) == {ordinal: known.state for ordinal, known in self.cases.items()}

    @invariant()
    def every_firing_is_on_record_once(self) -> None:
        if hasattr(self, "campaign"):
            with self.campaign.reading() as connection:
                rows: list[Any] = list(connection.execute(text("SELECT deadline, due FROM firings")))
                told = [event["deadline"] for event in read_fields(connection, kind="firing")]
            assert len(set(rows)) == len(rows) == len(told) == len(self.fired)

    def here(self) -> Campaign:
        self.latest = max(self.latest, self.now)
        return at(self.campaign, self.now)


Season.TestCase.settings = settings(
    max_examples=times(20), stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
test_the_clock_against_a_plain_mind = Season.TestCase
