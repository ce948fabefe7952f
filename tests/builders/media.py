"""Pictures, videos and scans, small ones and impossible ones."""

import struct
import zlib
from io import BytesIO

from PIL import Image


def pdf(pages: int = 1) -> bytes:
    """A PDF of empty pages, its table of objects and all."""
    kids = " ".join(f"{number + 3} 0 R" for number in range(pages))
    bodies = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {pages}/Kids[{kids}]>>"]
    bodies += ["<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"] * pages
    written, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(written))
        written += f"{number} 0 obj{body}endobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(bodies) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{len(written)}\n"
    return written + end.encode() + b"%%EOF\n"


PDF = pdf()
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


def track(
    width: int,
    height: int,
    handler: bytes = b"vide",
    matrix: tuple[int, int, int, int] = IDENTITY,
    *,
    coded: tuple[int, int] | None = None,
    enabled: bool = True,
    samples: int = 50,
) -> bytes:
    """A track with its header, matrix and handler, and, where ``coded``, the table that says how it is coded."""
    a, b, c, d = matrix
    turned = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 0x40000000)
    header = struct.pack(">I", 3 if enabled else 2) + bytes(36) + turned + struct.pack(">II", width << 16, height << 16)
    media = box(b"hdlr", bytes(8) + handler + bytes(12))
    if coded is not None:
        entry = box(b"avc1", bytes(24) + struct.pack(">HH", *coded) + bytes(50))
        table = box(b"stsd", bytes(4) + struct.pack(">I", 1) + entry)
        table += box(b"stsz", bytes(8) + struct.pack(">I", samples) + bytes(4 * samples))
        media += box(b"minf", box(b"stbl", table))
    return box(b"trak", box(b"tkhd", header) + box(b"mdia", media))


def video(*tracks: bytes, brand: bytes = b"isom", large: bool = False) -> bytes:
    """A video file of tracks, with a little media data."""
    movie = box(b"moov", b"".join(tracks), large=large)
    return box(b"ftyp", brand + bytes(4)) + box(b"mdat", b"media", large=large) + movie
