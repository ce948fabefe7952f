"""Videos are measured as displayed, by a reader that no box can trap."""

import struct

import pytest

from tests.builders.media import QUARTER_TURN, box, picture, track, video
from workflow.intake.refusal import Refusal
from workflow.intake.video import measure_video


def refused(data: bytes) -> bool:
    with pytest.raises(Refusal) as caught:
        measure_video(data, "视频.mp4")
    return caught.value.reason.code == "video-unreadable"


def test_the_size_of_the_picture_track() -> None:
    data = video(track(0, 0, b"soun"), track(1920, 1080))
    assert measure_video(data, "a.avi") == ("MP4", 1920, 1080)


def test_a_quarter_turn_swaps_width_and_height() -> None:
    assert measure_video(video(track(1920, 1080, matrix=QUARTER_TURN)), "a") == ("MP4", 1080, 1920)


def test_the_largest_track_counts() -> None:
    assert measure_video(video(track(640, 360), track(3840, 2160)), "a")[1:] == (3840, 2160)


def test_sizes_of_64_bits() -> None:
    assert measure_video(video(track(1280, 720), large=True), "a") == ("MP4", 1280, 720)


def test_the_sample_entry_where_the_header_has_no_size() -> None:
    entry = bytes(8) + bytes(16) + struct.pack(">HH", 1920, 1080) + bytes(50)
    table = box(b"stsd", bytes(4) + struct.pack(">I", 1) + box(b"avc1", entry))
    media = box(b"hdlr", bytes(8) + b"vide" + bytes(12)) + box(b"minf", box(b"stbl", table))
    data = video(box(b"trak", box(b"tkhd", bytes(84)) + box(b"mdia", media)))
    assert measure_video(data, "a") == ("MP4", 1920, 1080)


def test_the_coded_size_counts_and_not_what_the_header_claims() -> None:
    assert measure_video(video(track(1920, 1080, coded=(960, 540))), "a")[1:] == (960, 540)
    assert measure_video(video(track(640, 360, coded=(1920, 1080))), "a")[1:] == (1920, 1080)
    turned = track(1920, 1080, matrix=QUARTER_TURN, coded=(1280, 720))
    assert measure_video(video(turned), "a")[1:] == (720, 1280)
    doubled = track(960, 540, matrix=(2 * 65536, 0, 0, 2 * 65536), coded=(960, 540))
    assert measure_video(video(doubled), "a")[1:] == (960, 540)


def test_stills_and_tracks_that_are_switched_off_do_not_count() -> None:
    small = track(640, 360, coded=(640, 360))
    cover = track(3000, 3000, coded=(3000, 3000), samples=1)
    off = track(1920, 1080, coded=(1920, 1080), enabled=False)
    assert measure_video(video(cover, small, off), "a")[1:] == (640, 360)
    assert measure_video(video(off), "a")[1:] == (1920, 1080)
    assert refused(video(track(0, 0, b"soun"), off))


def test_what_follows_the_last_whole_box_does_not_matter() -> None:
    whole = video(track(1920, 1080))
    for junk in (b"JUNKJUNKJUNK", b"\0", bytes(5000), b"\0\0\0\x04abcd", b"\xff" * 40, b"<html>404</html>"):
        assert measure_video(whole + junk, "a")[1:] == (1920, 1080)
    assert refused(whole + box(b"mdat", bytes(1000))[:500])


@pytest.mark.parametrize(
    ("head", "told"),
    [(b"RIFF\0\0\0\0AVI LIST", "AVI"), (b"FLV\x01", "FLV"), (b"\x1a\x45\xdf\xa3", "MKV")],
)
def test_formats_that_are_only_named(head: bytes, told: str) -> None:
    assert measure_video(head + bytes(50), "a.mp4") == (told, 0, 0)


def test_quicktime_is_not_mp4_whatever_its_name() -> None:
    assert measure_video(video(track(1920, 1080), brand=b"qt  "), "a.mp4").format == "MOV"


def test_broken_and_hostile_files_are_refused() -> None:
    whole = video(track(1920, 1080))
    assert refused(whole[:-20])
    assert refused(video())
    assert refused(video(track(0, 0, b"soun")))
    assert refused(b"\0\0\0\x10ftypisom\0\0\0\0" + b"\0\0\0\x01moov" + b"\xff" * 8)
    assert refused(b"\0\0\0\x10ftypisom\0\0\0\0" + b"\0\0\0\x02moov")
    assert refused(b"\0\0\0\x10ftypisom\0\0\0\0" + box(b"free", b"") * 50_000)
    assert refused(picture())
    assert refused(b"")
