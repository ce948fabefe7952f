"""The same batch as a program written by hand: sqlite3, no rules, the same rows in one transaction."""

import json
import sqlite3
from base64 import b64encode, encodebytes
from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256
from html import escape
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


ADDRESS = "unit@crowd.example"
HEAD = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
</head>
<body style="margin:0;padding:0;background-color:#f2f4f7">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f2f4f7"><tr><td>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff"
 style="max-width:680px;border-top:4px solid #a61b1b"><tr><td align="left" style="padding:20px 14px;
 font-family:'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',Arial,sans-serif;
 font-size:16px;line-height:1.7;color:#1f2328">
"""
TABLE = """<table width="100%" cellpadding="6" cellspacing="0" border="1" bordercolor="#c9ced6"
 style="border-collapse:collapse;border-color:#c9ced6;margin:0 0 16px;font-size:15px;line-height:1.5">
<thead><tr bgcolor="#eceff3" align="left"><th>编号</th><th>案例名称</th><th>状态</th></tr></thead>
"""
FOOT = """</td></tr></table>
</td></tr></table>
</body>
</html>
"""
SAID = "贵单位报送的下列案例，办理情况如下："
ASKED = "如有疑问，请回复本邮件，或与省委网信办社会处、荆楚网联系。"
SIGNED = ("湖北省网络文明案例征集", "2024年7月16日")


def _word(text: str) -> str:
    return f"=?utf-8?b?{b64encode(text.encode()).decode()}?="


def _part(subtype: str, text: str) -> bytes:
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    return head.encode() + encodebytes(text.replace("\n", "\r\n").encode()).replace(b"\n", b"\r\n")


def _write_letter(message_id: str, unit: str, told: Sequence[tuple[str, str]], step: Step) -> bytes:
    """Text and HTML of the same words, as a mail program takes them in."""
    listed = "\n".join(
        f"{place}. {number}　{name}\n   状态：{step.told}\n" for place, (number, name) in enumerate(told, 1)
    )
    text = f"{unit}：\n\n{SAID}\n\n{listed}\n{ASKED}\n\n{SIGNED[0]}\n{SIGNED[1]}\n"
    rows = "".join(
        f'<tr valign="top"><td nowrap>{number}</td><td>{escape(name)}</td><td nowrap>{step.told}</td></tr>\n'
        for number, name in told
    )
    html = (
        f'{HEAD}<p style="margin:0 0 16px;font-weight:bold">{escape(unit)}：</p>\n'
        f'<p style="margin:0 0 16px">{SAID}</p>\n{TABLE}{rows}</table>\n'
        f'<p style="margin:24px 0 16px;border-top:1px solid #c9ced6;font-size:14px;color:#4b5563">{ASKED}</p>\n'
        f'<p style="margin:0;text-align:right">{SIGNED[0]}<br>{SIGNED[1]}</p>\n{FOOT}'
    )
    boundary = f"=_{message_id[1:33]}"
    head = (
        f"From: {_word(SIGNED[0])} <intake@anli.example>\r\nTo: {_word(unit)} <{ADDRESS}>\r\n"
        f"Reply-To: intake@anli.example\r\nSubject: {_word(step.subject)}\r\n"
        f"Date: Tue, 16 Jul 2024 00:00:00 +0800\r\nMessage-ID: {message_id}\r\nAuto-Submitted: auto-generated\r\n"
        f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n--{boundary}\r\n'
    )
    between, end = f"\r\n--{boundary}\r\n".encode(), f"\r\n--{boundary}--\r\n".encode()
    return head.encode() + _part("plain", text) + between + _part("html", html) + end


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
        message_id = f"<{sha256(f'{batch} {unit}'.encode()).hexdigest()[:32]}@anli.example>"
        message = _write_letter(message_id, unit, told, step)
        digest = sha256(message).hexdigest()
        numbers = [number for number, _ in told]
        letters.append(
            (
                *(batch, unit, step.target, ADDRESS, step.subject, message_id, message, digest),
                *(json.dumps(numbers), "queued", 0, 0, "", step.moment),
            )
        )
        what = {
            "letter": message_id,
            "recipient": unit,
            "address": ADDRESS,
            "letter_kind": step.target,
            "sha256": digest,
            "cases": numbers,
            "to": "queued",
        }
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
