"""Verification that recognises moves by their shape finds exactly what verification that decodes each one finds."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders.campaigns import MOMENTS, add_drafts, at, found_rehearsal, move, plain_drafts, wide_edition
from tests.builders.effort import times
from workflow.audit.check import verify as verification
from workflow.audit.check.problem import Problem
from workflow.audit.check.recompute import RecomputedTree
from workflow.audit.check.shape import Shape, shape_of
from workflow.audit.events import Move, read
from workflow.audit.history import read_log
from workflow.audit.replay import replay
from workflow.audit.state import State
from workflow.audit.tlog.canonical import decode, encode, leaf_hash

Row = tuple[int, bytes, bytes, str, int | None, int | None]
UNITS = ["武汉市", "孝感市", "宜昌市"]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    """Thirty cases recommended, returned, and recommended again."""
    folder = tmp_path_factory.mktemp("shape")
    campaign = found_rehearsal(f"sqlite:///{folder / 'anli.db'}", folder, wide_edition())
    ordinals = add_drafts(campaign, plain_drafts(UNITS, 30))
    for trigger in ("recommend", "return", "recommend"):
        move(at(campaign, MOMENTS["recommend"]), trigger, ordinals)
    with campaign.reading() as connection:
        expected = replay(read_log(connection))
        query = "SELECT seq, leaf, leaf_hash, kind, batch_id, case_id FROM events ORDER BY seq"
        found = [tuple(row) for row in connection.exec_driver_sql(query)]
    campaign.engine.dispose()
    assert look(found, alike=3)[1] == look(found, alike=10**9)[1] == expected
    return found


def look(rows: list[Row], alike: int, page: int = 256) -> tuple[list[Problem], State]:
    """What is found, and the state lived through, with shapes learnt after ``alike`` moves of a batch."""
    state = State()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verification, "ALIKE", alike)
        patch.setattr(verification, "WIDTH", page)
        patch.setattr(verification, "stream_rows", lambda _connection, _query: iter(rows))
        problems = list(verification._check_events(None, RecomputedTree(), state))  # type: ignore[arg-type]
    return problems, state


def changed(rows: list[Row], place: int, leaf: bytes, **columns: Any) -> list[Row]:
    seq, _, _, kind, batch, case = rows[place]
    row = {"seq": seq, "leaf": leaf, "hash": leaf_hash(leaf), "kind": kind, "batch": batch, "case": case, **columns}
    return [*rows[:place], tuple(row.values()), *rows[place + 1 :]]


def moves(rows: list[Row]) -> list[int]:
    return [place for place, row in enumerate(rows) if row[3] == "move"]


def both_agree(rows: list[Row]) -> list[Problem]:
    by_page, quick, close = look(rows, alike=3, page=4), look(rows, alike=3), look(rows, alike=10**9)
    assert by_page == quick == close
    return quick[0]


def test_the_shape_is_used_at_all(rows: list[Row], monkeypatch: pytest.MonkeyPatch) -> None:
    followed = 0
    follow = Shape.follow

    def count(*given: Any) -> int:
        nonlocal followed
        done = follow(*given)
        followed += done
        return done

    monkeypatch.setattr(Shape, "follow", count)
    assert look(rows, alike=3)[0] == []
    assert followed == 3 * 27


def test_whole_pages_are_followed_at_once(rows: list[Row], monkeypatch: pytest.MonkeyPatch) -> None:
    pages: list[bool] = []
    follow_all = Shape.follow_all

    def count(*given: Any) -> bool:
        pages.append(follow_all(*given))
        return pages[-1]

    monkeypatch.setattr(Shape, "follow_all", count)
    assert look(rows, alike=3, page=4)[0] == []
    assert sum(pages) >= 3 * 5


def test_every_byte_of_a_move_counts(rows: list[Row]) -> None:
    place = moves(rows)[20]
    leaf = rows[place][1]
    for at_byte in range(len(leaf)):
        for flipped in (1, 0x20, 0x80):
            altered = leaf[:at_byte] + bytes([leaf[at_byte] ^ flipped]) + leaf[at_byte + 1 :]
            both_agree(changed(rows, place, altered))


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 200), st.text(max_size=5), st.sampled_from(["2024-0005", "武汉市", ""])
)
VALUES = st.one_of(SCALARS, st.lists(st.one_of(SCALARS, st.sampled_from(["a" * 64, "A" * 64, "0" * 63])), max_size=3))


@settings(max_examples=times(300), deadline=None)
@given(data=st.data())
def test_any_field_of_a_move_counts(rows: list[Row], data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(moves(rows)))
    event = decode(rows[place][1])
    key = data.draw(st.sampled_from([*event, "more"]))
    if data.draw(st.booleans()) and key in event:
        del event[key]
    else:
        event[key] = data.draw(VALUES)
    both_agree(changed(rows, place, encode(event)))


@pytest.mark.parametrize("documents", [None, 5, ["a"], {}, "", "a b", '"', "示例"])
def test_whatever_documents_a_draft_tells_of(rows: list[Row], documents: Any) -> None:
    place = max(place for place, row in enumerate(rows) if row[3] == "draft")
    event = decode(rows[place][1])
    both_agree(
        changed(
            rows,
            place,
            encode(
                {**event, "read": {**event["read"], "columns": {**event["read"]["columns"], "documents": documents}}}
            ),
        )
    )


@settings(max_examples=times(150), deadline=None)
@given(data=st.data())
def test_a_move_in_another_place_or_twice_counts(rows: list[Row], data: st.DataObject) -> None:
    one, other = data.draw(st.sampled_from(moves(rows))), data.draw(st.sampled_from(moves(rows)))
    event = decode(rows[one][1])
    leaf = encode({**event, "seq": rows[other][0]}) if data.draw(st.booleans()) else rows[one][1]
    columns = {"batch": rows[one][4], "case": rows[one][5]} if data.draw(st.booleans()) else {}
    both_agree(changed(rows, other, leaf, **columns))


@pytest.mark.parametrize(
    "columns", [{"kind": "refusal"}, {"batch": None}, {"batch": 99}, {"case": None}, {"case": 3}, {"hash": bytes(32)}]
)
def test_the_columns_beside_a_move_count(rows: list[Row], columns: dict[str, Any]) -> None:
    place = moves(rows)[20]
    assert both_agree(changed(rows, place, rows[place][1], **columns))


@pytest.fixture
def event(rows: list[Row]) -> dict[str, Any]:
    return decode(rows[moves(rows)[0]][1])


def as_move(fields: dict[str, Any]) -> Move:
    event = read(encode(fields))
    assert isinstance(event, Move)
    return event


@pytest.mark.parametrize(
    "change", [{"batch": None}, {"why": "\x00case"}, {"why": '"\x00unit"'}, {"why": "\x00"}, {"letter": "\x00seq"}]
)
def test_what_has_no_shape(event: dict[str, Any], change: dict[str, Any]) -> None:
    assert shape_of(as_move(event), State()) is not None
    assert shape_of(as_move({**event, **change}), State()) is None
