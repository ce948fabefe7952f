"""The demo's whole season on both databases, against its expected end."""

import mailbox
import re
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import orjson
import pytest
from rich.console import Console
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url

from states.course import COURSE
from workflow import clock
from workflow.demo.season import FULL_SEASON, play
from workflow.demo.summary import Summary
from workflow.edition import find
from workflow.store.database import open_engine, reading

EDITION = find("hubei-2024")
SUBMISSIONS = {"duplicate": 1, "set-aside": 3, "taken": 59}
CASES = {
    "drafted": 0,
    "recommended": 0,
    "prechecked": 0,
    "shortlisted": 0,
    "presented": 0,
    "surveyed": 0,
    "selected": 0,
    "archived": 49,
    "lapsed": 10,
    "declined": 100,
    "withdrawn": 1,
    "disqualified": 1,
}
REFUSALS = {
    "over-quota": 17,
    "standard-not-met": 12,
    "summary-too-long": 6,
    "content-too-long": 3,
    "video-resolution": 3,
    "category-many": 2,
    "category-missing": 2,
    "other-route": 2,
    "received-late": 2,
    "not-in-the-fifty": 1,
    "picture-caption-too-long": 1,
    "picture-resolution": 1,
    "recommender-opinion-missing": 1,
    "scan-missing": 1,
    "wrong-state": 1,
}
LETTERS_SENT = {
    "archived": 29,
    "corrected": 1,
    "declined": 49,
    "disqualified": 1,
    "lapsed": 7,
    "prechecked": 38,
    "presented": 37,
    "receipt": 59,
    "recommended": 44,
    "reinstated": 1,
    "returned": 1,
    "selected": 30,
    "shortlisted": 37,
    "surveyed": 33,
    "withdrawn": 1,
}
LETTERS_CANCELLED = {"shortlisted": 20}
BATCHES = [
    ("recommend", "06-12 18:00", 13, 0),
    ("recommend", "06-21 17:30", 2, 0),
    ("undo", "06-22 09:30", 2, 0),
    ("recommend", "06-27 18:00", 101, 6),
    ("recommend", "06-30 19:00", 33, 7),
    ("recommend", "07-03 10:00", 3, 11),
    ("withdraw", "07-04 15:00", 1, 0),
    ("recommend", "07-05 09:00", 1, 0),
    ("return", "07-05 10:00", 1, 0),
    ("recommend", "07-08 15:20", 1, 0),
    ("lapse", "07-16 09:00", 10, 0),
    ("import-reviews", "07-22 10:00", 150, 1),
    ("precheck", "07-24 10:00", 138, 12),
    ("decline", "07-26 09:01", 3, 0),
    ("decline", "07-26 09:02", 5, 0),
    ("decline", "07-26 09:03", 2, 0),
    ("decline", "07-26 09:04", 1, 0),
    ("decline", "07-26 09:05", 1, 0),
    ("reinstate", "07-30 09:00", 1, 0),
    ("import-reviews", "07-30 09:30", 1, 0),
    ("precheck", "07-30 10:00", 1, 0),
    ("shortlist", "08-01 16:00", 24, 0),
    ("undo", "08-01 16:05", 24, 0),
    ("shortlist", "08-02 09:00", 139, 0),
    ("import-scores", "08-26 10:00", 695, 0),
    ("present", "08-27 09:00", 139, 0),
    ("import-surveys", "09-13 09:00", 50, 0),
    ("survey", "09-13 10:00", 50, 0),
    ("decline", "09-14 09:00", 2, 0),
    ("import-surveys", "09-19 09:00", 2, 0),
    ("survey", "09-19 10:00", 2, 0),
    ("import-scores", "09-20 10:00", 5, 0),
    ("select", "09-23 09:00", 49, 1),
    ("import-scores", "09-24 09:00", 1, 0),
    ("select", "09-24 10:00", 1, 0),
    ("decline", "09-27 10:00", 87, 0),
    ("archive", "10-10 09:00", 50, 0),
    ("disqualify", "11-12 09:00", 1, 0),
]


class Season(NamedTuple):
    summary: Summary
    told: list[str]
    connection: Connection

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.connection.execute(text(query))]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def season(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    folder = tmp_path_factory.mktemp("season") / "kept"
    told: list[str] = []
    if request.param == "sqlite":
        summary = play(folder, FULL_SEASON, "zh", told.append)
        yield from _read(summary, told, summary.folder.database)
        return
    server = make_url(request.getfixturevalue("postgresql_server"))
    database = f"season_{uuid4().hex[:12]}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {database}"))
        url = server.set(drivername="postgresql", database=database).render_as_string(hide_password=False)
        yield from _read(play(folder, FULL_SEASON, "zh", told.append, url), told, url)
        connection.execute(text(f"DROP DATABASE {database} WITH (FORCE)"))
    engine.dispose()


def _read(summary: Summary, told: list[str], url: str) -> Iterator[Season]:
    engine = open_engine(url)
    with reading(engine) as connection:
        yield Season(summary, told, connection)
    engine.dispose()


@pytest.fixture(scope="module")
def letters(season: Season) -> list[bytes]:
    """What arrived in the Maildir, byte for byte."""
    maildir = mailbox.Maildir(season.summary.folder.letters, create=False)
    return [maildir.get_bytes(key) for key in maildir.iterkeys()]


def test_every_case_ends_where_it_should(season: Season) -> None:
    assert season.summary.states == CASES
    assert season.summary.submissions == SUBMISSIONS
    assert dict(season.rows("SELECT state, count(*) FROM cases GROUP BY state")) == {
        state: count for state, count in CASES.items() if count
    }


def test_every_refusal_has_its_reason(season: Season) -> None:
    assert season.summary.refusals == REFUSALS


def test_every_batch_does_what_it_should_when_it_should(season: Season) -> None:
    query = "SELECT trigger, at, moved, refused FROM batches WHERE trigger <> 'intake' ORDER BY id"
    local = [
        (trigger, f"{EDITION.local(clock.read(at)):%m-%d %H:%M}", moved, refused)
        for trigger, at, moved, refused in season.rows(query)
    ]
    assert local == BATCHES


def test_moved_and_refused_are_what_was_asked(season: Season) -> None:
    said = season.rows("SELECT id, asked, moved, refused FROM batches")
    assert all(asked == moved + refused for _, asked, moved, refused in said)
    counted = Counter(season.rows("SELECT batch_id, kind FROM events WHERE kind IN ('move', 'refusal')"))
    decided = "SELECT id FROM batches WHERE trigger NOT LIKE 'import-%' AND trigger <> 'intake'"
    for (batch,) in season.rows(decided):
        ((_, _, moved, refused),) = [row for row in said if row[0] == batch]
        assert (counted[batch, "move"], counted[batch, "refusal"]) == (moved, refused)


def test_every_quota_is_filled_and_none_exceeded(season: Season) -> None:
    holding = dict(season.rows("SELECT unit, count(recommended_at) FROM cases GROUP BY unit"))
    assert holding == {name: unit.quota for name, unit in EDITION.units.items()}


def test_no_quota_was_exceeded_at_any_moment(season: Season) -> None:
    unit_of = dict(season.rows("SELECT id, unit FROM cases"))
    held: Counter[str] = Counter()
    for case, leaf in season.rows("SELECT case_id, leaf FROM events WHERE kind = 'move' ORDER BY seq"):
        event = orjson.loads(bytes(leaf))
        held[unit_of[case]] += (event["is"][1] is not None) - (event["was"][1] is not None)
        assert held[unit_of[case]] <= EDITION.units[unit_of[case]].quota


def test_no_move_was_outside_its_window(season: Season) -> None:
    for (leaf,) in season.rows("SELECT leaf FROM events WHERE kind = 'move'"):
        event = orjson.loads(bytes(leaf))
        if event["trigger"] != "undo":
            assert EDITION.windows[event["trigger"]].contains(clock.read(event["at"]))


def test_fifty_were_selected_and_one_of_them_lost_its_place(season: Season) -> None:
    query = "SELECT state, selected_place FROM cases WHERE selected_place IS NOT NULL"
    chosen = season.rows(query)
    assert Counter(state for state, _ in chosen) == {"archived": 49, "disqualified": 1}
    assert sorted(place for _, place in chosen) == list(range(1, 51))


def test_the_selected_are_the_best_of_those_verified(season: Season) -> None:
    mean = "score_total * 1.0 / scores"
    worst = season.rows(f"SELECT min({mean}) FROM cases WHERE selected_place IS NOT NULL")[0][0]
    better = season.rows(
        f"SELECT v.verified FROM cases c LEFT JOIN surveys v ON v.id = c.survey_id "
        f"WHERE selected_place IS NULL AND scores > 0 AND {mean} >= {worst}"
    )
    assert [bool(verified) for (verified,) in better] == [False, False]


def test_every_letter_was_sent_exactly_once(season: Season, letters: list[bytes]) -> None:
    fates = season.rows("SELECT kind, state, attempts, message FROM letters")
    sent = [bytes(message) for _, state, _, message in fates if state == "sent"]
    assert Counter(kind for kind, state, _, _ in fates if state == "sent") == LETTERS_SENT
    assert Counter(kind for kind, state, _, _ in fates if state != "sent") == LETTERS_CANCELLED
    assert {(state, attempts) for _, state, attempts, _ in fates} == {("sent", 1), ("cancelled", 0)}
    arrived = [letter.replace(b"\r\n", b"\n") for letter in letters]
    assert sorted(arrived) == sorted(letter.replace(b"\r\n", b"\n") for letter in sent)
    identifiers = Counter(message_from_bytes(letter)["Message-ID"] for letter in letters)
    assert set(identifiers.values()) == {1}


def test_every_letter_tells_what_an_official_needs(letters: list[bytes]) -> None:
    labels = {room.label.zh for room in COURSE.room_of.values()}
    for letter in letters:
        message = message_from_bytes(letter, policy=default)
        body = message.get_body(("plain",))
        assert body is not None
        written = body.get_content()
        assert EDITION.mail.enquiries in written
        assert EDITION.mail.sender_name in written
        assert "2024-" in written
        assert any(f"状态：{label}" in written for label in labels)
        assert "{" not in written
        assert not re.search(r"(?:reason|state|format|letter)\.[a-z]", written)


def test_history_holds_together(season: Season) -> None:
    assert season.summary.problems == 0
    assert season.summary.verified
    assert season.summary.events == season.rows("SELECT count(*) FROM events")[0][0]


def test_progress_is_told_in_order_of_the_clock(season: Season) -> None:
    founded, mailbox_filled, verified, sittings = 1, 1, 1, 6
    assert not any(line.startswith("season.") for line in season.told)
    assert len(season.told) == founded + mailbox_filled + sittings + len(BATCHES) + verified


def test_answer_is_what_a_program_reads(season: Season) -> None:
    answer = orjson.loads(orjson.dumps(season.summary.answer()))
    assert answer["cases"] == CASES
    assert answer["letters"]["states"] == {"cancelled": 20, "sent": 368}
    assert answer["audit"]["ok"] is True
    assert Path(answer["mailbox"]).is_dir()


def test_summary_is_drawn_for_people(season: Season) -> None:
    console = Console(width=120, record=True, file=StringIO())
    console.print(season.summary.draw())
    drawn = console.export_text()
    for words in ("已入库", "超出推荐名额", "更正", "核验通过", str(season.summary.folder.letters), "anli --db"):
        assert words in drawn


def test_the_samples_alone_make_a_season(tmp_path: Path) -> None:
    summary = play(tmp_path / "kept", 1, "en", lambda _line: None)
    assert (summary.states["archived"], summary.states["disqualified"]) == (13, 1)
    assert summary.letter_states.keys() == {"cancelled", "sent"}
    assert summary.verified


def test_a_season_is_the_same_every_time(tmp_path: Path) -> None:
    seasons = [play(tmp_path / name, 20, "zh", lambda _line: None) for name in ("first", "second")]
    assert [summary.states["archived"] for summary in seasons] == [18, 18]
    listed = []
    for summary in seasons:
        engine = open_engine(summary.folder.database)
        with reading(engine) as connection:
            query = text("SELECT id, unit, route, state, selected_place, received_at FROM cases ORDER BY id")
            listed.append(connection.execute(query).all())
        engine.dispose()
    assert listed[0] == listed[1]
