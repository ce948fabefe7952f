"""Random commands against a plain model: rows, history and model agree after every one of them."""

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from notifications.outbox import Choice
from tests.builders.campaigns import (
    Draft,
    add_drafts,
    at,
    found_rehearsal,
    mail_of,
    move,
    problems,
    sheet,
    wide_edition,
)
from tests.builders.effort import times
from tests.builders.forms import ANSWERS
from tests.builders.inbox import read_body
from tests.property.plain_campaign import (
    LATE,
    OPENING,
    QUOTA,
    SOURCES,
    STEPS,
    TRIGGERS,
    WINDOWS,
    PlainCampaign,
    PlainCase,
)
from workflow import clock
from workflow.edition import Edition
from workflow.engine.campaign import Campaign, resume
from workflow.engine.undo import undo
from workflow.intake.route import route_of
from workflow.intake.take import take_in
from workflow.post.dispatch import send
from workflow.post.handling import LettersUnfit, cancel, hold, release
from workflow.post.mail_pause import MailPaused, pause
from workflow.post.mail_pause import resume as end_pause
from workflow.review import import_reviews, import_scores, import_surveys
from workflow.settings import Settings
from workflow.wording import say

UNITS = {"神农架林区": "wxb@shennongjia.example", "仙桃市": "wxb@xiantao.example", "天门市": "wxb@tianmen.example"}
NAMES = ("云上读书会", "邻里议事厅", "村里有个群", "网事暖流")
APPLICANT = ANSWERS["申报单位"]
MOMENTS = sorted({moment for window in WINDOWS.values() for moment in window} | {LATE})
INSTANT = timedelta(microseconds=1)
IMPORTS = {"precheck": import_reviews, "present": import_scores, "survey": import_surveys}
JUDGED = {"precheck": ("recommended",), "present": ("shortlisted", "presented"), "survey": ("presented",)}
JUDGED = {"precheck": ("recommended",), "present": ("shortlisted", "presented"), "survey": ("presented",)}
FRESH = Callable[[], AbstractContextManager[Campaign]]


class Season(RuleBasedStateMachine):
    """One campaign and its plain twin; ``fresh`` opens an empty campaign."""

    def __init__(self, fresh: FRESH) -> None:
        super().__init__()
        self._open = ExitStack()
        self.campaign = self._open.enter_context(fresh())
        self.folder = Path(self.campaign.mail.removeprefix("maildir:")).parent
        self.plain = PlainCampaign()
        self.now = OPENING
        self.words: dict[int, dict[str, str]] = {}
        self.held: set[int] = set()
        self.silenced: set[str] = set()
        """Cases that a person cancelled a letter about: what their units know is no longer the program's doing."""
        self.paused = False

    def teardown(self) -> None:
        self._open.close()

    @property
    def later(self) -> Campaign:
        return at(self.campaign, self.now)

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """Begin with drafts, and somewhere in the season."""
        self._draft(data, 5)
        for trigger in TRIGGERS[: data.draw(st.sampled_from([3, 5, 6, 7, 4, 2, 1, 0]))]:
            self.now = max(self.now, WINDOWS[trigger][0])
            if trigger in IMPORTS and self._waiting(trigger):
                self._judge(trigger, self._waiting(trigger), data)
            self._advance(trigger, None, "")

    @precondition(lambda self: len(self.plain.cases) < 24)
    @rule(data=st.data())
    def draft(self, data: st.DataObject) -> None:
        self._draft(data, 1)

    def _draft(self, data: st.DataObject, fewest: int) -> None:
        taken = {(case.unit, case.route) for case in self.plain.cases.values()}
        drafts = []
        for unit, name in data.draw(
            st.lists(
                st.tuples(st.sampled_from([*UNITS]), st.sampled_from(NAMES)), min_size=fewest, max_size=10, unique=True
            )
        ):
            if (unit, route_of(name, APPLICANT)) not in taken:
                sound = data.draw(st.integers(0, 5)) > 0
                received = min(data.draw(st.sampled_from([OPENING, LATE - INSTANT, LATE])), self.now)
                changes = {} if sound else {"scans": 0}
                drafts.append(Draft(unit, name, APPLICANT, received_at=received, changes=changes))
        if not drafts:
            return
        for ordinal, draft in zip(add_drafts(self.later, drafts), drafts, strict=True):
            route = route_of(draft.name, draft.applicant)
            self.plain.cases[ordinal] = PlainCase(
                draft.unit, route, not draft.changes, draft.received_at, draft.received_at
            )
        self._check()

    @rule(
        unit=st.sampled_from([*UNITS]),
        name=st.sampled_from(NAMES),
        sound=st.booleans(),
        hours=st.sampled_from([None, None, 0, 1, 30, 400]),
    )
    def mail(self, unit: str, name: str, sound: bool, hours: int | None) -> None:
        if hours is None:
            return
        received = (self.now - timedelta(hours=hours)).replace(microsecond=0)
        answers = {} if sound else {"推荐单位意见": ""}
        raw = mail_of(UNITS[unit], format_datetime(received), name, message_id=uuid4().hex, **answers)
        path = self.folder / "mail.eml"
        path.write_bytes(raw)
        (taken,) = take_in(self.later, [path])
        ordinal = 1 + max(self.plain.cases, default=0)
        expected = self.plain.receive(ordinal, unit, route_of(name, APPLICANT), sound, received)
        assert taken.cases == (() if expected is None else (expected,))
        assert taken.status == ("set-aside" if expected is None else "taken")
        self._check()

    @rule(hours=st.sampled_from([1, 24, 500]))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @precondition(lambda self: self.now < MOMENTS[-1])
    @rule(instants=st.integers(-1, 1), skip=st.integers(0, 1))
    def wait_for_a_window(self, instants: int, skip: int) -> None:
        coming = [moment for moment in MOMENTS if moment > self.now][:2]
        self.now = max(self.now, coming[min(skip, len(coming) - 1)] + instants * INSTANT)

    @precondition(lambda self: self.plain.cases)
    @rule(data=st.data(), why=st.sampled_from(["查证属实，予以处理", "查证属实，予以处理", ""]))
    def advance(self, data: st.DataObject, why: str) -> None:
        here = {case.stand.state for case in self.plain.cases.values()}
        open_now = [t for t, (opens, closes) in WINDOWS.items() if opens <= self.now < closes and here & {*SOURCES[t]}]
        trigger = data.draw(st.sampled_from([*(t for t in STEPS if t in open_now)] * 4 + open_now or [*WINDOWS]))
        asked = data.draw(st.none() | st.sets(st.sampled_from([*self.plain.cases]), min_size=1))
        self._advance(trigger, asked, why)

    @precondition(lambda self: self.plain.cases)
    @rule(trigger=st.sampled_from([*WINDOWS]), data=st.data())
    def advance_whatever(self, trigger: str, data: st.DataObject) -> None:
        self._advance(trigger, data.draw(st.none() | st.sets(st.sampled_from([*self.plain.cases]), min_size=1)), "依函")

    def _advance(self, trigger: str, asked: set[int] | None, why: str) -> None:
        report = move(self.later, trigger, asked, why)
        if asked is None:
            asked = {n for n, case in self.plain.cases.items() if case.stand.state in SOURCES[trigger]}
        assert report.batch is not None
        expected = self.plain.advance(report.batch, trigger, asked, self.now, why)
        assert {moved.case_id for moved in report.moved} == expected
        assert {refused.case_id for refused in report.refused} == asked - expected
        assert len(report.moved) + len(report.refused) == len(asked)
        assert all(any(reason.blocking for reason in refused.reasons) for refused in report.refused)
        opens, closes = WINDOWS[trigger]
        assert not report.moved or opens <= self.now < closes
        told = {(self.plain.cases[n].unit) for n in expected}
        assert Counter(letter.recipient for letter in report.letters) == Counter(told)
        self._check()

    @precondition(lambda self: self.plain.moves)
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        numbers = sorted(self.plain.moves, reverse=True)
        number = data.draw(st.sampled_from(numbers[:2]) | st.sampled_from(numbers))
        report = undo(self.later, number, "有误")
        assert report.batch is not None
        expected = self.plain.undo(report.batch, number)
        assert {moved.case_id for moved in report.moved} == expected
        assert {refused.case_id for refused in report.refused} == self.plain.moves[number].keys() - expected
        self._check()

    @precondition(lambda self: self.plain.cases)
    @rule(kind=st.sampled_from([*IMPORTS]), data=st.data())
    def judge(self, kind: str, data: st.DataObject) -> None:
        anybody = st.lists(st.sampled_from([*self.plain.cases]), min_size=1, unique=True)
        if asked := data.draw(st.just(self._waiting(kind)) | anybody):
            self._judge(kind, asked, data)

    def _waiting(self, kind: str) -> list[int]:
        return [n for n, case in sorted(self.plain.cases.items()) if case.stand.state in JUDGED[kind]]

    def _judge(self, kind: str, asked: list[int], data: st.DataObject) -> None:
        values = {ordinal: data.draw(st.sampled_from([9000, 9000, 9100, 9200, 8000, 0])) for ordinal in asked}
        report: Any = IMPORTS[kind](self.later, self._sheet(kind, values))
        taken = [self.plain.judge(ordinal, kind, value, self.now) for ordinal, value in values.items()]
        assert (report.accepted, len(report.refused)) == (sum(taken), len(taken) - sum(taken))
        self._check()

    @rule(chosen=st.none() | st.sampled_from([*UNITS]))
    def post(self, chosen: str | None) -> None:
        if self.paused:
            with pytest.raises(MailPaused):
                send(self.later, lambda _fate: None)
            return
        due = {number for number, recipient in self._waiting_letters().items() if chosen in (None, recipient)}
        fates = send(self.later, lambda _fate: None, choice=Choice(recipient=chosen))
        assert {fate.state for fate in fates} <= {"sent"}
        assert {fate.letter for fate in fates} == due
        self._check()

    @precondition(lambda self: self._waiting_letters())
    @rule(data=st.data())
    def hold_back(self, data: st.DataObject) -> None:
        asked = data.draw(st.sets(st.sampled_from(sorted(self._waiting_letters())), min_size=1))
        assert hold(self.later, sorted(asked)) == sorted(asked)
        self.held |= asked
        self._check()

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def let_go(self, data: st.DataObject) -> None:
        asked = data.draw(st.sets(st.sampled_from(sorted(self.held)), min_size=1))
        if overtaken := asked & self._overtaken():
            with pytest.raises(LettersUnfit) as refused:
                release(self.later, sorted(asked))
            assert refused.value.values == {"letters": sorted(overtaken)}
        else:
            assert release(self.later, sorted(asked)) == sorted(asked)
            self.held -= asked
        self._check()

    @precondition(lambda self: self.held or self._waiting_letters())
    @rule(data=st.data(), sure=st.integers(0, 3))
    def cancel_some(self, data: st.DataObject, sure: int) -> None:
        if sure:
            return
        asked = data.draw(st.sets(st.sampled_from(sorted({*self.held, *self._waiting_letters()})), min_size=1))
        assert cancel(self.later, sorted(asked), None, "已电话告知") == sorted(asked)
        self.held -= asked
        self.silenced |= {case for number in asked for case in self.words[number]}
        self._check()

    @rule(sure=st.integers(0, 3))
    def pause_or_resume(self, sure: int) -> None:
        if sure and not self.paused:
            return
        if self.paused:
            end_pause(self.later)
        else:
            pause(self.later, "数字有误")
        self.paused = not self.paused
        self._check()

    def _waiting_letters(self) -> dict[int, str]:
        """Those that the next sender takes, by number: to whom."""
        query = text("SELECT id, recipient FROM letters WHERE state = 'queued' ORDER BY id")
        with self.campaign.reading() as connection:
            return {row.id: row.recipient for row in connection.execute(query) if row.id not in self.held}

    def _overtaken(self) -> set[int]:
        """Letters whose batch was taken back and whose reader was, or will be, sent a correction."""
        query = text(
            "SELECT l.id FROM letters l JOIN batches b ON b.undoes = l.batch_id JOIN letters c ON c.batch_id = b.id "
            "WHERE c.recipient = l.recipient AND c.kind = 'corrected' AND c.state <> 'cancelled'"
        )
        with self.campaign.reading() as connection:
            return set(connection.execute(query).scalars())

    def _sheet(self, kind: str, values: dict[int, int]) -> Path:
        number_of = self.campaign.edition.case_number
        answer = {ordinal: "yes" if value else "no" for ordinal, value in values.items()}
        if kind == "present":
            rows: list[list[object]] = [[number_of(n), "评委", f"{value / 100:.2f}"] for n, value in values.items()]
            return sheet(self.folder, ["case", "judge", "score"], rows)
        if kind == "survey":
            rows = [[number_of(n), "online", answer[n], "调研人"] for n in values]
            return sheet(self.folder, ["case", "mode", "verified", "surveyor"], rows)
        heading = ["case", "reviewer", *(f"standard_{n}" for n in range(1, 6)), "implemented_from", "implemented_until"]
        rows = [[number_of(n), "初审人", answer[n], *["yes"] * 4, "2022-01", "2024-04", "yes"] for n in values]
        return sheet(self.folder, [*heading, "mainly_hubei"], rows)

    def _check(self) -> None:
        """The live rows are the model's; the history implies the rows; no quota is exceeded."""
        query = text("SELECT id, unit, route, state, trail, recommended_at, selected_place FROM cases ORDER BY id")
        with self.campaign.reading() as connection:
            live = [tuple(row) for row in connection.execute(query)]
            sums = connection.execute(text("SELECT count(*) FROM batches WHERE asked <> moved + refused")).scalar_one()
        assert live == [(n, case.unit, case.route, *_stored(case)) for n, case in sorted(self.plain.cases.items())]
        assert sums == 0
        assert max(self.plain.used().values(), default=0) <= QUOTA
        assert problems(self.campaign) == []
        self._check_what_units_were_told()

    def _check_what_units_were_told(self) -> None:
        """For each case, the last word of the letters that went out or will: where it stands. One of a kind a batch."""
        query = "SELECT id, batch_id, recipient, kind, state, held_at FROM letters ORDER BY id"
        with self.campaign.reading() as connection:
            letters = connection.execute(text(query)).all()
            new = text("SELECT id, message FROM letters WHERE id > :last")
            for row in connection.execute(new, {"last": max(self.words, default=0)}):
                self.words[row.id] = dict(_words_of(bytes(row.message)))
        assert max(Counter(letter[1:4] for letter in letters).values(), default=1) == 1
        self.held = {letter.id for letter in letters if letter.id in self.held and letter.state == "queued"}
        assert {letter.id for letter in letters if letter.held_at is not None} == self.held
        number_of, drafted = self.campaign.edition.case_number, say("state.drafted", "zh")
        told = dict.fromkeys(map(number_of, self.plain.cases), drafted)
        for letter in letters:
            told.update(self.words[letter.id] if letter.state != "cancelled" else {})
        stands = {number_of(n): say(f"state.{case.stand.state}", "zh") for n, case in self.plain.cases.items()}
        assert {case: told[case] for case in told.keys() - self.silenced} == {
            case: stands[case] for case in stands.keys() - self.silenced
        }


def _stored(case: PlainCase) -> tuple[Any, ...]:
    stand = case.stand
    recommended = clock.write(stand.recommended) if stand.recommended else None
    return stand.state, "/".join(stand.trail), recommended, stand.place


def _words_of(message: bytes) -> Iterator[tuple[str, str]]:
    for number, state in re.findall(r"(?m)^\d+\. (2024-\d+)　.*\n +状态：(?:.* → )?(.*)$", read_body(message)):
        yield number, state.strip()


@pytest.fixture
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FRESH]:
    """Opens campaigns that nobody has used yet, each a copy of one that was founded once."""
    kind: str = request.param
    edition = wide_edition(QUOTA, capacity=4)
    if kind == "sqlite":
        found_rehearsal(f"sqlite:///{tmp_path / 'first.db'}", tmp_path, edition, OPENING).engine.dispose()
        yield lambda: _copied_file(tmp_path)
        return
    url = make_url(request.getfixturevalue("postgresql_server"))
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    template = f"anli_{uuid4().hex[:12]}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {template}"))
    _found_at(url, template, tmp_path, edition)
    yield lambda: _copied_database(server, url, template, tmp_path)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {template} WITH (FORCE)"))
    server.dispose()


def _url(url: Any, name: str) -> str:
    return str(url.set(drivername="postgresql", database=name).render_as_string(hide_password=False))


def _found_at(url: Any, name: str, folder: Path, edition: Edition) -> None:
    found_rehearsal(_url(url, name), folder, edition, OPENING).engine.dispose()


@contextmanager
def _copied_file(folder: Path) -> Iterator[Campaign]:
    own = folder / uuid4().hex
    own.mkdir()
    shutil.copy(folder / "first.db", own / "anli.db")
    with _resumed(f"sqlite:///{own / 'anli.db'}", own) as campaign:
        yield campaign
    shutil.rmtree(own)


@contextmanager
def _copied_database(server: Any, url: Any, template: str, folder: Path) -> Iterator[Campaign]:
    own = folder / uuid4().hex
    own.mkdir()
    name = f"anli_{uuid4().hex[:12]}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    with _resumed(_url(url, name), own) as campaign:
        yield campaign
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def _resumed(url: str, folder: Path) -> Iterator[Campaign]:
    now: datetime = OPENING
    campaign = resume(Settings(url, f"maildir:{folder / 'mail'}", "zh", now, folder / "originals"))
    yield campaign
    campaign.engine.dispose()


@pytest.mark.parametrize(
    ("fresh", "examples"), [("sqlite", 12), ("postgresql", 5)], indirect=["fresh"], ids=["sqlite", "postgresql"]
)
def test_random_commands_keep_every_promise(fresh: FRESH, examples: int) -> None:
    run_state_machine_as_test(
        lambda: Season(fresh),  # type: ignore[arg-type]
        settings=settings(
            max_examples=times(examples),
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[phase for phase in Phase if phase is not Phase.explain],
        ),
    )
