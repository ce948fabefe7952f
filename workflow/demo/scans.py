"""Stamped scans: one page with the form's frame, grey lines for its text, and a red round seal for each opinion."""

import math
from functools import lru_cache
from random import Random
from zlib import compress

from PIL import Image, ImageDraw

from workflow.demo.cases import DemoCase

PAGE = (620, 877)
PALETTE = bytes((250, 249, 245, 60, 60, 66, 150, 150, 156, 206, 34, 38))
PAPER, INK, FADED, RED = range(4)
SEAL = 130
FRAME = (58, 120, 562, 835)
ROWS = (160, 208, 240, 272, 362, 622, 728)
SEALS = ((398, 605), (398, 708))


def write_scan(case: DemoCase) -> bytes:
    """A scanned page of the case's form as PDF (A4 at 75 dpi, under 20 KB); an opinion left empty has no seal."""
    rng = Random(f"{case.unit}/{case.name}/{case.recommender_opinion}")
    page = draw_form().copy()
    for (left, top), opinion in zip(SEALS, (case.applicant_opinion, case.recommender_opinion), strict=True):
        if opinion:
            place = (left + rng.randint(-18, 18), top + rng.randint(-10, 10))
            page.paste(RED, place, draw_seal(rng.randrange(-9, 10, 3)))
    return write_page(
        page.tobytes(), f"D:{case.signed_on:%Y%m%d}15{rng.randrange(60):02d}{rng.randrange(60):02d}+08'00'"
    )


@lru_cache
def draw_form() -> Image.Image:
    page = Image.new("L", PAGE, PAPER)
    draw = ImageDraw.Draw(page)
    left, top, right, bottom = FRAME
    draw.rectangle((210, 58, 410, 76), fill=INK)
    draw.line((left, 104, left + 240, 104), fill=FADED, width=6)
    draw.rectangle(FRAME, outline=INK)
    draw.line((left + 104, top, left + 104, bottom), fill=INK)
    for above, below in zip((top, *ROWS), (*ROWS, bottom), strict=True):
        draw.line((left, below, right, below), fill=INK)
        draw.line((left + 20, (above + below) // 2, left + 84, (above + below) // 2), fill=FADED, width=6)
        for y in range(above + 16, below - 8, 17):
            draw.line((left + 120, y, right - 20 - (y * 37) % 150, y), fill=FADED, width=5)
    return page


@lru_cache
def draw_seal(turned: int) -> Image.Image:
    """The mask of a round seal: a five-pointed star in a ring of strokes where the unit's name would be."""
    seal = Image.new("1", (SEAL, SEAL), 0)
    draw = ImageDraw.Draw(seal)
    middle = SEAL / 2
    draw.ellipse((1, 1, SEAL - 2, SEAL - 2), outline=1, width=4)

    def reach(degrees: float, share: float) -> tuple[float, float]:
        angle = math.radians(degrees + turned)
        return middle + middle * share * math.cos(angle), middle + middle * share * math.sin(angle)

    draw.polygon([reach(36 * point - 90, 0.12 if point % 2 else 0.31) for point in range(10)], fill=1)
    for stroke in range(150, 391, 20):
        draw.line((*reach(stroke, 0.62), *reach(stroke, 0.84)), fill=1, width=5)
        draw.line((*reach(stroke - 5, 0.73), *reach(stroke + 5, 0.73)), fill=1, width=3)
    return seal


def write_page(pixels: bytes, scanned: str) -> bytes:
    """A PDF of one page (ISO 32000-1, 7.5) that is one image of indexed colours."""
    width, height = PAGE
    image = compress(pixels, 4)
    resources = b"<< /XObject << /Scan 5 0 R >> >>"
    placing = b"q 595.2 0 0 841.92 0 0 cm /Scan Do Q"
    colours = f"[/Indexed /DeviceRGB {len(PALETTE) // 3 - 1} <{PALETTE.hex()}>]"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595.2 841.92] /Contents 4 0 R /Resources %b >>" % resources,
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(placing), placing),
        f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent 8 /ColorSpace {colours}"
        f" /Filter /FlateDecode /Length {len(image)} >>\nstream\n".encode()
        + image
        + b"\nendstream",
        f"<< /CreationDate ({scanned}) >>".encode(),
    ]
    page = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(page))
        page += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = len(page)
    page += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    page += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    page += b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(page)
