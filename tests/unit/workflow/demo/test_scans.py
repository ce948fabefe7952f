import re
from collections.abc import Callable
from zlib import decompress

from workflow.demo.cases import DemoCase
from workflow.demo.scans import PAGE, RED, write_scan

Invent = Callable[..., DemoCase]


def count_red(scan: bytes) -> int:
    _, _, rest = scan.partition(b"/FlateDecode")
    pixels = decompress(rest[rest.index(b"stream\n") + 7 : rest.rindex(b"\nendstream")])
    assert len(pixels) == PAGE[0] * PAGE[1]
    return pixels.count(RED)


def test_scan_is_a_small_pdf_whose_table_points_at_its_objects(invent: Invent) -> None:
    scan = write_scan(invent())
    assert scan.startswith(b"%PDF-1.4")
    assert len(scan) < 20_000
    table = int(scan.rsplit(b"startxref\n", 1)[1].split()[0])
    offsets = [int(entry) for entry in re.findall(rb"(\d{10}) 00000 n ", scan[table:])]
    assert len(offsets) == 6
    for number, offset in enumerate(offsets, start=1):
        assert scan[offset:].startswith(b"%d 0 obj\n" % number)


def test_a_missing_opinion_has_no_seal(invent: Invent) -> None:
    case = invent()
    whole = count_red(write_scan(case))
    half = count_red(write_scan(case._replace(recommender_opinion="")))
    assert 0.4 * whole < half < 0.6 * whole
    assert count_red(write_scan(case._replace(recommender_opinion="", applicant_opinion=""))) == 0


def test_scans_differ_between_cases_and_stay_the_same_for_one(invent: Invent) -> None:
    cases = [invent() for _ in range(12)]
    scans = [write_scan(case) for case in cases]
    assert len(set(scans)) == len(scans)
    assert scans == [write_scan(case) for case in cases]
