"""Mails are found in files, folders and Maildirs."""

from pathlib import Path

import pytest

from tests.builders.mails import mail
from workflow.intake import limits
from workflow.intake.mailbox import NotAMail, PathNotFound, find_mails


def names(*paths: Path) -> list[str]:
    return [Path(found.file).name for found in find_mails(paths)]


def test_a_file_and_folders_in_order(tmp_path: Path) -> None:
    (tmp_path / "乙").mkdir()
    for name in ("b.eml", "a.EML", "乙/c.eml", "note.txt", ".hidden.eml"):
        (tmp_path / name).write_bytes(mail())
    assert names(tmp_path) == ["a.EML", "b.eml", "c.eml"]
    assert names(tmp_path / "b.eml", tmp_path / "乙") == ["b.eml", "c.eml"]


def test_a_maildir(tmp_path: Path) -> None:
    for name in ("cur", "new", "tmp"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"1.{name}:2,S").write_bytes(mail())
    assert names(tmp_path) == ["1.cur:2,S", "1.new:2,S"]


def test_paths_that_do_not_serve_are_told_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "good.eml").write_bytes(mail())
    (tmp_path / "form.docx").write_bytes(b"PK\x03\x04 From: no\x00")
    with pytest.raises(PathNotFound) as missing:
        find_mails([tmp_path / "good.eml", tmp_path / "none.eml"])
    assert missing.value.code == "error.path-not-found"
    assert missing.value.values == {"path": str(tmp_path / "none.eml")}
    with pytest.raises(NotAMail):
        find_mails([tmp_path / "form.docx"])


def test_in_a_folder_one_bad_mail_does_not_stop_the_rest(tmp_path: Path) -> None:
    (tmp_path / "1.eml").write_bytes(b"hello")
    with (tmp_path / "2.eml").open("wb") as stream:
        stream.truncate(limits.MAIL_BYTES + 1)
    (tmp_path / "3.eml").write_bytes(mail())
    found = list(find_mails([tmp_path]))
    assert [[reason.code for reason in each.reasons] for each in found] == [["not-a-mail"], ["mail-too-large"], []]
    assert [len(each.raw) for each in found] == [0, limits.MAIL_BYTES + 1, len(mail())]


def test_an_empty_folder_holds_no_mail(tmp_path: Path) -> None:
    assert names(tmp_path) == []
