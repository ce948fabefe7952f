"""Each kind of event is one class: its leaf, its versions, and what a form's commitment covers."""

import ast
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, get_type_hints

import msgspec
import pytest
from sqlalchemy import text

import workflow
from tests.builders import campaigns
from tests.builders.campaigns import add_drafts, found_rehearsal, plain_drafts
from tests.builders.history import read_fields, replay_fields
from tests.unit.workflow.audit.attack import named, read_event, verified, write_event
from tests.unit.workflow.audit.lived import attacking, check
from workflow.audit import events
from workflow.audit.events import CURRENT, EARLIER, KINDS, EventUnsound, Unknown, read, read_as_written
from workflow.audit.events.commitment import FORM_COLUMNS, FORM_TEXTS_1, Texts, commit_to_form
from workflow.audit.events.event import Event, kind_of, version_of
from workflow.audit.log import Log
from workflow.audit.tlog.canonical import encode
from workflow.engine.campaign import Campaign
from workflow.store import Form


def test_a_class_and_version_is_one_shape() -> None:
    shapes = [(kind_of(shape), version_of(shape)) for shape in (*EARLIER, *CURRENT)]
    assert len(set(shapes)) == len(shapes)
    assert {kind for kind, _ in shapes} == set(KINDS)


def test_every_leaf_is_the_canonical_form_of_its_event(lived: Campaign) -> None:
    with lived.reading() as connection:
        leaves = [bytes(leaf) for leaf in connection.execute(text("SELECT leaf FROM events ORDER BY seq")).scalars()]
    for leaf in leaves:
        assert read_as_written(leaf).leaf() == leaf == encode(msgspec.json.decode(leaf))


def as_0_1_wrote_it(draft: dict[str, Any]) -> dict[str, Any]:
    """The draft in version 1: without the columns that only version 2 covers."""
    read_then = {name: value for name, value in draft["read"]["columns"].items() if name in FORM_COLUMNS[1]}
    person = {name: draft["read"][name] for name in ("given", "personal")}
    return {**draft, "v": 1, "read": {**read_then, **person, "texts": draft["read"]["texts"]["sha256"]}}


def test_a_draft_of_version_1_is_lifted(lived: Campaign) -> None:
    with lived.reading() as connection:
        fields = next(read_fields(connection, kind="draft"))
    leaf = encode(as_0_1_wrote_it(fields))
    assert read_as_written(leaf).leaf() == leaf
    lifted = read(leaf)
    assert isinstance(lifted, events.Draft)
    assert (lifted.v, set(lifted.read.covered.columns)) == (1, set(FORM_COLUMNS[1]) - set(FORM_TEXTS_1))
    assert lifted.read.texts == Texts(list(FORM_TEXTS_1), fields["read"]["texts"]["sha256"])
    assert (lifted.case, lifted.seq, lifted.reasons) == (fields["case"], fields["seq"], read(encode(fields)).findings)


@pytest.mark.parametrize("change", [{"kind": "applause"}, {"v": 99}, {"v": 0}])
def test_what_a_later_program_wrote_is_named_and_changes_nothing(lived: Campaign, change: dict[str, Any]) -> None:
    with attacking(lived) as connection:
        seq, event = read_event(connection, "kind = 'refusal'")
        write_event(connection, seq, encode({**event, **change}))
        assert isinstance(read(encode({**event, **change})), Unknown)
        assert (f"events/{seq}", "event-unknown", None) in named(verified(lived, connection))


@pytest.mark.parametrize("change", [{"more": 1}, {"why": 3}, {"reasons": None}, {"actor": {}}])
def test_an_event_tells_what_its_kind_tells_and_nothing_else(lived: Campaign, change: dict[str, Any]) -> None:
    with attacking(lived) as connection:
        seq, event = read_event(connection, "kind = 'refusal' AND case_id IS NOT NULL")
        with pytest.raises(EventUnsound):
            read(encode({**event, **change}))
        write_event(connection, seq, encode({**event, **change}))
        assert (f"events/{seq}", "event-incomplete", None) in named(verified(lived, connection))


def test_every_kind_that_is_declared_can_be_read_again() -> None:
    modules = [import_module(f"{events.__name__}.{module.name}") for module in iter_modules(events.__path__)]
    declared = {
        shape
        for module in modules
        for shape in vars(module).values()
        if isinstance(shape, type) and issubclass(shape, Event) and kind_of(shape).islower()
    }
    known = {*events.CURRENT, *events.EARLIER}
    assert declared - {events.Unknown} == known, "CURRENT or EARLIER of workflow/audit/events/__init__.py"


def test_only_the_log_writes_events_and_it_takes_nothing_else() -> None:
    assert get_type_hints(Log.append)["events"] == Iterable[Event]
    root = Path(workflow.__file__).parent
    writers = {str(path.relative_to(root)) for path in root.rglob("*.py") if "INTO events" in path.read_text("utf-8")}
    assert writers == {"audit/log.py"}


def test_the_newest_draft_covers_every_column_of_a_form() -> None:
    columns = {column.name for column in Form.__table__.columns}  # type: ignore[attr-defined]
    assert set(FORM_COLUMNS[max(FORM_COLUMNS)]) == columns - {"id", "case_id", "submission_id"}
    for version, covered in FORM_COLUMNS.items():
        assert set(FORM_COLUMNS.get(version - 1, ())) <= set(covered)


@pytest.mark.parametrize("column", ["scans", "received_at"])
def test_a_draft_leaves_out_no_column_of_its_version(lived: Campaign, column: str) -> None:
    with attacking(lived) as connection:
        seq, event = read_event(connection, "kind = 'draft'")
        columns = {name: value for name, value in event["read"]["columns"].items() if name != column}
        write_event(connection, seq, encode({**event, "read": {**event["read"], "columns": columns}}))
        assert named(verified(lived, connection)) == {(f"forms/{event['form']}", "form-uncovered", column)}


@pytest.mark.parametrize(
    ("column", "value"), [("received_at", "'2024-06-01T00:00:00.000000Z'"), ("problems", "'[]'"), ("scans", "9")]
)
def test_a_covered_column_changed(lived: Campaign, column: str, value: str) -> None:
    with attacking(lived) as connection:
        changed = "problems <> '[]'" if connection.dialect.name == "sqlite" else "CAST(problems AS TEXT) <> '[]'"
        number = connection.execute(text(f"SELECT min(id) FROM forms WHERE {changed}")).scalar_one()
        connection.execute(text(f"UPDATE forms SET {column} = {value} WHERE id = {number}"))
        assert named(verified(lived, connection)) == {(f"forms/{number}", "form-altered", None)}


@pytest.mark.parametrize(
    ("change", "where", "column"),
    [
        ("UPDATE campaign SET id = 2", "campaign", "id"),
        ("UPDATE edition_versions SET name = 'another'", "editions", "name"),
        ("UPDATE edition_versions SET adopted_at = '2024-01-01T00:00:00.000000Z'", "editions", "adopted_at"),
        ("UPDATE submissions SET taken_at = '2024-01-01T00:00:00.000000Z' WHERE id = 3", "submissions/3", "taken_at"),
    ],
)
def test_what_an_event_dates_and_names_by_itself(lived: Campaign, change: str, where: str, column: str) -> None:
    with attacking(lived) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE campaign DROP CONSTRAINT campaign_is_one"))
        connection.execute(text(change))
        found = named(verified(lived, connection))
    assert {(place.partition("/")[0], what, other) for place, what, other in found} == {
        (where.partition("/")[0], "row-differs", column)
    }


def test_a_new_column_leaves_old_forms_whole(database_url: str, tmp_path: Path, monkeypatch: Any) -> None:
    """A later program commits to one more column: what was drafted before verifies, what is drafted then is covered."""
    campaign = found_rehearsal(database_url, tmp_path)
    add_drafts(campaign, plain_drafts(["武汉市"], 1))
    newest = max(FORM_COLUMNS)
    with campaign.engine.begin() as connection:
        connection.execute(text("ALTER TABLE forms ADD COLUMN tone TEXT NOT NULL DEFAULT ''"))
    monkeypatch.setitem(FORM_COLUMNS, newest + 1, (*FORM_COLUMNS[newest], "tone"))
    monkeypatch.setattr(campaigns, "commit_to_form", lambda form, person: commit_to_form({**form, "tone": ""}, person))
    assert check(campaign).ok

    add_drafts(campaign, plain_drafts(["孝感市"], 1))
    with campaign.reading() as connection:
        drafts = list(read_fields(connection, kind="draft"))
    assert ["tone" in draft["read"]["columns"] for draft in drafts] == [False, True]
    assert check(campaign).ok
    with attacking(campaign) as connection:
        connection.execute(text("UPDATE forms SET tone = 'grave'"))
        assert named(verified(campaign, connection)) == {(f"forms/{drafts[1]['form']}", "form-altered", None)}


def string_keys(tree: ast.AST) -> list[int]:
    """Lines that read an event by a string key."""
    lines = []
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=ast.Name(id="event" | "events" | "leaf"), slice=ast.Constant(value=str())):
                lines.append(node.lineno)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="event"), attr="get")):
                lines.append(node.lineno)
            case ast.Call(func=ast.Attribute(attr="loads" | "decode"), args=[ast.Call(args=[ast.Name(id="leaf")])]):
                lines.append(node.lineno)
    return lines


def test_no_event_is_read_by_a_string_key() -> None:
    """But for the bundle's program, which outsiders run without this one."""
    folder = Path(workflow.__file__).parent
    alone = folder / "publish" / "bundle" / "verify.py"
    found = {
        f"{path.relative_to(folder)}:{line}"
        for path in folder.rglob("*.py")
        if path != alone
        for line in string_keys(ast.parse(path.read_text("utf-8")))
    }
    assert found == set()


@pytest.mark.parametrize("line", ['event["case"]', 'event.get("case")', "orjson.loads(bytes(leaf))"])
def test_the_scan_sees_each_way_of_reading_one(line: str) -> None:
    assert string_keys(ast.parse(line)) == [1]


def test_replaying_what_nobody_knows_contradicts_nothing(lived: Campaign) -> None:
    with lived.reading() as connection:
        fields = list(read_fields(connection))
    assert replay_fields([*fields, {**fields[-1], "kind": "applause"}]).contradictions == []
