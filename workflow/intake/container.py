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
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1


class ContainerBroken(Exception):
    """The bytes are not a ZIP container that can be read safely; ``cause`` is one stable word."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


def find_directory(data: bytes) -> bytes | None:
    """Return the central directory (PKWARE APPNOTE 4.3.12), or None where there is none to trust."""
    end = len(data) - _END_BYTES
    if end < 0:
        return None
    if not (data[end : end + 4] == _END and data[end + 20 :] == b"\x00\x00"):
        end = data.rfind(_END, max(0, len(data) - _END_BYTES - _COMMENT_BYTES))
    if end < 0 or end + _END_BYTES > len(data):
        return None
    if data[max(0, end - _LOCATOR_64_BYTES) : end].startswith(_LOCATOR_64):
        return None
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    if size > min(end, limits.ARCHIVE_DIRECTORY_BYTES):
        return None
    return data[end - size : end]


def open_container(data: bytes) -> zipfile.ZipFile:
    """Open a ZIP in memory, after making sure that its directory is small; raises ContainerBroken."""
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
    if member.flag_bits & _ENCRYPTED:
        raise ContainerBroken("encrypted")
    if member.compress_type not in _METHODS:
        raise ContainerBroken("damaged")
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
