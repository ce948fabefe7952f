"""The same batch as a program written by hand: sqlite3, no rules, the same rows in one transaction."""

import json
import sqlite3
from base64 import encodebytes
from collections import defaultdict
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

SHARED = {
    "v": 1,
    "actor": {"account": "organiser", "role": "organiser", "machine": "desk", "program": "by hand"},
    "edition": "0" * 64,
}


class Step(NamedTuple):
    """A move of every drafted case. now: what the case's columns trail and recommended_at become."""

    trigger: str
    target: str
    moment: str
    now: tuple[str, str | None]
    subject: str
    told: str


RECOMMENDED_AT = "2024-06-25T00:00:00.000000Z"
RECOMMEND = Step(
    "recommend", "recommended", RECOMMENDED_AT, ("", RECOMMENDED_AT), "推荐案例登记结果", "已接收 → 已推荐"
)
LAPSE = Step("lapse", "lapsed", "2024-07-15T16:00:00.000000Z", ("drafted", None), "案例逾期失效", "已接收 → 已失效")


def _leaf(seq: int, kind: str, shared: dict[str, object], what: dict[str, object]) -> bytes:
    event = {**shared, "seq": seq, "kind": kind, **what}
    return json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def advance(file: Path, step: Step) -> int:
    """UPDATE every drafted case, add an event with canonical bytes and hash for each, a letter a unit; one commit."""
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN IMMEDIATE")
    (edition,) = connection.execute("SELECT edition_sha256 FROM campaign").fetchone()
    (seq,) = connection.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()
    (batch,) = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM batches").fetchone()
    shared = {**SHARED, "at": step.moment, "batch": batch}
    connection.execute(
        "INSERT INTO batches (id, trigger, at, account, role, edition_sha256, asked, moved, refused)"
        " VALUES (?, ?, ?, 'organiser', 'organiser', ?, 0, 0, 0)",
        (batch, step.trigger, step.moment, edition),
    )
    cases = connection.execute(
        "SELECT c.id, c.unit, c.version, f.name, f.documents FROM cases c JOIN forms f ON f.id = c.form_id"
        " WHERE c.state = 'drafted' ORDER BY c.id"
    ).fetchall()
    lines = defaultdict(list)
    updates, events = [], []
    for case, unit, version, name, documents in cases:
        seq += 1
        number = f"2024-{case:04d}"
        what = {
            "case": number,
            "unit": unit,
            "trigger": step.trigger,
            "from": "drafted",
            "to": step.target,
            "was": ["", None, None],
            "is": [*step.now, None],
            "version": version + 1,
            "why": None,
            "letter": step.target,
            "reasons": [],
            "documents": documents.split(),
        }
        leaf = _leaf(seq, "move", shared, what)
        updates.append((step.target, *step.now, None, case, version))
        events.append((seq, leaf, sha256(b"\x00" + leaf).digest(), "move", batch, case))
        lines[unit].append((number, name))
    connection.executemany(
        "UPDATE cases SET state = ?, version = version + 1, trail = ?, recommended_at = ?, selected_place = ?"
        " WHERE id = ? AND version = ?",
        updates,
    )
    connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", events)
    letters, posted = [], []
    for unit, told in lines.items():
        seq += 1
        body = f"{unit}：\n\n" + "\n".join(
            f"{place}. {number}　{name}\n   状态：{step.told}\n" for place, (number, name) in enumerate(told, 1)
        )
        message_id = f"<{sha256(f'{batch} {unit}'.encode()).hexdigest()[:32]}@anli.example>"
        message = f"Message-ID: {message_id}\r\n\r\n".encode() + encodebytes(body.encode())
        digest = sha256(message).hexdigest()
        numbers = [number for number, _ in told]
        letters.append(
            (
                *(batch, unit, step.target, "unit@crowd.example", step.subject, message_id, message, digest),
                *(json.dumps(numbers), "queued", 0, 0, "", step.moment),
            )
        )
        what = {"letter": message_id, "recipient": unit, "sha256": digest, "cases": numbers, "to": "queued"}
        leaf = _leaf(seq, "letter", shared, what)
        posted.append((seq, leaf, sha256(b"\x00" + leaf).digest(), "letter", batch, None))
    connection.executemany(
        "INSERT INTO letters (batch_id, recipient, kind, address, subject, message_id, message, sha256, cases, state,"
        " attempts, tries, answer, queued_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        letters,
    )
    connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", posted)
    connection.execute("UPDATE batches SET asked = ?, moved = ? WHERE id = ?", (len(cases), len(cases), batch))
    connection.execute("COMMIT")
    connection.close()
    return len(cases)
