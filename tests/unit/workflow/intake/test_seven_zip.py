"""Archives of other kinds are opened by 7-Zip where it is, under the same budgets, and named where it is not."""

import stat
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from tests.builders.forms import form
from tests.builders.media import PDF
from workflow.intake import limits, seven_zip
from workflow.intake.archive import Unpacker
from workflow.intake.attachment import Attachment
from workflow.intake.container import ContainerBroken

here = pytest.mark.skipif(seven_zip.find_program() is None, reason="7-Zip is not on this machine")


def tar_gz(**files: bytes) -> bytes:
    written = BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz") as container:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            container.addfile(entry, BytesIO(data))
    return written.getvalue()


def unpack(name: str, data: bytes) -> tuple[list[str], list[object]]:
    unpacker = Unpacker()
    unpacked = unpacker.unpack([Attachment(name, "application/octet-stream", data)])
    return [each.filename for each in unpacked], [reason.values["cause"] for reason in unpacker.reasons]


def stand_in(folder: Path, script: str) -> None:
    program = folder / "7zz"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("workflow.intake.seven_zip.PROGRAMS", (str(tmp_path / "7zz"),))
    return tmp_path


EXTRACT = 'for word; do case "$word" in -o*) to="${word#-o}";; esac; done'


@pytest.mark.usefixtures("on_path")
def test_without_the_program_an_archive_is_named() -> None:
    assert unpack("材料.rar", b"Rar!\x1a\x07\x00x") == (["材料.rar"], ["format"])


def test_what_the_program_takes_out(on_path: Path) -> None:
    stand_in(on_path, f'[ "$1" = l ] && echo "Size = 3" && exit; {EXTRACT}; mkdir "$to/甲"; echo ab > "$to/甲/表.txt"; '
             'echo x > "$to/.DS_Store"; ln -s /etc/passwd "$to/甲/链接"')  # fmt: skip
    assert unpack("材料.rar", b"Rar!\x1a\x07\x00x") == (["材料.rar", "表.txt"], [])


@pytest.mark.parametrize(
    ("script", "cause"),
    [
        ('echo "ERROR: Wrong password"; exit 2', "encrypted"),
        ('echo "Encrypted = +"', "encrypted"),
        ('echo "Size = 999999999999"', "too-large"),
        ('echo "ERROR: Missing volume"; exit 2', "volumes"),
        ('echo "Can not open the file as archive"; exit 2', "format"),
        ("exit 2", "damaged"),
        ("sleep 60", "damaged"),
        (f'[ "$1" = l ] && exit; {EXTRACT}; exec head -c 3000 /dev/zero > "$to/a"', "too-large"),
    ],
)
def test_what_the_program_says(on_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, cause: str) -> None:
    monkeypatch.setattr("workflow.intake.seven_zip.SECONDS", 1)
    stand_in(on_path, script)
    with pytest.raises(ContainerBroken) as caught:
        seven_zip.unpack(b"archive", 10, 2000)
    assert caught.value.cause == cause


@here
def test_a_real_archive(tmp_path: Path) -> None:
    (tmp_path / "甲").mkdir()
    (tmp_path / "甲" / "表.docx").write_bytes(form())
    (tmp_path / "甲" / "盖章.pdf").write_bytes(PDF)
    program = str(seven_zip.find_program())
    for name, words in (("一.7z", []), ("二.7z", ["-psecret", "-mhe=on"]), ("三.7z", ["-psecret"])):
        subprocess.run([program, "a", *words, name, "甲"], cwd=tmp_path, check=True, capture_output=True)
    assert unpack("一.7z", (tmp_path / "一.7z").read_bytes()) == (["一.7z", "盖章.pdf", "表.docx"], [])
    for name in ("二.7z", "三.7z"):
        assert unpack(name, (tmp_path / name).read_bytes()) == ([name], ["encrypted"])
    assert unpack("四.7z", (tmp_path / "一.7z").read_bytes()[:-40])[1] in (["damaged"], ["format"])


@here
def test_an_archive_in_an_archive() -> None:
    names, causes = unpack("材料.tar.gz", tar_gz(**{"表.docx": form()}))
    assert (names[0], names[-1], causes) == ("材料.tar.gz", "表.docx", [])
    assert unpack("大.tar.gz", tar_gz(大=bytes(limits.ARCHIVE_BYTES + 1)))[1] == ["too-large"]
