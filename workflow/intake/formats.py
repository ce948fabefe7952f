"""What a file is, told by its first bytes and never by its name."""

import re

from workflow.intake.container import find_directory

PICTURES = frozenset({"JPG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "HEIC"})
VIDEOS = frozenset({"MP4", "MOV", "3GP", "AVI", "WMV", "FLV", "MKV", "MPEG", "RMVB"})
UNREADABLE_FORMS = frozenset({"DOC", "RTF"})
UNREADABLE_ARCHIVES = frozenset({"RAR", "7Z", "TNEF", "GZIP"})

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "JPG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "DOC"),
    (b"{\\rtf", "RTF"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7Z"),
    (b"\x1f\x8b", "GZIP"),
    (b"\x78\x9f\x3e\x22", "TNEF"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "WMV"),
    (b"FLV\x01", "FLV"),
    (b"\x1a\x45\xdf\xa3", "MKV"),
    (b"\x00\x00\x01\xba", "MPEG"),
    (b"\x00\x00\x01\xb3", "MPEG"),
    (b".RMF", "RMVB"),
)
_STILL_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"})
_SOUND_BRANDS = frozenset({b"M4A ", b"M4B ", b"M4P "})
_QUICKTIME_ATOMS = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_DOCUMENT_PART = re.compile(rb"word/document\d{0,3}\.xml")


def tell_format(data: bytes) -> str:
    """Name the format: JPG, PNG, MP4, MOV, PDF, DOCX, ZIP, DOC (any old Office file), ... or ``""`` where unknown.

    A JPEG is called JPG, as the notice calls it (六.5). ISO base media files are told apart by their major
    brand (ISO/IEC 14496-12, ``ftyp``); a QuickTime file is MOV even where its name says mp4.
    """
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            return name
    if b"%PDF-" in data[:1024]:
        return "PDF"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _tell_zip(data)
    return _tell_chunked(data)


def _tell_chunked(data: bytes) -> str:
    if data.startswith(b"RIFF"):
        return {b"WEBP": "WEBP", b"AVI ": "AVI"}.get(data[8:12], "")
    if data[4:8] == b"ftyp":
        return _tell_brand(data[8:12])
    return "MOV" if data[4:8] in _QUICKTIME_ATOMS else ""


def _tell_zip(data: bytes) -> str:
    directory = find_directory(data)
    if directory is None:
        first_name = data[30 : 30 + int.from_bytes(data[26:28], "little")]
        return "DOCX" if first_name == b"[Content_Types].xml" or first_name.startswith(b"word/") else "ZIP"
    if b"[Content_Types].xml" not in directory:
        return "ZIP"
    return "DOCX" if _DOCUMENT_PART.search(directory) else "OOXML"


def _tell_brand(brand: bytes) -> str:
    if brand in _STILL_BRANDS:
        return "HEIC"
    if brand in _SOUND_BRANDS:
        return "M4A"
    if brand == b"qt  ":
        return "MOV"
    return "3GP" if brand.startswith((b"3gp", b"3g2")) else "MP4"
