"""Measuring a picture from its headers alone: format, resolution, pixels. Nothing is ever decoded in full."""

import io
import re
import warnings
import zlib
from typing import NamedTuple

from PIL import Image, UnidentifiedImageError

from states.reasons import Reason
from workflow.intake import limits
from workflow.intake.formats import PICTURES, tell_format
from workflow.intake.refusal import Refusal

_MEASURED = {
    "JPG": ("JPEG", "MPO"),
    "PNG": ("PNG",),
    "GIF": ("GIF",),
    "BMP": ("BMP",),
    "TIFF": ("TIFF",),
    "WEBP": ("WEBP",),
}
_PNG_HEAD = 8
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_FILL = re.compile(rb"\xff+")
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, b"\xff\xd9"


class PictureMeasure(NamedTuple):
    """dpi is the smaller of both directions, 0.0 where the file does not say; width and height in pixels."""

    format: str
    dpi: float
    width: int
    height: int


def measure_picture(data: bytes, filename: str) -> PictureMeasure:
    """Measure a picture (六.5: JPG/PNG格式，清晰度不低于300dpi); raises Refusal.

    Resolution: JFIF density (per inch or per cm) or, where that has no unit, the EXIF resolution; PNG ``pHYs``
    (made at 300 dpi it reads 299.9994). ``picture-unreadable`` where the file is broken or cut short,
    ``picture-too-large`` beyond 120 megapixels.
    """
    kind = tell_format(data)
    if kind not in PICTURES:
        raise _unreadable(filename)
    if kind not in _MEASURED:
        return PictureMeasure(kind, 0.0, 0, 0)
    if (kind == "JPG" and not _is_whole_jpeg(data)) or (kind == "PNG" and not _is_whole_png(data)):
        raise _unreadable(filename)
    width, height, dpi = _open(data, filename, _MEASURED[kind])
    if width * height > limits.PICTURE_PIXELS:
        megapixels = width * height // 1_000_000
        raise Refusal(
            Reason(
                "picture-too-large",
                "六.5",
                {"filename": filename, "megapixels": megapixels},
            )
        )
    return PictureMeasure(kind, dpi, width, height)


def _open(data: bytes, filename: str, formats: tuple[str, ...]) -> tuple[int, int, float]:
    pixels_before = Image.MAX_IMAGE_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            Image.MAX_IMAGE_PIXELS = None
            with Image.open(io.BytesIO(data), formats=formats) as picture:
                return picture.width, picture.height, _read_dpi(picture)
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        TypeError,
        KeyError,
        IndexError,
    ) as error:
        raise _unreadable(filename) from error
    except (
        ArithmeticError,
        AttributeError,
        EOFError,
        zlib.error,
        MemoryError,
        RecursionError,
    ) as error:
        raise _unreadable(filename) from error
    finally:
        Image.MAX_IMAGE_PIXELS = pixels_before


def _read_dpi(picture: Image.Image) -> float:
    dpi = picture.info.get("dpi")
    try:
        across, down = dpi or (0.0, 0.0)
        smaller = min(float(across), float(down))
    except (TypeError, ValueError, ArithmeticError):
        return 0.0
    return smaller if 0.0 < smaller < 1_000_000.0 else 0.0


def _is_whole_jpeg(data: bytes) -> bool:
    """Walk the segments (ITU-T T.81, B.1) to the first scan, and look for the end of the image behind it.

    So many of them, and so many bytes that only fill, as no camera writes: what is beyond is not read by anybody.
    """
    place = 2
    for _ in range(limits.PICTURE_SEGMENTS):
        if place + 4 > len(data) or data[place] != 0xFF:
            return False
        fill = _FILL.match(data, place, place + limits.PICTURE_FILL)
        place = fill.end() - 1 if fill else place
        marker = data[place + 1]
        if marker == 0xFF:
            return False
        if marker in _STANDALONE:
            place += 2
        elif marker == _START_OF_SCAN:
            return data.rfind(_END_OF_IMAGE) > place
        else:
            length = int.from_bytes(data[place + 2 : place + 4])
            if length < 2:
                return False
            place += 2 + length
    return False


def _is_whole_png(data: bytes) -> bool:
    """Walk the chunks (PNG 5.3) to ``IEND``; each must be there in full and match its checksum."""
    view = memoryview(data)
    place, has_image = _PNG_HEAD, False
    for _ in range(limits.PICTURE_SEGMENTS):
        if place + 12 > len(data):
            return False
        length = int.from_bytes(view[place : place + 4])
        end = place + 8 + length
        if end + 4 > len(data) or zlib.crc32(view[place + 4 : end]) != int.from_bytes(view[end : end + 4]):
            return False
        kind = bytes(view[place + 4 : place + 8])
        has_image = has_image or kind == b"IDAT"
        if kind == b"IEND":
            return has_image
        place = end + 4
    return False


def _unreadable(filename: str) -> Refusal:
    return Refusal(Reason("picture-unreadable", "六.5", {"filename": filename}))
