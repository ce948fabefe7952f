"""Pictures are measured from their headers, and broken ones are refused."""

import struct
import time
import tracemalloc
from io import BytesIO

import pytest
from PIL import Image

from tests.builders.media import PDF, chunk, picture, png_header
from workflow.intake.picture import measure_picture
from workflow.intake.refusal import Refusal


def refused(data: bytes) -> str:
    with pytest.raises(Refusal) as caught:
        measure_picture(data, "图1.jpg")
    assert caught.value.reason.values["filename"] == "图1.jpg"
    return caught.value.reason.code


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_jpeg_at_300_dpi(mode: str) -> None:
    assert measure_picture(picture(mode=mode), "a.png") == ("JPG", 300.0, 30, 20)


def test_a_png_at_300_dpi_reads_a_hair_less() -> None:
    measured = measure_picture(picture("PNG"), "a.jpg")
    assert measured.format == "PNG"
    assert 299.99 < measured.dpi < 300.0


@pytest.mark.parametrize("picture_format", ["JPEG", "PNG"])
def test_no_resolution_is_zero(picture_format: str) -> None:
    assert measure_picture(picture(picture_format, dpi=None), "a").dpi == 0.0


def test_density_per_centimetre_and_the_smaller_direction() -> None:
    data = bytearray(picture())
    place = data.index(b"JFIF\x00") + 7
    data[place : place + 5] = struct.pack(">BHH", 2, 118, 40)
    assert measure_picture(bytes(data), "a").dpi == pytest.approx(40 * 2.54)


def test_the_resolution_of_exif_where_jfif_gives_none() -> None:
    exif = Image.Exif()
    exif[0x011A], exif[0x011B], exif[0x0128] = 350.0, 350.0, 2
    written = BytesIO()
    Image.new("RGB", (30, 20)).save(written, "JPEG", exif=exif.tobytes())
    assert measure_picture(written.getvalue(), "a").dpi == 350.0


@pytest.mark.parametrize(
    ("picture_format", "told"), [("GIF", "GIF"), ("BMP", "BMP"), ("TIFF", "TIFF"), ("WEBP", "WEBP")]
)
def test_other_formats_are_named(picture_format: str, told: str) -> None:
    assert measure_picture(picture(picture_format, dpi=None), "a.jpg").format == told


def test_a_200_megapixel_picture_is_refused_without_being_opened() -> None:
    tracemalloc.start()
    assert refused(png_header(20000, 10000)) == "picture-too-large"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.99])
@pytest.mark.parametrize("picture_format", ["JPEG", "PNG"])
def test_a_picture_cut_short_is_refused(picture_format: str, share: float) -> None:
    whole = picture(picture_format)
    assert refused(whole[: int(len(whole) * share)]) == "picture-unreadable"


def test_a_png_with_a_wrong_checksum_is_refused() -> None:
    data = bytearray(picture("PNG"))
    data[data.index(b"IDAT") + 6] ^= 0xFF
    assert refused(bytes(data)) == "picture-unreadable"


def test_what_is_no_picture_is_refused() -> None:
    for data in (b"", PDF, b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b"")):
        assert refused(data) == "picture-unreadable"


@pytest.mark.parametrize(
    "data",
    [
        b"\xff" * 5_000_000,
        b"\xff\xd8" + b"\xff" * 5_000_000 + picture()[2:],
        b"\xff\xd8" + b"\xff\xe1\x00\x02" * 1_250_000 + picture()[2:],
        b"\xff\xd8" + b"\xff\xd0" * 2_500_000,
        picture("PNG")[:33] + chunk(b"teXt", b"") * 500_000 + picture("PNG")[33:],
    ],
    ids=["fill", "fill before a segment", "segments", "restarts", "chunks"],
)
def test_a_crafted_picture_is_walked_a_bounded_way(data: bytes) -> None:
    started = time.perf_counter()
    assert refused(data) == "picture-unreadable"
    assert time.perf_counter() - started < 2


def test_bytes_that_fill_are_passed_over() -> None:
    whole = picture()
    assert measure_picture(whole[:2] + b"\xff" * 20 + whole[2:], "a") == ("JPG", 300.0, 30, 20)
