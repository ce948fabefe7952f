"""Bytes -> text for mail written in China, where the label on the text is often narrower than the text."""

import codecs

_CHINESE = frozenset(
    {"gb2312", "gb_2312", "gb_2312-80", "gb2312-80", "gb231280", "csgb2312", "iso-ir-58", "chinese", "euc-cn", "euccn",
     "eucgb2312-cn", "x-euc-cn", "gbk", "x-gbk", "cp936", "ms936", "936", "windows-936", "gb18030", "gb18030-2000",
     "x-gb18030", "hz", "hz-gb", "hz-gb-2312", "hzgb"}
)  # fmt: skip
_UNSURE = frozenset(
    {
        "",
        "us-ascii",
        "ascii",
        "unknown-8bit",
        "x-unknown",
        "unknown",
        "default",
        "binary",
        "8bit",
        "none",
    }
)
_WESTERN = (
    "iso-8859-1",
    "iso8859-1",
    "iso_8859-1",
    "latin1",
    "latin-1",
    "windows-1252",
    "cp1252",
)
_NOT_CHARSETS = (
    "idna",
    "punycode",
    "undefined",
    "unicode",
    "raw_unicode",
    "raw-unicode",
    "utf-7",
    "utf7",
    "mbcs",
    "oem",
)


def decode_text(data: bytes, label: str | None) -> str:
    """Decode ``data`` said to be in ``label``; never raises, what cannot be decoded becomes U+FFFD.

    Every label of the GB family is read as GB 18030, their superset (hz only where ``~{`` really occurs). No
    label, an unknown one, or one that the bytes contradict: UTF-8 where it is valid, else GB 18030.
    """
    name = (label or "").strip().strip("\"'").lower()
    if name in _CHINESE:
        if b"~{" in data and data.isascii():
            return data.decode("hz", "replace")
        return _strictly(data, "gb18030") or _strictly(data, "utf-8") or data.decode("gb18030", "replace")
    if name in _UNSURE or name in ("utf-8", "utf8") or name.startswith(_NOT_CHARSETS):
        return guess_text(data)
    if name in _WESTERN and not data.isascii():
        return _strictly(data, "utf-8") or data.decode("cp1252", "replace")
    try:
        codecs.lookup(name)
        return data.decode(name, "replace")
    except (LookupError, ValueError, TypeError):
        return guess_text(data)


def guess_text(data: bytes) -> str:
    """Decode bytes that carry no label: UTF-16 with its mark, UTF-8 where valid, else GB 18030."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    return _strictly(data, "utf-8-sig") or _strictly(data, "gb18030") or data.decode("utf-8", "replace")


def _strictly(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return ""
