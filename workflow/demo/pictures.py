"""Pictures at 300 dpi: simple scenes painted once, each copy carrying its own comment so that no two are alike."""

from functools import lru_cache
from io import BytesIO
from random import Random
from zlib import crc32

from PIL import Image, ImageDraw

SIZE = (1800, 1200)
DPI = (300, 300)
SCENES = 6
SKIES = ((196, 219, 240), (222, 230, 238), (240, 224, 200))
GROUNDS = ((120, 150, 96), (172, 160, 146), (92, 130, 150))
COATS = ((186, 52, 48), (236, 190, 70), (60, 96, 160), (240, 240, 236), (70, 120, 84))
SKIN = (226, 184, 152)
END_OF_PNG = b"\x00\x00\x00\x00IEND\xaeB`\x82"


def write_picture(rng: Random, suffix: str = "jpg") -> bytes:
    """A picture of 1800 × 1200 at 300 dpi: JPEG, or PNG (pHYs 11811 pixels a metre) when the suffix is png."""
    painted = encode_scene(rng.randrange(SCENES), suffix)
    serial = f"{rng.getrandbits(64):016x}".encode()
    if suffix == "png":
        text = b"tEXtComment\x00" + serial
        chunk = (len(text) - 4).to_bytes(4, "big") + text + crc32(text).to_bytes(4, "big")
        return painted.removesuffix(END_OF_PNG) + chunk + END_OF_PNG
    comment = b"\xff\xfe" + (len(serial) + 2).to_bytes(2, "big") + serial
    return painted[:2] + painted[2:].replace(b"\xff\xdb", comment + b"\xff\xdb", 1)


@lru_cache
def encode_scene(scene: int, suffix: str) -> bytes:
    encoded = BytesIO()
    if suffix == "png":
        paint_scene(scene).quantize(48, dither=Image.Dither.NONE).save(encoded, "PNG", dpi=DPI)
    else:
        paint_scene(scene).save(encoded, "JPEG", dpi=DPI, quality=45)
    return encoded.getvalue()


def paint_scene(scene: int) -> Image.Image:
    """People before a red banner, outdoors or in a hall."""
    rng = Random(f"scene {scene}")
    width, height = SIZE
    picture = Image.new("RGB", SIZE, rng.choice(SKIES))
    draw = ImageDraw.Draw(picture)
    horizon = height * rng.randint(50, 62) // 100
    for left in range(0, width, 225):
        tall = rng.randint(120, 420)
        shade = rng.randint(150, 205)
        draw.rectangle((left, horizon - tall, left + rng.randint(120, 215), horizon), fill=(shade, shade, shade + 8))
    draw.rectangle((0, horizon, width, height), fill=rng.choice(GROUNDS))
    draw.rectangle((320, horizon - 300, 1480, horizon - 190), fill=(200, 30, 34))
    for left in range(380, 1400, 84):
        draw.rectangle((left, horizon - 275, left + 54, horizon - 216), fill=(246, 224, 120))
    for person in range(rng.randint(7, 12)):
        x = 90 + person * 150 + rng.randint(-30, 30)
        y = horizon + rng.randint(0, 260)
        draw.ellipse((x - 34, y - 200, x + 34, y - 128), fill=SKIN)
        draw.rounded_rectangle((x - 58, y - 126, x + 58, y + 70), radius=36, fill=rng.choice(COATS))
        draw.rectangle((x - 44, y + 66, x + 44, y + 210), fill=(52, 56, 70))
    return picture
