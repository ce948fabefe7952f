"""The page of events, written from the classes that declare them."""

import ast
import inspect
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from msgspec import NODEFAULT, structs

from workflow.audit import events
from workflow.audit.events import CURRENT, EARLIER, Event
from workflow.audit.events.event import kind_of, version_of

FOLDER = Path(events.__file__).parent
HEAD = """# Events

{generated}

The history's events by kind, as `anli audit log --json` gives them and as their leaves hold them. A test
compares this page with the events of the [tutorial](../tutorial/first-season.md). Keys are ASCII; values are text,
whole numbers, true, false, null, and lists and objects of these. Times are RFC 3339 in UTC, hashes SHA-256 in
hexadecimal, cases their numbers (`2024-0042`).

A leaf is the RFC 8785 form of the event. `message` beside a reason is added when it is shown; the leaf does not hold
it. A field in *italics* is there only at times. An event keeps the version it was written in: a later program lifts it
when it reads it, and never writes it anew.

## Every event

"""
REASON = """
A **reason** is an object: `code`, `clause`, `blocking`, `values`; see [reasons](reasons.md).
"""


@cache
def told() -> Mapping[tuple[str, str], str]:
    """What the sentence below each field says, by class and name."""
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                for field, below in zip(node.body, node.body[1:], strict=False):
                    if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                        said = below.value if isinstance(below, ast.Expr) else None
                        if isinstance(said, ast.Constant) and isinstance(said.value, str):
                            found[node.name, field.target.id] = re.sub(r"\s+", " ", said.value)
    return found


def fields_of(shape: type[Event]) -> Iterator[tuple[str, bool, str]]:
    """Each field that its kind tells: its name in the leaf, whether it is always there, what it holds."""
    for field in sorted(structs.fields(shape), key=lambda field: field.encode_name):
        if field.name in Event.__struct_fields__:
            continue
        yield field.encode_name, field.required, sentence_of(shape, field.name)


def sentence_of(shape: type[Event], name: str) -> str:
    return next(told()[base.__name__, name] for base in shape.__mro__ if (base.__name__, name) in told())


def write_events(generated: str) -> str:
    common: dict[str, tuple[bool, str]] = {
        field.encode_name: (field.default is not NODEFAULT and field.name != "due", sentence_of(Event, field.name))
        for field in structs.fields(Event)
    }
    common["kind"] = (True, "one of the kinds below")
    rows = [(name, certain, holds) for name, (certain, holds) in sorted(common.items())]
    parts = [HEAD.format(generated=generated) + table(rows) + REASON]
    for shape in CURRENT:
        parts.append(section(f"## `{kind_of(shape)}`", shape))
        earlier = [each for each in EARLIER if kind_of(each) == kind_of(shape)]
        parts += [section(f"### Version {version_of(each)} of `{kind_of(each)}`", each) for each in earlier]
    return "\n".join(parts)


def section(heading: str, shape: type[Event]) -> str:
    words = re.sub(r"\s+", " ", inspect.cleandoc(shape.__doc__ or ""))
    version = f" Version {version_of(shape)}." if version_of(shape) > 1 else ""
    rows = list(fields_of(shape))
    return f"{heading}\n\n{words}{version}\n" + (f"\n{table(rows)}" if rows else "")


def table(rows: list[tuple[str, bool, str]]) -> str:
    lines = [f"| {f'`{name}`' if certain else f'*`{name}`*'} | {holds} |" for name, certain, holds in rows]
    return "\n".join(["| Field | Holds |", "| --- | --- |", *lines, ""])
