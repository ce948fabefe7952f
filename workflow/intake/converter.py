"""Forms in Word's older formats and in others' -> .docx, by LibreOffice where the machine has it."""

import io
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

from workflow.intake import limits
from workflow.intake.bounded import SHELL, Bounds, OutOfBounds, run_bounded
from workflow.intake.container import ContainerBroken, open_container, plain_name, read_member

PROGRAM = "soffice"
VARIABLE = "ANLI_CONVERTER"

_EXTENSIONS: Mapping[str, str] = {
    "DOC": "doc",
    "RTF": "rtf",
    "ODT": "odt",
    "HTML": "html",
    "WORDML": "xml",
    "UOF": "uot",
}
_FILTERS: Mapping[str, str] = {"HTML": "HTML (StarWriter)"}
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


class ConversionFailed(Exception):
    """The program could not read the file, or was ended because it took more than it may."""


def find_converter(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The program that ANLI_CONVERTER names, else LibreOffice on the path; None where neither is there.

    An ANLI_CONVERTER that is set and empty means that nothing is to be converted.
    """
    named = environment.get(VARIABLE)
    found = shutil.which(PROGRAM if named is None else named, path=environment.get("PATH")) if named != "" else None
    return Path(found).absolute() if found and Path(SHELL).exists() else None


class Converter:
    """Converts the forms of one mail under one budget of time."""

    def __init__(self, program: Path) -> None:
        self._program = program
        self._seconds_left = float(limits.CONVERSION_SECONDS_OF_MAIL)

    @staticmethod
    def reads(told: str) -> bool:
        """Whether a format, as ``tell_format`` names it, is one of those that are converted."""
        return told in _EXTENSIONS

    def convert(self, data: bytes, told: str) -> bytes:
        """The file as .docx, always the same for the same bytes and program; raises ConversionFailed."""
        seconds = min(limits.CONVERSION_SECONDS, int(self._seconds_left))
        if seconds < 1 or len(data) > limits.CONVERTED_BYTES:
            raise ConversionFailed
        began = time.monotonic()
        try:
            with tempfile.TemporaryDirectory(prefix="anli-", ignore_cleanup_errors=True) as folder:
                return _settle(self._run(Path(folder), data, told, seconds))
        except (OutOfBounds, OSError, ContainerBroken) as error:
            raise ConversionFailed from error
        finally:
            self._seconds_left -= time.monotonic() - began

    def _run(self, folder: Path, data: bytes, told: str, seconds: int) -> bytes:
        given, made = folder / f"form.{_EXTENSIONS[told]}", folder / "converted"
        given.write_bytes(data)
        made.mkdir()
        profile, reading = (folder / "profile").as_uri(), [f"--infilter={_FILTERS[told]}"] if told in _FILTERS else []
        words = (
            str(self._program), f"-env:UserInstallation={profile}", "--headless", "--norestore", "--nologo",
            "--nodefault", "--nolockcheck", "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(made), *reading,
            str(given),
        )  # fmt: skip
        environment = {"HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"}
        bounds = Bounds(seconds, limits.CONVERSION_MEMORY_KIB, limits.CONVERTED_BYTES)
        if run_bounded(words, bounds, folder, environment).status != 0:
            raise ConversionFailed
        copies = [path for path in sorted(made.glob("*.docx")) if path.is_file() and not path.is_symlink()]
        if len(copies) != 1 or copies[0].stat().st_size > limits.CONVERTED_BYTES:
            raise ConversionFailed
        return copies[0].read_bytes()


def _settle(data: bytes) -> bytes:
    """The package without what tells when it was made, so that a file read again gives the same copy."""
    settled = io.BytesIO()
    with open_container(data) as made, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as kept:
        left = limits.CONVERTED_BYTES
        for member in sorted(made.infolist(), key=lambda member: member.filename):
            if plain_name(member.filename).startswith("docprops/") or member.is_dir():
                continue
            content = read_member(made, member, left)
            left -= len(content)
            kept.writestr(zipfile.ZipInfo(member.filename, _LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return settled.getvalue()
