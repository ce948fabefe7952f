"""Writes docs/reference/cli.md: every command, its words, what it prints with --json, and the exit statuses.

Run as ``python -m tests.architecture.command_reference > docs/reference/cli.md``.
"""

import os
import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import typer

from workflow.screens.help_page import HelpPage, read_page

ROOT = Path(__file__).parents[2]
CASE = ["id", "name", "applicant", "unit", "category", "state", "version", "received_at"]
REASON = ["code", "clause", "blocking", "message", "values"]
BATCH = ["batch", "trigger", "at", "moved", "refused", "letters"]
LETTER = ["id", "to", "subject", "state", "held", "attempts", "cases", "bounced"]
PAUSE = ["since", "by", "why"]

FORMS = {"object": "an object with", "list": "a list; each has", "lines": "an object on each line, with"}
PRINTS: dict[str, tuple[str, list[str]]] = {
    "init": ("object", ["edition", "sha256", "rehearsal", "database"]),
    "intake": ("object", ["submissions"]),
    "correct": ("object", ["batch", "case", "changes", "verdicts", "letters"]),
    "swap": ("object", BATCH),
    "settle": ("object", ["batch", "submissions"]),
    "todo": ("list", ["kind", "since", "submission", "case", "message", "command"]),
    "submissions": (
        "list",
        ["submission", "file", "message_id", "unit", "sender", "subject", "received_at", "status", "reasons"],
    ),
    "cases": ("list", CASE),
    "show": ("object", [*CASE, "sections", "documents", "problems", "history", "letters"]),
    "papers": ("list", ["case", "folder", "files", "left_out"]),
    "history": ("object", [*CASE, "documents", "letters", "events"]),
    "explain": ("object", ["case", "trigger", "allowed", "from", "to", "reasons"]),
    "advance": ("object", BATCH),
    "apply": ("object", BATCH),
    "undo": ("object", BATCH),
    "review import": ("object", ["rows", "accepted", "refused"]),
    "review template": ("object", ["file", "cases"]),
    "scores import": ("object", ["rows", "accepted", "refused"]),
    "scores template": ("object", ["file", "cases"]),
    "surveys import": ("object", ["rows", "accepted", "refused"]),
    "surveys template": ("object", ["file", "cases"]),
    "ranking": ("list", ["rank", "case", "score", "tied", "name", "unit", "state", "within"]),
    "tick": ("object", ["fired", "next"]),
    "watch": ("lines", ["deadline", "kind", "due", "outcome", "at", "batch", "moved", "refused", "letters"]),
    "doctor": (
        "object",
        ["ok", "now", "last_tick", "silent", "overdue", "next", "mail_paused", "bounced", "clock_ahead", "machines"],
    ),
    "calendar show": (
        "object",
        ["edition", "sha256", "now", "zone", "phases", "windows", "deadlines", "amendments"],
    ),
    "calendar extend": ("object", ["batch", "window", "unit", "was", "until", "edition", "postponed", "letters"]),
    "calendar export": ("object", ["file", "deadlines"]),
    "rehearse": ("object", ["fired", "next"]),
    "mail list": ("list", LETTER),
    "mail preview": ("object", [*LETTER, "headers", "body", "html", "head", "message"]),
    "mail send": ("list", LETTER),
    "mail retry": ("list", LETTER),
    "mail templates check": ("list", ["language", "kind", "file", "key", "letters", "problems"]),
    "mail bounces": ("list", ["file", "letter", "to", "state", "status", "words", "outcome"]),
    "mail hold": ("list", LETTER),
    "mail release": ("list", LETTER),
    "mail cancel": ("list", LETTER),
    "mail pause": ("object", PAUSE),
    "mail resume": ("object", PAUSE),
    "audit log": ("list", ["seq", "at", "kind", "actor", "batch", "edition"]),
    "audit verify": ("object", ["ok", "events", "root", "checkpoints", "erased", "problems"]),
    "audit as-of": ("list", [*CASE, "edition"]),
    "audit diff": (
        "object",
        ["since", "until", "events", "rule_book", "amendments", "cases", "letters", "quotas", "staff"],
    ),
    "audit redact": (
        "object",
        ["case", "fields", "forms", "originals", "originals_erased", "originals_left", "read_on"],
    ),
    "audit set-clock": ("object", ["was", "now"]),
    "audit keygen": ("object", ["file", "public_file", "public_key", "name"]),
    "audit checkpoint": ("object", ["origin", "size", "root", "at", "note", "line"]),
    "audit prove": ("object", ["event", "index", "size", "root", "leaf", "path", "proof"]),
    "audit consistency": ("object", ["old", "new", "path", "proof"]),
    "staff list": ("list", ["account", "role", "since"]),
    "staff add": ("object", ["account", "role", "granted"]),
    "audit export": ("object", ["folder", "events", "cases", "size", "root", "line", "files"]),
    "db backup": (
        "object",
        ["place", "originals", "letters", "ok", "events", "root", "checkpoints", "erased", "problems"],
    ),
    "db restore": (
        "object",
        ["place", "originals", "letters", "ok", "events", "root", "checkpoints", "erased", "problems"],
    ),
    "db grant": ("object", ["roles", "logins"]),
    "db upgrade": ("object", ["edition", "sha256", "rehearsal", "database"]),
    "demo": ("object", ["folder", "database", "submissions", "cases", "refusals", "letters", "audit"]),
}
"""For each command, whether --json prints an object, a list of them, or one a line, and their keys."""

HEAD = """\
<!-- Made by `make docs` from the program itself; do not edit. -->
# The command line · 命令行

`anli [OPTIONS] COMMAND …`. Options for every command (`--db`, `--now`, `--lang`) stand before the command, `--json`
after it. With `--json` a command prints one JSON document on standard output and nothing else there; questions,
progress and complaints go to standard error. Times are RFC 3339; lists are sorted and stable.

各命令通用的选项（`--db`、`--now`、`--lang`）写在命令之前，`--json` 写在命令之后。使用 `--json` 时，标准输出只有一份
JSON 文档；询问、进度和错误提示写到标准错误。时间采用 RFC 3339 格式，列表次序固定。

## Exit status · 退出码

| status | meaning | 含义 |
|---|---|---|
| 0 | all done | 全部完成 |
| 1 | an error; nothing changed | 出错，未作任何更改 |
| 2 | wrong usage | 用法有误 |
| 3 | done, but some cases, rows, mails or letters were refused | 已执行，但有案例、行、邮件或信件未通过 |
| 4 | verification failed | 核验未通过 |
| 130 | interrupted | 被中断 |

## Environment · 环境变量

| variable | meaning | 含义 |
|---|---|---|
| `ANLI_DB` | the database, where `--db` is not given | 数据库（未用 `--db` 时） |
| `ANLI_NOW` | the time it is to be, in rehearsals only | 当前时间，仅限演练 |
| `ANLI_LANG` | `zh` or `en` | 界面语言 |
| `ANLI_MAIL` | `maildir:FOLDER`, `smtp://[USER@]HOST[:PORT]`, `smtps://…` | 发信方式 |
| `ANLI_MAIL_TO` | the address that gets every letter, in rehearsals only | 接收全部信件的测试邮箱，仅限演练 |
| `ANLI_MAIL_PASSWORD_FILE`, `ANLI_MAIL_PASSWORD` | the mail account's password | 邮箱密码 |
| `ANLI_DKIM_KEY` | the file of the key that signs letters for the sender's domain | 以发件域名签名邮件的私钥文件 |
| `ANLI_IMAP_PASSWORD_FILE`, `ANLI_IMAP_PASSWORD` | the password of a mailbox that `intake` reads | 所接收邮箱的密码 |
| `ANLI_ORIGINALS` | the folder of the originals | 原件存放文件夹 |
| `ANLI_DEBUG` | any value: show the program's own trace of an unforeseen error | 任意值：显示意外错误的详细信息 |
"""


class Described(NamedTuple):
    """One command in both languages; ``path`` is what is typed after ``anli``."""

    path: str
    is_group: bool
    en: HelpPage
    zh: HelpPage


def describe() -> list[Described]:
    """Every command of the program, in the order of its help."""
    english, chinese = (list(_walk(_open_door(language), language)) for language in ("en", "zh"))
    return [
        Described(path, is_group, en, zh) for (path, is_group, en), (_, _, zh) in zip(english, chinese, strict=True)
    ]


def write_page() -> str:
    parts = [HEAD]
    for command in describe():
        words = f"anli {command.path}".strip()
        parts.append(f"## `{words}`\n\n{command.en.about}\n\n{command.zh.about}\n")
        parts.append(f"```text\n{command.en.usage.partition(': ')[2]}\n```\n")
        rows = [
            f"| `{_cell(left)}` | {_cell(right)} | {_cell(other)} |"
            for section, twin in zip(command.en.sections, command.zh.sections, strict=True)
            for (left, right), (_, other) in zip(section.rows, twin.rows, strict=True)
            if left not in {"--help", "--json"}
        ]
        if rows:
            parts.append("\n".join(["| word | meaning | 含义 |", "|---|---|---|", *rows, ""]))
        if command.path in PRINTS:
            form, keys = PRINTS[command.path]
            shape = ", ".join(f"`{key}`" for key in keys)
            parts.append(f"`--json`: {FORMS[form]} {shape}.\n")
    return "\n".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _open_door(language: str) -> Any:
    """The door as it opens to one who reads ``language``."""
    spec = spec_from_file_location(f"door_{language}", ROOT / "cli.py")
    assert spec is not None
    assert spec.loader is not None
    door = module_from_spec(spec)
    with patch.dict(os.environ, {"ANLI_LANG": language}), patch.object(sys, "argv", ["anli"]):
        spec.loader.exec_module(door)
    return door


def _walk(door: Any, language: str) -> Iterator[tuple[str, bool, HelpPage]]:
    command = typer.main.get_command(door.app)
    root = _context(command, "anli")
    yield "", True, read_page(root, language)
    yield from _walk_group(command, root, language)


def _walk_group(group: Any, parent: Any, language: str) -> Iterator[tuple[str, bool, HelpPage]]:
    for name, command in group.commands.items():
        context = _context(command, name, parent)
        path = context.command_path.removeprefix("anli ")
        yield path, hasattr(command, "commands"), read_page(context, language)
        if hasattr(command, "commands"):
            yield from _walk_group(command, context, language)


def _context(command: Any, name: str, parent: Any = None) -> Any:
    return typer.Context(command, info_name=name, parent=parent)


if __name__ == "__main__":
    sys.stdout.write(write_page())
