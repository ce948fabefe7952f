"""Signed notes: only what a known key signed is read, and not a byte of it altered."""

from pathlib import Path

import pytest

from workflow.audit.tlog.checkpoint import TreeHead, agrees, head_of, parse_head, parse_short_line, short_line
from workflow.audit.tlog.key import SigningKey, make_key, read_signing_key
from workflow.audit.tlog.note import LARGEST, NoteUnsound, open_note, sign

HEAD = TreeHead("anli.example/0123456789abcdef", 1523, bytes(range(32)))


@pytest.fixture
def keys(tmp_path: Path) -> tuple[SigningKey, SigningKey]:
    for name in ("ours", "theirs"):
        make_key(HEAD.origin if name == "ours" else "witness.example/1", tmp_path / name)
    return read_signing_key(tmp_path / "ours"), read_signing_key(tmp_path / "theirs")


def problem(note: str, *keys: SigningKey) -> str:
    with pytest.raises(NoteUnsound) as raised:
        open_note(note, [key.public for key in keys])
    return raised.value.problem


def test_what_was_signed_is_read_back(keys: tuple[SigningKey, SigningKey]) -> None:
    note = sign(str(HEAD), keys[0])
    assert note.splitlines()[:4] == [HEAD.origin, "1523", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", ""]
    assert parse_head(open_note(note, [keys[0].public])) == HEAD == head_of(note)


def test_signatures_of_others_are_passed_over(keys: tuple[SigningKey, SigningKey]) -> None:
    ours, theirs = keys
    note = sign(str(HEAD), ours) + sign(str(HEAD), theirs).rpartition("\n\n")[2]
    assert open_note(note, [ours.public]) == open_note(note, [theirs.public]) == str(HEAD)
    assert problem(sign(str(HEAD), ours), theirs) == "unsigned"
    assert problem(sign(str(HEAD), ours)) == "unsigned"


def test_a_known_keys_wrong_signature_spoils_the_note(keys: tuple[SigningKey, SigningKey]) -> None:
    ours, theirs = keys
    other = sign(str(HEAD._replace(size=9)), theirs).rpartition("\n\n")[2]
    assert problem(sign(str(HEAD), ours) + other, ours, theirs) == "forged"


def test_no_byte_can_be_changed(keys: tuple[SigningKey, SigningKey]) -> None:
    note = sign(str(HEAD), keys[0])
    for place, character in enumerate(note):
        changed = note[:place] + ("x" if character != "x" else "y") + note[place + 1 :]
        assert problem(changed, keys[0]) in {"forged", "unsigned", "unreadable"}


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        "text\n",
        "text\n\n",
        "text\n\nsignature\n",
        "a\n\n— name AAAA\n",
        "a\n\n— name AAAAAAAA",
        "a\r\n\n— n AAAAAAAA\n",
        "a\n\n- name AAAAAAAA\n",
        "a\n\n— na+me AAAAAAAA\n",
        "a\n\n— name AAAAAAB=\n",
        "a\n\n" + "— n AAAAAAAA\n" * 101,
        "a" * LARGEST + "\n\n— n AAAAAAAA\n",
    ],
)
def test_what_is_no_note(note: str, keys: tuple[SigningKey, SigningKey]) -> None:
    assert problem(note, keys[0]) == "unreadable"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n",
        "a\n1\n",
        "a\n01\nAAAA\n",
        "a\n-1\nAAAA\n",
        "\n1\nAAAA\n",
        "a\n1\nAAAA\n",
        "a\n1\n" + "A" * 43 + "=",
        "a\n1\n" + "A" * 42 + "B=\n",
        "a\n1\n" + "A" * 43 + "=\n\n",
        "a\n١\n" + "A" * 43 + "=\n",
    ],
)
def test_what_is_no_head(text: str) -> None:
    with pytest.raises(NoteUnsound):
        parse_head(text)


def test_a_head_may_say_more() -> None:
    assert parse_head(f"{HEAD}more\n") == HEAD


def test_the_line_for_the_minutes() -> None:
    line = short_line(HEAD)
    assert line == "1523 000G-40R4-0M30-E209-185G-R38E-1W81-24GK"
    for copied in (
        line,
        f" {line.lower()} ",
        line.replace("-", ""),
        line.replace("0", "o").replace("1", "l", 1).replace("l5", "15"),
    ):
        found = parse_short_line(copied)
        assert found is not None, copied
        assert agrees(found, HEAD.size, HEAD.root)
        assert not agrees(found, HEAD.size + 1, HEAD.root)
        assert not agrees(found, HEAD.size, HEAD.root[:19] + b"\xff" + HEAD.root[20:])


@pytest.mark.parametrize(
    "line",
    [
        "",
        "1523",
        "1523 000G",
        "0 000G-40R4-0M30-E209-185G-R38E-1W81-24GK",
        "x 000G-40R4-0M30-E209-185G-R38E-1W81-24GK",
        "1523 000G-40R4-0M30-E209-185G-R38E-1W81-24GKU",
        "1523 U00G-40R4-0M30-E209-185G-R38E-1W81-24GK",
    ],
)
def test_what_is_no_such_line(line: str) -> None:
    assert parse_short_line(line) is None
