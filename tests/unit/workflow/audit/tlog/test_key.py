"""Keys: made once, readable by their owner alone, and in the form that other tools read."""

import os
from pathlib import Path

import pytest

from workflow.audit.tlog.fault import KeyExists, KeyUnusable
from workflow.audit.tlog.key import make_key, parse_public_key, public_file, read_public_keys, read_signing_key
from workflow.audit.tlog.note import open_note

NAME = "anli.example/0123456789abcdef"
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
"""The key of the example in the documentation of golang.org/x/mod/sumdb/note, and the note that it signed."""
PETERS_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETERS_NOTE = (
    f"{PETERS_TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIu"
    "GUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def problem(raised: pytest.ExceptionInfo[KeyUnusable]) -> object:
    return raised.value.values["problem_code"]


def test_a_key_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "key"
    public = make_key(NAME, file)
    assert file.stat().st_mode & 0o777 == 0o600
    key = read_signing_key(file)
    assert key.public == public
    assert public.verify(b"text", key.sign(b"text"))
    assert not public.verify(b"other", key.sign(b"text"))
    assert not public.verify(b"text", b"short")
    assert read_public_keys(public_file(file)) == (public,)
    assert key.seed.hex() not in repr(key)
    assert str(key.seed) not in repr(key)


def test_two_keys_are_never_the_same(tmp_path: Path) -> None:
    assert make_key(NAME, tmp_path / "one") != make_key(NAME, tmp_path / "two")


def test_no_key_takes_the_place_of_another(tmp_path: Path) -> None:
    file = tmp_path / "key"
    make_key(NAME, file)
    before = file.read_bytes()
    with pytest.raises(KeyExists):
        make_key(NAME, file)
    assert file.read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has modes")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o601])
def test_a_key_that_others_can_reach_is_not_used(tmp_path: Path, mode: int) -> None:
    make_key(NAME, tmp_path / "key")
    (tmp_path / "key").chmod(mode)
    with pytest.raises(KeyUnusable) as raised:
        read_signing_key(tmp_path / "key")
    assert problem(raised) == "key.exposed"


def test_a_key_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(KeyUnusable) as raised:
        read_signing_key(tmp_path / "key")
    assert problem(raised) == "key.missing"
    with pytest.raises(KeyUnusable) as raised:
        make_key(NAME, tmp_path / "no" / "key")
    assert problem(raised) == "key.unwritable"


@pytest.mark.parametrize(
    "text", ["", "key", f"{NAME}+00000000+AAAA", PETER, "PRIVATE+KEY+a+b+c", "\xff", "PRIVATE+KEY+" + PETER]
)
def test_what_is_no_key(tmp_path: Path, text: str) -> None:
    file = tmp_path / "key"
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    with pytest.raises(KeyUnusable) as raised:
        read_signing_key(file)
    assert problem(raised) == "key.unreadable"


def test_another_tools_key_is_read() -> None:
    key = parse_public_key(PETER)
    assert (key.name, str(key)) == ("PeterNeumann", PETER)
    assert open_note(PETERS_NOTE, [key]) == PETERS_TEXT


@pytest.mark.parametrize(
    "text", ["", PETER[:-1], PETER.replace("c74f", "c74e"), PETER.replace("+AR", "+BR"), PETER.replace("P", "p", 1)]
)
def test_what_is_no_public_key(tmp_path: Path, text: str) -> None:
    (tmp_path / "keys").write_text(f"{PETER}\n{text}x\n", encoding="utf-8")
    with pytest.raises(KeyUnusable):
        read_public_keys(tmp_path / "keys")
    (tmp_path / "keys").write_text("\n", encoding="utf-8")
    with pytest.raises(KeyUnusable):
        read_public_keys(tmp_path / "keys")
