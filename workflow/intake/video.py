"""Measuring a video: a small, bounded reader of ISO base media boxes (ISO/IEC 14496-12)."""

from collections.abc import Iterator
from typing import NamedTuple

from states.reasons import Reason
from workflow.intake import limits
from workflow.intake.formats import VIDEOS, tell_format
from workflow.intake.refusal import Refusal

_FIXED_ONE = 65536
_MOST_PIXELS = 100_000


class VideoMeasure(NamedTuple):
    """width and height in pixels as displayed, after rotation; 0 × 0 for a format that is not measured."""

    format: str
    width: int
    height: int


class _Box(NamedTuple):
    kind: bytes
    start: int
    end: int


class _Broken(Exception):
    pass


def measure_video(data: bytes, filename: str) -> VideoMeasure:
    """Measure a video (六.5: MP4格式，清晰度不低于1920*1080); raises Refusal (``video-unreadable``).

    The largest picture track counts: its ``tkhd`` size turned by its matrix, or the size of its sample entry
    where the header gives none. MP4 and MOV are measured, other formats are only named.
    """
    told = tell_format(data)
    if told not in VIDEOS:
        raise _unreadable(filename)
    if told not in ("MP4", "MOV", "3GP"):
        return VideoMeasure(told, 0, 0)
    try:
        width, height = _Reader(data).largest_track()
    except _Broken as error:
        raise _unreadable(filename) from error
    return VideoMeasure(told, width, height)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._boxes_left = limits.VIDEO_BOXES

    def largest_track(self) -> tuple[int, int]:
        sizes = [
            self._track_size(track)
            for movie in self._children(_Box(b"", 0, len(self._data)))
            if movie.kind == b"moov"
            for track in self._children(movie)
            if track.kind == b"trak"
        ]
        found = [size for size in sizes if size[0] > 0 and size[1] > 0]
        if not found:
            raise _Broken
        return max(found, key=lambda size: size[0] * size[1])

    def _children(self, parent: _Box) -> Iterator[_Box]:
        place = parent.start
        while place + 8 <= parent.end:
            self._boxes_left -= 1
            if self._boxes_left < 0:
                raise _Broken
            size, start = self._number(place, 4), place + 8
            if size == 1:
                size, start = self._number(place + 8, 8), place + 16
            elif size == 0:
                size = parent.end - place
            if size < start - place or place + size > parent.end:
                raise _Broken
            yield _Box(self._data[place + 4 : place + 8], start, place + size)
            place += size

    def _find(self, parent: _Box, *path: bytes) -> _Box | None:
        box: _Box | None = parent
        for kind in path:
            box = next((child for child in self._children(box) if child.kind == kind), None) if box else None
        return box

    def _track_size(self, track: _Box) -> tuple[int, int]:
        handler = self._find(track, b"mdia", b"hdlr")
        header = self._find(track, b"tkhd")
        if handler is None or header is None or self._data[handler.start + 8 : handler.start + 12] != b"vide":
            return 0, 0
        width, height = self._displayed(header)
        return (width, height) if width and height else self._coded(track)

    def _displayed(self, header: _Box) -> tuple[int, int]:
        """ISO/IEC 14496-12 8.3.2: width and height in 16.16, after a matrix whose a, b, c, d turn or mirror."""
        matrix = header.start + (52 if self._data[header.start] == 1 else 40)
        if matrix + 44 > header.end:
            return 0, 0
        a, b, _, c, d = (self._signed(matrix + 4 * place) for place in range(5))
        wide, high = self._number(matrix + 36, 4), self._number(matrix + 40, 4)
        if not (a or b or c or d):
            a = d = _FIXED_ONE
        width = (abs(a) * wide + abs(c) * high) // (_FIXED_ONE * _FIXED_ONE)
        height = (abs(b) * wide + abs(d) * high) // (_FIXED_ONE * _FIXED_ONE)
        return (width, height) if max(width, height) <= _MOST_PIXELS else (0, 0)

    def _coded(self, track: _Box) -> tuple[int, int]:
        """ISO/IEC 14496-12 12.1.3: the visual sample entry's own width and height."""
        table = self._find(track, b"mdia", b"minf", b"stbl", b"stsd")
        if table is None or table.start + 44 > table.end:
            return 0, 0
        entry = table.start + 16
        return self._number(entry + 24, 2), self._number(entry + 26, 2)

    def _number(self, place: int, length: int) -> int:
        return int.from_bytes(self._data[place : place + length])

    def _signed(self, place: int) -> int:
        return int.from_bytes(self._data[place : place + 4], signed=True)


def _unreadable(filename: str) -> Refusal:
    return Refusal(Reason("video-unreadable", "六.5", {"filename": filename}))
