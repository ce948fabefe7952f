"""A small but playable MP4 (ISO/IEC 14496-12 and -14): two seconds of grey in H.264 Baseline (ITU-T H.264).

Every macroblock of the one key frame is predicted from nothing and has no residual, which is a byte each;
every further frame skips all of them.
"""

import struct
from functools import lru_cache
from random import Random

SIZES = {"landscape": (1920, 1080), "portrait": (1080, 1920)}
FRAMES = 50
TIMESCALE = 25
UPRIGHT = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def write_video(rng: Random, orientation: str = "landscape") -> bytes:
    """A video of 1920 × 1080 ("landscape") or 1080 × 1920 ("portrait"); a free box makes each one its own."""
    serial = box(b"free", f"{rng.getrandbits(64):016x}".encode())
    return encode_video(orientation) + serial


@lru_cache
def encode_video(orientation: str) -> bytes:
    width, height = SIZES[orientation]
    across, down = -(-width // 16), -(-height // 16)
    samples = [write_sample(write_key_frame(across * down))]
    samples += [write_sample(write_still_frame(across * down, number)) for number in range(1, FRAMES)]
    start = box(b"ftyp", b"isom" + struct.pack(">I", 512) + b"isomiso2avc1mp41")
    offset = len(start) + 8
    return start + box(b"mdat", *samples) + write_movie(width, height, [len(sample) for sample in samples], offset)


def box(kind: bytes, *contents: bytes) -> bytes:
    body = b"".join(contents)
    return struct.pack(">I", 8 + len(body)) + kind + body


def full_box(kind: bytes, *contents: bytes, flags: int = 0) -> bytes:
    return box(kind, struct.pack(">I", flags), *contents)


def write_movie(width: int, height: int, sizes: list[int], offset: int) -> bytes:
    """The moov box for one video track whose samples lie together at the offset."""
    length = len(sizes)
    header = full_box(
        b"mvhd",
        struct.pack(">4I", 0, 0, TIMESCALE, length),
        struct.pack(">IH10x", 0x10000, 0x100),
        UPRIGHT,
        bytes(24),
        struct.pack(">I", 2),
    )
    track_header = full_box(
        b"tkhd",
        struct.pack(">5I16x", 0, 0, 1, 0, length),
        UPRIGHT,
        struct.pack(">2I", width << 16, height << 16),
        flags=3,
    )
    table = box(
        b"stbl",
        full_box(b"stsd", struct.pack(">I", 1), write_sample_entry(width, height)),
        full_box(b"stts", struct.pack(">3I", 1, length, 1)),
        full_box(b"stss", struct.pack(">2I", 1, 1)),
        full_box(b"stsc", struct.pack(">4I", 1, 1, length, 1)),
        full_box(b"stsz", struct.pack(f">2I{length}I", 0, length, *sizes)),
        full_box(b"stco", struct.pack(">2I", 1, offset)),
    )
    data = box(b"dinf", full_box(b"dref", struct.pack(">I", 1), full_box(b"url ", flags=1)))
    media = box(
        b"mdia",
        full_box(b"mdhd", struct.pack(">4IHH", 0, 0, TIMESCALE, length, 0x55C4, 0)),
        full_box(b"hdlr", struct.pack(">I4s12x", 0, b"vide"), b"VideoHandler\x00"),
        box(b"minf", full_box(b"vmhd", bytes(8), flags=1), data, table),
    )
    return box(b"moov", header, box(b"trak", track_header, media))


def write_sample_entry(width: int, height: int) -> bytes:
    sequence, picture = write_sequence_set(width, height), write_picture_set()
    configuration = box(
        b"avcC",
        bytes((1, *sequence[1:4], 0xFF, 0xE1)),
        struct.pack(">H", len(sequence)) + sequence,
        b"\x01" + struct.pack(">H", len(picture)) + picture,
    )
    looks = struct.pack(">6xH16x2H2IIH32x2H", 1, width, height, 0x480000, 0x480000, 0, 1, 24, 0xFFFF)
    return box(b"avc1", looks, configuration)


def write_sample(unit: bytes) -> bytes:
    return struct.pack(">I", len(unit)) + unit


def unsigned(value: int) -> str:
    """Exp-Golomb code (H.264 9.1) as binary digits."""
    digits = f"{value + 1:b}"
    return "0" * (len(digits) - 1) + digits


def write_unit(header: int, bits: str) -> bytes:
    """A NAL unit with its trailing bits and emulation prevention (H.264 7.3.1, 7.4.1)."""
    bits += "1"
    bits += "0" * (-len(bits) % 8)
    unit = bytearray((header,))
    zeros = 0
    for byte in int(bits, 2).to_bytes(len(bits) // 8, "big"):
        if zeros >= 2 and byte <= 3:
            unit.append(3)
            zeros = 0
        unit.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes(unit)


def write_sequence_set(width: int, height: int) -> bytes:
    """SPS: Baseline, level 4.0, 4-bit frame numbers, picture order as decoded (H.264 7.3.2.1)."""
    across, down = -(-width // 16), -(-height // 16)
    right, below = (across * 16 - width) // 2, (down * 16 - height) // 2
    cropping = "1" + unsigned(0) + unsigned(right) + unsigned(0) + unsigned(below)
    fields = f"{66:08b}{0xC0:08b}{40:08b}" + unsigned(0) + unsigned(0) + unsigned(2) + unsigned(1) + "0"
    return write_unit(0x67, fields + unsigned(across - 1) + unsigned(down - 1) + "1" + "1" + cropping + "0")


def write_picture_set() -> bytes:
    """PPS: CAVLC, one slice group, deblocking controlled by the slice (H.264 7.3.2.2)."""
    fields = unsigned(0) + unsigned(0) + "0" + "0" + unsigned(0) + unsigned(0) + unsigned(0)
    return write_unit(0x68, fields + "0" + "00" + unsigned(0) * 3 + "1" + "0" + "0")


def write_key_frame(macroblocks: int) -> bytes:
    """An IDR slice: each macroblock Intra 16×16 predicted as DC, no coefficients (H.264 7.3.3, 7.3.5)."""
    header = unsigned(0) + unsigned(7) + unsigned(0) + "0000" + unsigned(0) + "0" + "0" + unsigned(0) + unsigned(1)
    macroblock = unsigned(3) + unsigned(0) + unsigned(0) + "1"
    return write_unit(0x65, header + macroblock * macroblocks)


def write_still_frame(macroblocks: int, number: int) -> bytes:
    """A P slice that skips every macroblock: the frame before it again."""
    header = (
        unsigned(0) + unsigned(5) + unsigned(0) + f"{number % 16:04b}" + "0" + "0" + "0" + unsigned(0) + unsigned(1)
    )
    return write_unit(0x41, header + unsigned(macroblocks))
