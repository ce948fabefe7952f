"""Whatever happens in between, every deadline fires once, and moves no case that had the right to miss it."""

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
from workflow.audit.history import read_log
from workflow.deadlines.tick import tick
from workflow.engine.campaign import Campaign

OPENING = local(6, 20)
UNIT = "武汉市"


class Known(NamedTuple):
    """A case as a plain mind knows it."""

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

    def teardown(self) -> None:
        if hasattr(self, "campaign"):
            assert problems(self.campaign) == []
            self.campaign.engine.dispose()
        self.folder.cleanup()

    @rule(hours=st.integers(1, 24 * 9), seconds=st.sampled_from([0, -1, 1]))
    def wait(self, hours: int, seconds: int) -> None:
        self.now = max(self.now, self.latest) + timedelta(hours=hours, seconds=seconds)

    @rule(which=st.sampled_from(["submissions", "recommendations"]), instants=st.integers(-1, 1))
    def wait_for_a_close(self, which: str, instants: int) -> None:
        closes = SUBMISSIONS_CLOSED if which == "submissions" else RECOMMENDATIONS_CLOSED
        self.now = max(self.now, self.latest, closes + timedelta(microseconds=instants))

    @rule(hours=st.integers(0, 80), more=st.integers(1, 2))
    def take_in(self, hours: int, more: int) -> None:
        received = self.now - timedelta(hours=hours)
        drafts = [Draft(UNIT, f"案例{next(self.names)}", received_at=received) for _ in range(more)]
        for ordinal in add_drafts(self.here(), drafts):
            self.cases[ordinal] = Known("drafted", received, self.now)

    @rule(data=st.data(), trigger=st.sampled_from(["recommend", "return", "withdraw", "decline"]))
    def press(self, data: st.DataObject, trigger: str) -> None:
        if self.cases:
            ordinal = data.draw(st.sampled_from(sorted(self.cases)))
            for moved in move(self.here(), trigger, [ordinal]).moved:
                self.cases[ordinal] = Known(moved.target, self.cases[ordinal].received, self.now)

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
                self.cases[moved.case_id] = Known(moved.target, known.received, fired.due)
            self.nothing_was_spared(fired.deadline, fired.due)
        assert {(each.name, each.due) for each in self.campaign.edition.deadlines if each.due <= self.now} <= self.fired

    def way_is_closed(self, known: Known, due: datetime) -> bool:
        if known.state == "drafted":
            return due >= (RECOMMENDATIONS_CLOSED if known.received < SUBMISSIONS_CLOSED else SUBMISSIONS_CLOSED)
        return known.state in ("recommended", "prechecked") and due >= local(10, 1)

    def nothing_was_spared(self, deadline: str, due: datetime) -> None:
        """After the close, whatever it could have ended is ended."""
        if deadline != "recommendations-closed" or due < OPENING:
            return
        for known in self.cases.values():
            if known.state == "drafted":
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
                told = [event["deadline"] for event in read_log(connection, kind="firing")]
            assert len(set(rows)) == len(rows) == len(told) == len(self.fired)

    def here(self) -> Campaign:
        self.latest = max(self.latest, self.now)
        return at(self.campaign, self.now)


Season.TestCase.settings = settings(
    max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
test_the_clock_against_a_plain_mind = Season.TestCase
