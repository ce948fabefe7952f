"""Opening a ZIP container (.zip, .docx) without trusting anything it says about itself."""

import io
import zipfile
import zlib

from workflow.intake import limits

_END = b"PK\x05\x06"
_END_BYTES = 22
_COMMENT_BYTES = 65535
_LOCATOR_64 = b"PK\x06\x07"
_LOCATOR_64_BYTES = 20
_END_64 = b"PK\x06\x06"
_END_64_BYTES = 56
_ENTRY = b"PK\x01\x02"
_ENTRY_BYTES = 46
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_NAMES_OF_METHODS = {
    9: "Deflate64", 12: "BZIP2", 14: "LZMA", 20: "Zstandard", 93: "Zstandard", 94: "MP3", 95: "XZ", 96: "JPEG",
    97: "WavPack", 98: "PPMd",
}  # fmt: skip
_AES = 99
_ENCRYPTED = 0x1


class ContainerBroken(Exception):
    """The bytes are not a ZIP container that can be read safely; ``cause`` is one stable word.

    detail: of a ``method`` of compression that is not read, its name.
    """

    def __init__(self, cause: str, detail: str = "") -> None:
        super().__init__(cause)
        self.cause, self.detail = cause, detail


def find_directory(data: bytes) -> bytes | None:
    """Return the central directory (PKWARE APPNOTE 4.3.12), or None where there is none to trust."""
    end = _find_end(data)
    if end is None:
        return None
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    if data[max(0, end - _LOCATOR_64_BYTES) : end].startswith(_LOCATOR_64):
        end -= _LOCATOR_64_BYTES + _END_64_BYTES
        if end < 0 or data[end : end + 4] != _END_64:
            return None
        size = int.from_bytes(data[end + 40 : end + 48], "little")
    if size > min(end, limits.ARCHIVE_DIRECTORY_BYTES):
        return None
    return data[end - size : end]


def _find_end(data: bytes) -> int | None:
    end = len(data) - _END_BYTES
    if end < 0:
        return None
    if not (data[end : end + 4] == _END and data[end + 20 :] == b"\x00\x00"):
        end = data.rfind(_END, max(0, len(data) - _END_BYTES - _COMMENT_BYTES))
    return end if 0 <= end <= len(data) - _END_BYTES else None


def list_names(directory: bytes) -> list[str]:
    """The members that a central directory lists, as ``plain_name`` writes them."""
    names: list[str] = []
    place = 0
    while directory[place : place + 4] == _ENTRY:
        length, extra, comment = (
            int.from_bytes(directory[place + at : place + at + 2], "little") for at in (28, 30, 32)
        )
        start = place + _ENTRY_BYTES
        names.append(plain_name(directory[start : start + length].decode("utf-8", "replace")))
        place = start + length + extra + comment
    return names


def plain_name(name: str) -> str:
    """A member's name as names of parts are compared: without case, with either slash (ECMA-376 2, 6.2.2)."""
    return name.replace("\\", "/").lstrip("/").lower()


def is_volume(data: bytes) -> bool:
    """Whether an archive goes on in other files, or is itself such a rest."""
    end = _find_end(data)
    disks = data[end + 4 : end + 8] if end is not None else b""
    return data.startswith(b"PK\x07\x08") or disks not in (b"", bytes(4), b"\xff" * 4)


def open_container(data: bytes) -> zipfile.ZipFile:
    """Open a ZIP in memory, after making sure that its directory is small; raises ContainerBroken."""
    if is_volume(data):
        raise ContainerBroken("volumes")
    if find_directory(data) is None:
        raise ContainerBroken("damaged")
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (
        zipfile.BadZipFile,
        ValueError,
        OSError,
        NotImplementedError,
        EOFError,
    ) as error:
        raise ContainerBroken("damaged") from error


def read_member(container: zipfile.ZipFile, member: zipfile.ZipInfo, most_bytes: int) -> bytes:
    """Inflate one member, never more than ``most_bytes``; raises ContainerBroken.

    The declared size is looked at first and the bytes really inflated are counted as well, so that a member
    which lies about its size costs no more than one that does not.
    """
    if member.flag_bits & _ENCRYPTED or member.compress_type == _AES:
        raise ContainerBroken("encrypted")
    if member.compress_type not in _METHODS:
        number = member.compress_type
        raise ContainerBroken("method", _NAMES_OF_METHODS.get(number, str(number)))
    if member.file_size > most_bytes or is_bomb(member):
        raise ContainerBroken("too-large")
    try:
        with container.open(member) as stream:
            data = stream.read(min(member.file_size, most_bytes) + 1)
    except (
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise ContainerBroken("damaged") from error
    if len(data) > most_bytes:
        raise ContainerBroken("too-large")
    return data


def is_bomb(member: zipfile.ZipInfo) -> bool:
    """Tell whether a member claims to grow beyond any honest compression."""
    if member.file_size <= limits.ARCHIVE_RATIO_FROM_BYTES:
        return False
    return member.file_size > limits.ARCHIVE_RATIO * max(member.compress_size, 1)
