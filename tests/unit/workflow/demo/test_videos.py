import struct
from random import Random

import pytest

from workflow.demo.videos import unsigned, write_unit, write_video

HOLDERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}


def read_boxes(data: bytes) -> dict[bytes, bytes]:
    boxes: dict[bytes, bytes] = {}
    start = 0
    while start < len(data):
        size, kind = struct.unpack_from(">I4s", data, start)
        assert 8 <= size <= len(data) - start
        body = data[start + 8 : start + size]
        boxes |= {kind: body, **(read_boxes(body) if kind in HOLDERS else {})}
        start += size
    return boxes


@pytest.mark.parametrize(("orientation", "size"), [("landscape", (1920, 1080)), ("portrait", (1080, 1920))])
def test_video_has_the_size_it_promises(orientation: str, size: tuple[int, int]) -> None:
    boxes = read_boxes(write_video(Random(1), orientation))
    width, height = struct.unpack(">2I", boxes[b"tkhd"][-8:])
    assert (width >> 16, height >> 16) == size
    assert struct.unpack_from(">2H", boxes[b"stsd"], 8 + 8 + 24) == size


def test_samples_lie_where_the_tables_say() -> None:
    video = write_video(Random(1))
    boxes = read_boxes(video)
    sizes = struct.unpack(">50I", boxes[b"stsz"][12:])
    (place,) = struct.unpack(">I", boxes[b"stco"][8:])
    assert video[place : place + sum(sizes)] == boxes[b"mdat"]
    for size in sizes:
        assert struct.unpack_from(">I", video, place)[0] == size - 4
        place += size


def test_videos_differ_but_a_seed_repeats() -> None:
    assert write_video(Random(1)) != write_video(Random(2))
    assert write_video(Random(1)) == write_video(Random(1))


def test_exp_golomb_codes_are_those_of_the_standard() -> None:
    assert [unsigned(value) for value in range(5)] == ["1", "010", "011", "00100", "00101"]


def test_unit_prevents_start_codes() -> None:
    assert write_unit(0x65, "0" * 24 + "00000001") == b"\x65\x00\x00\x03\x00\x01\x80"
