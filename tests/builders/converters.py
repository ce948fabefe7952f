"""Stand-ins for LibreOffice, and the real one where Debian's is installed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.builders.forms import ANSWERS

WIDE = ("案例名称", "申报类别", "通讯地址", "案例简介", "案例内容", "申报单位意见", "推荐单位意见")
WHY_NOT = "needs Debian's libreoffice-writer-nogui"


def stand_in(folder: Path, script: str) -> Path:
    """A converter of a few lines of shell: ``$made`` is the folder to write to, ``$given`` the file to read."""
    program = folder / "converter"
    program.write_text(
        '#!/bin/sh\nfor word; do [ "$last" = --outdir ] && made=$word; last=$word; done\ngiven=$last\n' + script + "\n"
    )
    program.chmod(0o755)
    return program


def copying(folder: Path, docx: bytes) -> Path:
    """A converter that makes the same .docx of everything."""
    (folder / "made.docx").write_bytes(docx)
    return stand_in(folder, f'cp "{folder}/made.docx" "$made/form.docx"')


def page() -> bytes:
    """The form as a web page, as Word and WPS save one."""
    rows = []
    for label in WIDE:
        answer = ANSWERS[label].replace("\n", "<br>")
        rows.append(f"<tr><td>{label}</td><td colspan=3>{answer}</td></tr>")
    rows.insert(
        2, f"<tr><td>联系人</td><td>{ANSWERS['联系人']}</td><td>联系方式</td><td>{ANSWERS['联系方式']}</td></tr>"
    )
    return (
        "<html><head><meta charset=utf-8></head><body><p>附件4</p><p>案例（项目）推荐表</p>"
        f"<p>申报单位：{ANSWERS['申报单位']}</p><table border=1>{''.join(rows)}</table></body></html>"
    ).encode()


def libreoffice() -> Path:
    """The real one; skips the test where it is missing, unless ANLI_ALL_TOOLS says that none may be."""
    found = shutil.which("soffice")
    if found is None:
        if os.environ.get("ANLI_ALL_TOOLS"):
            pytest.fail(WHY_NOT)
        pytest.skip(WHY_NOT)
    return Path(found)


def saved_as(folder: Path, kind: str, filters: str) -> bytes:
    """The form as the real program saves it; kind: the ending of the file's name."""
    given = folder / "saved.html"
    given.write_bytes(page())
    words: list[str | Path] = [
        libreoffice(), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
        "--convert-to", f"{kind}:{filters}", "--outdir", folder, "--infilter=HTML (StarWriter)", given,
    ]  # fmt: skip
    subprocess.run(words, check=True, capture_output=True, timeout=120)
    return (folder / f"saved.{kind}").read_bytes()
