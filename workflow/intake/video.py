"""Measuring a video: a small, bounded reader of ISO base media boxes (ISO/IEC 14496-12)."""

from collections.abc import Iterator
from typing import NamedTuple

from states.reasons import Reason
from workflow.intake import limits
from workflow.intake.formats import VIDEOS, tell_format
from workflow.intake.refusal import Refusal

_FIXED_ONE = 65536
_MOST_PIXELS = 100_000
_MEDIA = frozenset({b"mdat", b"moof", b"moov"})


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
    def __init__(self, kind: bytes = b"") -> None:
        super().__init__(kind)
        self.kind = kind


def measure_video(data: bytes, filename: str) -> VideoMeasure:
    """Measure a video (六.5: MP4格式，清晰度不低于1920*1080); raises Refusal (``video-unreadable``).

    The largest picture track that is shown and moves counts, by the size at which it is coded (its sample entry),
    turned as its ``tkhd`` says; where no sample entry gives a size, by the ``tkhd``. MP4 and MOV are measured, other
    formats are only named. What follows the last whole box does not matter, save media data that is cut short.
    """
    kind = tell_format(data)
    if kind not in VIDEOS:
        raise _unreadable(filename)
    if kind not in ("MP4", "MOV", "3GP"):
        return VideoMeasure(kind, 0, 0)
    try:
        width, height = _Reader(data).largest_track()
    except _Broken as error:
        raise _unreadable(filename) from error
    return VideoMeasure(kind, width, height)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._boxes_left = limits.VIDEO_BOXES

    def largest_track(self) -> tuple[int, int]:
        movie = self._find_movie()
        tracks = [track for track in self._children(movie) if track.kind == b"trak"]
        if any(self._is_enabled(track) for track in tracks):
            tracks = [track for track in tracks if self._is_enabled(track)]
        sizes = [(self._moves(track), *self._track_size(track)) for track in tracks]
        found = [size for size in sizes if size[1] > 0 and size[2] > 0]
        if not found:
            raise _Broken
        _, width, height = max(found, key=lambda size: (size[0], size[1] * size[2]))
        return width, height

    def _find_movie(self) -> _Box:
        """The movie's box; media data that is cut short makes a broken file, other remains at the end do not."""
        movie = None
        try:
            for box in self._children(_Box(b"", 0, len(self._data))):
                movie = box if movie is None and box.kind == b"moov" else movie
        except _Broken as broken:
            if broken.kind in _MEDIA:
                raise
        if movie is None:
            raise _Broken
        return movie

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
            kind = self._data[place + 4 : place + 8]
            if size < start - place or place + size > parent.end:
                raise _Broken(kind)
            yield _Box(kind, start, place + size)
            place += size

    def _find(self, parent: _Box, *path: bytes) -> _Box | None:
        box: _Box | None = parent
        for kind in path:
            box = next((child for child in self._children(box) if child.kind == kind), None) if box else None
        return box

    def _is_enabled(self, track: _Box) -> bool:
        """ISO/IEC 14496-12 8.3.2: the lowest bit of the header's flags; where no track has it, all count."""
        header = self._find(track, b"tkhd")
        return header is not None and bool(self._number(header.start, 4) & 1)

    def _moves(self, track: _Box) -> bool:
        """False for a still, such as a cover: one sample, and no fragments that would hold more."""
        table = self._find(track, b"mdia", b"minf", b"stbl")
        sizes = self._find(table, b"stsz") if table is not None else None
        return sizes is None or self._number(sizes.start + 8, 4) != 1

    def _track_size(self, track: _Box) -> tuple[int, int]:
        handler = self._find(track, b"mdia", b"hdlr")
        header = self._find(track, b"tkhd")
        if handler is None or header is None or self._data[handler.start + 8 : handler.start + 12] != b"vide":
            return 0, 0
        coded = self._coded(track)
        if coded[0] and coded[1]:
            return self._turn(header, *coded)
        matrix = self._place_matrix(header)
        return self._turn(header, *self._claimed(header)) if matrix + 44 <= header.end else (0, 0)

    def _claimed(self, header: _Box) -> tuple[int, int]:
        matrix = self._place_matrix(header)
        return self._number(matrix + 36, 4) // _FIXED_ONE, self._number(matrix + 40, 4) // _FIXED_ONE

    def _place_matrix(self, header: _Box) -> int:
        return header.start + (52 if self._data[header.start] == 1 else 40)

    def _turn(self, header: _Box, width: int, height: int) -> tuple[int, int]:
        """ISO/IEC 14496-12 8.3.2: a matrix whose a, b, c, d turn by a quarter swaps width and height; none enlarges."""
        matrix = self._place_matrix(header)
        if matrix + 20 > header.end or max(width, height) > _MOST_PIXELS:
            return (width, height) if max(width, height) <= _MOST_PIXELS else (0, 0)
        a, b, _, c, d = (abs(self._signed(matrix + 4 * place)) for place in range(5))
        return (height, width) if b + c > a + d else (width, height)

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
