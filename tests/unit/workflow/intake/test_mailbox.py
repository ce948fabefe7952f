"""Mails are found in files, folders and Maildirs."""

from pathlib import Path

import pytest

from tests.builders.mails import mail
from workflow.intake import limits
from workflow.intake.mail import read_mail
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


def mailbox_of(*mails: bytes, envelope: bytes = b"From - Thu Jun 20 10:12:00 2024") -> bytes:
    return b"".join(envelope + b"\n" + each.replace(b"\r\n", b"\n") + b"\n" for each in mails)


@pytest.mark.parametrize("name", ["三封.mbox", "三封.eml"])
def test_a_file_of_many_mails(tmp_path: Path, name: str) -> None:
    mails = [mail(text=f"第{number}封\nFrom here on\n\nFrom the unit\n") for number in range(3)]
    (tmp_path / name).write_bytes(mailbox_of(*mails))
    for words in ([tmp_path / name], [tmp_path]):
        found = list(find_mails(words))
        assert [each.name for each in found] == [f"{name}#1", f"{name}#2", f"{name}#3"]
        assert [read_mail(bytes(each.raw)).text.partition("\n")[0] for each in found] == ["第0封", "第1封", "第2封"]
        assert not any(each.reasons for each in found)


@pytest.mark.parametrize(
    ("whole", "count"),
    [
        (mailbox_of(mail()), 1),
        (b"\xef\xbb\xbf" + mailbox_of(mail(), mail()), 2),
        (mailbox_of(mail(), mail(), envelope=b"From MAILER-DAEMON Thu Jun 20 10:12:00 2024"), 2),
        (mailbox_of(mail()).rstrip(b"\n") + b"\n" + mailbox_of(mail()), 2),
        (mailbox_of(mail(text="a\n\nFrom the unit\nwith regards"), mail()), 2),
        (mailbox_of(mail(text="a\n>From b")), 1),
        (mail(text="one\n\nFrom - Thu Jun 20 10:12:00 2024\nFrom: quoted\n"), 1),
    ],
)
def test_where_a_mail_of_many_begins(tmp_path: Path, whole: bytes, count: int) -> None:
    (tmp_path / "a.mbox").write_bytes(whole)
    assert len(list(find_mails([tmp_path]))) == count


def test_one_of_many_that_is_too_large_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.mbox").write_bytes(mailbox_of(mail(), mail(text="大" * 5000), mail()))
    monkeypatch.setattr("workflow.intake.limits.MAIL_BYTES", 4000)
    found = list(find_mails([tmp_path]))
    assert [[reason.code for reason in each.reasons] for each in found] == [[], ["mail-too-large"], []]
