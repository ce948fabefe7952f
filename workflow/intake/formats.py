"""What a file is, told by its first bytes and never by its name."""

import re

from workflow.intake.container import (
    ContainerBroken,
    find_directory,
    list_names,
    open_container,
    plain_name,
    read_member,
)

PICTURES = frozenset({"JPG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "HEIC"})
VIDEOS = frozenset({"MP4", "MOV", "3GP", "AVI", "WMV", "FLV", "MKV", "MPEG", "RMVB"})
PAGES = PICTURES | {"PDF", "OFD"}
"""What a stamped page is scanned to; OFD is the format of government documents (GB/T 33190)."""
TABLES = frozenset({"XLS", "XLSX", "ODS", "NUMBERS"})
_OF_EXTENSIONS = {
    "jpg": {"JPG"}, "jpeg": {"JPG"}, "jpe": {"JPG"}, "jfif": {"JPG"}, "png": {"PNG"}, "gif": {"GIF"}, "bmp": {"BMP"},
    "tif": {"TIFF"}, "tiff": {"TIFF"}, "webp": {"WEBP"}, "heic": {"HEIC"}, "heif": {"HEIC"}, "mp4": {"MP4"},
    "m4v": {"MP4"}, "mov": {"MOV"}, "3gp": {"3GP"}, "avi": {"AVI"}, "wmv": {"WMV"}, "flv": {"FLV"}, "mkv": {"MKV"},
    "webm": {"MKV"}, "mpg": {"MPEG"}, "mpeg": {"MPEG"}, "rmvb": {"RMVB"}, "pdf": {"PDF"}, "ofd": {"OFD"},
    "docx": {"DOCX"},
}  # fmt: skip
OTHER_DOCUMENTS = frozenset(
    {"DOC", "RTF", "ENCRYPTED", "ODT", "PAGES", "EPUB", "UOF", "HTML", "MHTML", "WORDML", "HWP", "PPT", "PPTX", "ODP",
     "OOXML", *TABLES}
)  # fmt: skip
"""Documents in which a form may have been filled, and from which none is read."""
UNREADABLE_ARCHIVES = frozenset({"RAR", "7Z", "TNEF", "GZIP", "BZIP2", "XZ", "TAR", "CAB", "LZH", "ACE", "ZSTD"})

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "JPG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"{\\rtf", "RTF"),
    (b"-----BEGIN PGP MESSAGE-----", "PGP"),
    (b"BZh", "BZIP2"),
    (b"\xfd7zXZ\x00", "XZ"),
    (b"\x28\xb5\x2f\xfd", "ZSTD"),
    (b"MSCF\x00\x00\x00\x00", "CAB"),
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
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE = (("word/", "DOCX"), ("xl/", "XLSX"), ("ppt/", "PPTX"), ("visio/", "VSDX"))
_KINDS_OF_DOCUMENT = (("epub", "EPUB"), ("spreadsheet", "ODS"), ("presentation", "ODP"), ("opendocument.text", "ODT"),
                      ("sun.xml.writer", "ODT"))  # fmt: skip
_DOCUMENTS = (
    ("ofd.xml", "OFD"),
    ("index/document.iwa", "PAGES"),
    ("index/presentation.iwa", "PAGES"),
    ("index.zip", "PAGES"),
    ("buildversionhistory.plist", "PAGES"),
    ("uof.xml", "UOF"),
    ("meta-inf/container.xml", "EPUB"),
    ("meta-inf/manifest.mf", "JAR"),
    ("androidmanifest.xml", "APK"),
)
_LARGEST_TYPES = 100_000
_HEAD = 4096
_PAGE = re.compile(
    rb"(?i)\s*(?:<!--.{0,200}?-->\s*|<\?xml[^>]{0,200}\?>\s*)*<(?:!doctype html|html|head|body|table)[\s>]", re.DOTALL
)
_WORD_XML = re.compile(rb"(?s).{0,400}progid=.Word\.Document|.{0,400}<w:wordDocument|.{0,400}<pkg:package")
_WEB_ARCHIVE = re.compile(
    rb"(?is)\A\s*(?:[!-9;-~]+:[^\n]*\n){1,12}?Content-Type:\s*multipart/related;[^\n]*(?:\n\s[^\n]*)*text/html"
)


def tell_format(data: bytes) -> str:
    """Name the format: JPG, PNG, MP4, MOV, PDF, DOCX, ZIP, DOC (any old Office file), ... or ``""`` where unknown.

    A JPEG is called JPG, as the notice calls it (六.5). ISO base media files are told apart by their major
    brand (ISO/IEC 14496-12, ``ftyp``); a QuickTime file is MOV even where its name says mp4.
    """
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            return name
    if data.startswith(_OLE):
        return _tell_ole(data)
    if b"%PDF-" in data[:1024]:
        return "PDF"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _tell_zip(data)
    if data[257:262] == b"ustar":
        return "TAR"
    return _tell_chunked(data) or _tell_text(data[:_HEAD])


def belies(filename: str, kind: str) -> bool:
    """Whether a file's name says one format and its bytes another."""
    expected = _OF_EXTENSIONS.get(filename.rpartition(".")[2].lower())
    return expected is not None and kind != "" and kind not in expected


def _tell_ole(data: bytes) -> str:
    from workflow.intake.ole import tell_ole

    return tell_ole(data)


def _tell_text(head: bytes) -> str:
    head = head.removeprefix(b"\xef\xbb\xbf")
    if _PAGE.match(head):
        return "HTML"
    if head.lstrip().startswith(b"<") and _WORD_XML.match(head):
        return "WORDML"
    return "MHTML" if _WEB_ARCHIVE.match(head) else ""


def _tell_chunked(data: bytes) -> str:
    if data.startswith(b"RIFF"):
        return {b"WEBP": "WEBP", b"AVI ": "AVI"}.get(data[8:12], "")
    if data[4:8] == b"ftyp":
        return _tell_brand(data[8:12])
    return "MOV" if data[4:8] in _QUICKTIME_ATOMS else ""


def _tell_zip(data: bytes) -> str:
    """A ZIP, or a document that happens to be one, told by the parts that its kind must have."""
    directory = find_directory(data)
    if directory is None:
        first_name = data[30 : 30 + int.from_bytes(data[26:28], "little")]
        return "DOCX" if first_name == b"[Content_Types].xml" or first_name.startswith(b"word/") else "ZIP"
    names = list_names(directory)
    known = set(names)
    if "[content_types].xml" in known:
        return _tell_office(data, names)
    if "mimetype" in known or "meta-inf/manifest.xml" in known:
        return _tell_document(data, known)
    for part, name in _DOCUMENTS:
        if part in known:
            return name
    return "ZIP"


def _tell_office(data: bytes, names: list[str]) -> str:
    for folder, kind in _OFFICE:
        if any(name.startswith(folder) for name in names):
            return kind
    types = _read_part(data, "[content_types].xml")
    return "DOCX" if b"wordprocessingml" in types else "XLSX" if b"spreadsheetml" in types else "OOXML"


def _tell_document(data: bytes, known: set[str]) -> str:
    media_type = _read_part(data, "mimetype").decode("ascii", "replace")
    kind = next((kind for word, kind in _KINDS_OF_DOCUMENT if word in media_type), "")
    return kind or ("ODT" if "content.xml" in known else "ZIP")


def _read_part(data: bytes, wanted: str) -> bytes:
    try:
        with open_container(data) as container:
            members = (member for member in container.infolist() if plain_name(member.filename) == wanted)
            member = next(members, None)
            return read_member(container, member, _LARGEST_TYPES) if member is not None else b""
    except ContainerBroken:
        return b""


def _tell_brand(brand: bytes) -> str:
    if brand in _STILL_BRANDS:
        return "HEIC"
    if brand in _SOUND_BRANDS:
        return "M4A"
    if brand == b"qt  ":
        return "MOV"
    return "3GP" if brand.startswith((b"3gp", b"3g2")) else "MP4"
