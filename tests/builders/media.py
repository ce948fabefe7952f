"""Pictures, videos and scans, small ones and impossible ones."""

import struct
import zlib
from io import BytesIO

from PIL import Image

PDF = b"%PDF-1.4\n1 0 obj<</Type/Page>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n"
IDENTITY = (65536, 0, 0, 65536)
QUARTER_TURN = (0, 65536, -65536, 0)


def picture(picture_format: str = "JPEG", dpi: float | None = 300, mode: str = "RGB") -> bytes:
    """A small whole picture."""
    written = BytesIO()
    extra = {} if dpi is None else {"dpi": (dpi, dpi)}
    Image.new(mode, (30, 20)).save(written, picture_format, **extra)
    return written.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 10)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, data) for kind, data in chunks)


def chunk(kind: bytes, data: bytes) -> bytes:
    """A PNG chunk with its checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def box(kind: bytes, data: bytes, *, large: bool = False) -> bytes:
    """An ISO base media box; large writes its size in 64 bits."""
    if large:
        return struct.pack(">I", 1) + kind + struct.pack(">Q", len(data) + 16) + data
    return struct.pack(">I", len(data) + 8) + kind + data


def track(width: int, height: int, handler: bytes = b"vide", matrix: tuple[int, int, int, int] = IDENTITY) -> bytes:
    """A track with its header, matrix and handler."""
    a, b, c, d = matrix
    turned = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 0x40000000)
    header = bytes(40) + turned + struct.pack(">II", width << 16, height << 16)
    return box(b"trak", box(b"tkhd", header) + box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(12))))


def video(*tracks: bytes, brand: bytes = b"isom", large: bool = False) -> bytes:
    """A video file of tracks, with a little media data."""
    movie = box(b"moov", b"".join(tracks), large=large)
    return box(b"ftyp", brand + bytes(4)) + box(b"mdat", b"media", large=large) + movie
