"""The bundle as a stranger gets it: a folder, checked by its own verify.py; every file of it tampered with in turn."""

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import text

import workflow.demo
from tests.builders.campaigns import MOMENTS, Draft, add_drafts, at, found_rehearsal, move
from workflow.audit.tlog.checkpoint import head_of
from workflow.audit.tlog.key import make_key, read_signing_key
from workflow.audit.tlog.note import sign
from workflow.engine import notary
from workflow.engine.campaign import Campaign
from workflow.engine.redaction import redact
from workflow.intake.take import take_in
from workflow.publish.bundle import sheets
from workflow.publish.bundle.contents import NothingSigned
from workflow.publish.bundle.folder import FolderTaken, export
from workflow.publish.bundle.sheets import Cell, neutralised

HOSTILE = '=HYPERLINK("https://evil.example","</script><script>alert(1)</script>")'
MAILBOX = Path(workflow.demo.__file__).parent / "mailbox"


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    folder = tmp_path_factory.mktemp("bundle")
    campaign = found_rehearsal(f"sqlite:///{folder / 'anli.db'}", folder)
    notary.make_signing_key(campaign, folder / "key")
    campaign = replace(campaign, key_file=folder / "key")
    list(take_in(campaign, [MAILBOX / "01-xiaogan.eml"]))
    add_drafts(campaign, [Draft("武汉市", HOSTILE, applicant="@SUM(A1)"), Draft("宜昌市", "示例案例")])
    (folder / "early.txt").write_text(notary.seal(campaign).note, encoding="utf-8")
    move(at(campaign, MOMENTS["recommend"]), "recommend", [6, 7])
    yield at(campaign, MOMENTS["recommend"])
    campaign.engine.dispose()


@pytest.fixture(scope="module")
def bundle(campaign: Campaign, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handed") / "history"
    export(campaign, folder)
    return folder


@pytest.fixture
def copy(bundle: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(bundle, tmp_path / "copy"))


def verify(folder: Path, *words: object) -> tuple[int, str]:
    """Run the folder's own program as a stranger would, with nothing of ours in reach."""
    command = [sys.executable, "-I", str(folder / "verify.py"), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder.parent)
    assert done.stderr == ""
    return done.returncode, done.stdout


def early(campaign: Campaign) -> Path:
    assert campaign.key_file is not None
    return campaign.key_file.parent / "early.txt"


def test_a_stranger_finds_it_sound(bundle: Path, campaign: Campaign) -> None:
    status, said = verify(bundle, early(campaign))
    assert status == 0
    assert "WRONG" not in said
    assert "?" not in said
    assert said.count("proves event") == 7
    assert "early.txt: signed by the public key" in said
    assert said.splitlines()[-1].startswith("VERDICT 核验通过")
    assert "PASSED" in said.splitlines()[-1]


def test_the_line_from_the_minutes(bundle: Path, tmp_path: Path, campaign: Campaign) -> None:
    answer = export(campaign, tmp_path / "again")
    assert verify(bundle, answer["line"])[0] == 0
    size, _, letters = answer["line"].partition(" ")
    assert verify(bundle, f"{size} {letters[:-1]}{'0' if letters[-1] != '0' else '1'}")[0] == 4


def test_it_holds_nothing_of_what_was_erased_nor_of_what_was_not(tmp_path: Path) -> None:
    campaign = found_rehearsal(f"sqlite:///{tmp_path / 'anli.db'}", tmp_path)
    notary.make_signing_key(campaign, tmp_path / "key")
    campaign = replace(campaign, key_file=tmp_path / "key")
    list(take_in(campaign, [MAILBOX / "01-xiaogan.eml"]))
    with campaign.reading() as connection:
        said = connection.execute(text("SELECT contact_person, contact_phone, address FROM personal")).all()
    before = prepare(campaign, tmp_path / "before")
    redact(campaign, "2024-0001", [], "本人请求")
    after = prepare(campaign, tmp_path / "after")
    campaign.engine.dispose()
    for folder in (before, after):
        assert verify(folder)[0] == 0
        pages = b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())
        assert not any(word.encode() in pages for row in said for word in row)
    (erasure,) = [line for line in (after / "events.jsonl").read_bytes().splitlines() if b'"kind":"redaction"' in line]
    assert json.loads(erasure)["why"] == "本人请求"


def prepare(campaign: Campaign, folder: Path) -> Path:
    export(campaign, folder)
    return folder


def test_the_events_are_the_exact_bytes(bundle: Path, campaign: Campaign) -> None:
    with campaign.reading() as connection:
        leaves = connection.exec_driver_sql("SELECT leaf FROM events ORDER BY seq").scalars().all()
    assert (bundle / "events.jsonl").read_bytes().split(b"\n")[:-1] == [bytes(leaf) for leaf in leaves]


def flip(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


@pytest.mark.parametrize("share", [0.001, 0.2, 0.5, 0.8, 0.99])
@pytest.mark.parametrize("name", ["events.jsonl", "public-key.txt", "checkpoints", "proofs"])
def test_one_byte_changed(copy: Path, name: str, share: float) -> None:
    file = copy / name
    if file.is_dir():
        file = max(file.iterdir())
    data = file.read_bytes()
    file.write_bytes(flip(data, int(len(data.rstrip()) * share)))
    status, said = verify(copy)
    assert status == 4
    assert "WRONG" in said


def drop(lines: list[bytes]) -> list[bytes]:
    return [*lines[:9], *lines[10:]]


def swap(lines: list[bytes]) -> list[bytes]:
    return [*lines[:9], lines[10], lines[9], *lines[11:]]


def cut(lines: list[bytes]) -> list[bytes]:
    return lines[:-2]


def repeat(lines: list[bytes]) -> list[bytes]:
    return [*lines[:9], lines[9], *lines[9:]]


@pytest.mark.parametrize("change", [drop, swap, cut, repeat], ids=lambda change: change.__name__)
def test_events_removed_moved_or_added(copy: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    file = copy / "events.jsonl"
    lines = file.read_bytes().split(b"\n")[:-1]
    file.write_bytes(b"".join(line + b"\n" for line in change(lines)))
    assert verify(copy)[0] == 4


@pytest.mark.parametrize("name", ["events.jsonl", "public-key.txt", "checkpoints", "proofs"])
def test_a_file_missing(copy: Path, name: str) -> None:
    if (copy / name).is_dir():
        shutil.rmtree(copy / name)
    else:
        (copy / name).unlink()
    status, said = verify(copy)
    assert status == 4
    assert "missing" in said


def lines_of(folder: Path) -> list[bytes]:
    return (folder / "events.jsonl").read_bytes().splitlines()


def write_lines(folder: Path, lines: list[bytes]) -> None:
    (folder / "events.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))


def latest(folder: Path, kind: str = "checkpoints") -> Path:
    return max((folder / kind).iterdir())


def empty(folder: Path, *kinds: str) -> None:
    for kind in kinds:
        for file in (folder / kind).iterdir():
            file.unlink()


def exchange(one: Path, other: Path) -> None:
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def make_up(folder: Path, **fields: str) -> None:
    """An event after the last checkpoint."""
    lines = lines_of(folder)
    event = json.loads(lines[-1])
    write_lines(folder, [*lines, json.dumps({**event, "seq": event["seq"] + 1, **fields}).encode()])


def rewrite_from(folder: Path, place: int) -> None:
    """Another account behind an event, the rest as it was."""
    lines = lines_of(folder)
    event = json.loads(lines[place])
    event["actor"]["account"] = "somebody"
    write_lines(folder, [*lines[:place], json.dumps(event, sort_keys=True).encode(), *lines[place + 1 :]])


def sign_anew(folder: Path) -> None:
    """All checkpoints signed by another key, which the folder then names."""
    name = (folder / "public-key.txt").read_text("utf-8").partition("+")[0]
    key_file = folder.parent / "forged"
    make_key(name, key_file)
    forged = read_signing_key(key_file)
    for file in (folder / "checkpoints").iterdir():
        file.write_text(sign(str(head_of(file.read_text("utf-8"))), forged), "utf-8")
    (folder / "public-key.txt").write_text(f"{forged.public}\n", "utf-8")


def rename(file: Path, name: str) -> None:
    file.rename(file.with_name(name))


PROOFS = ("2024-0001.tlog-proof", "2024-0006.tlog-proof", "2024-0007.tlog-proof")
ALTERED: dict[str, tuple[int, Callable[[Path], object]]] = {
    "no checkpoint": (4, lambda folder: empty(folder, "checkpoints")),
    "no proof": (4, lambda folder: empty(folder, "proofs")),
    "no checkpoint and no proof": (4, lambda folder: empty(folder, "checkpoints", "proofs")),
    "proofs of two cases exchanged": (4, lambda folder: exchange(*(folder / "proofs" / name for name in PROOFS[:2]))),
    "one proof gone": (4, lambda folder: (folder / "proofs" / PROOFS[1]).unlink()),
    "a proof for a case that is none": (
        4,
        lambda folder: rename(folder / "proofs" / PROOFS[2], "2024-0099.tlog-proof"),
    ),
    "a proof twice": (
        4,
        lambda folder: shutil.copyfile(folder / "proofs" / PROOFS[0], folder / "proofs" / "2024-0042.tlog-proof"),
    ),
    "an earlier event proved": (4, lambda folder: shutil.copyfile(*(folder / "proofs" / name for name in PROOFS[1:]))),
    "an event made up at the end": (3, make_up),
    "an event of a case made up at the end": (4, lambda folder: make_up(folder, case="2024-0007")),
    "the last checkpoint gone, proofs and all": (4, lambda folder: latest(folder).unlink()),
    "a checkpoint under another size": (4, lambda folder: rename(latest(folder), "000000999.txt")),
    "two checkpoints exchanged": (
        4,
        lambda folder: exchange(min((folder / "checkpoints").iterdir()), latest(folder)),
    ),
    "a checkpoint emptied": (4, lambda folder: latest(folder).write_text("", "utf-8")),
    "a checkpoint without its signature": (
        4,
        lambda folder: latest(folder).write_text(
            latest(folder).read_text("utf-8").partition("\n\n")[0] + "\n\n", "utf-8"
        ),
    ),
    "a proof emptied": (4, lambda folder: (folder / "proofs" / PROOFS[0]).write_text("", "utf-8")),
    "no key": (4, lambda folder: (folder / "public-key.txt").write_text("", "utf-8")),
    "all signed anew by another key": (4, sign_anew),
    "no event": (4, lambda folder: (folder / "events.jsonl").write_bytes(b"")),
    "the first event another's": (4, lambda folder: rewrite_from(folder, 0)),
    "the last event another's": (4, lambda folder: rewrite_from(folder, -1 + len(lines_of(folder)))),
    "an event in the middle another's": (4, lambda folder: rewrite_from(folder, 5)),
    "an event spelt otherwise": (
        4,
        lambda folder: write_lines(folder, [*lines_of(folder)[:-1], lines_of(folder)[-1].replace(b":", b": ", 1)]),
    ),
}


@pytest.mark.parametrize("altered", ALTERED)
def test_an_altered_bundle_does_not_pass(copy: Path, altered: str) -> None:
    expected, alter = ALTERED[altered]
    alter(copy)
    status, said = verify(copy)
    assert status == expected
    assert said.count("VERDICT") == 1
    verdict = said.splitlines()[-1]
    assert verdict.startswith("VERDICT ")
    assert ("FAILED" in verdict and "核验未通过" in verdict) == (expected == 4)
    assert ("INCOMPLETE" in verdict and "无从核验" in verdict) == (expected == 3)


def test_an_event_behind_the_last_checkpoint_is_named(copy: Path) -> None:
    count = len(lines_of(copy))
    make_up(copy)
    assert f"events {count + 1} to {count + 1}: covered by no sound checkpoint" in verify(copy)[1]


def test_a_whole_other_history_is_told_by_the_checkpoint_at_home(
    campaign: Campaign, tmp_path: Path, bundle: Path
) -> None:
    other = found_rehearsal(f"sqlite:///{tmp_path / 'other.db'}", tmp_path)
    notary.make_signing_key(other, tmp_path / "key")
    other = replace(other, key_file=tmp_path / "key")
    add_drafts(other, [Draft("武汉市", "另一案例"), Draft("宜昌市", "又一案例")])
    export(other, tmp_path / "forged")
    other.engine.dispose()
    assert verify(tmp_path / "forged")[0] == 0
    assert verify(tmp_path / "forged", early(campaign))[0] == 4
    assert verify(bundle, "", tmp_path / "key.pub")[0] == 4


def read_csv(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.reader(opened))


def test_tables_cite_the_event_and_the_checkpoint(bundle: Path) -> None:
    events = [json.loads(line) for line in (bundle / "events.jsonl").read_bytes().splitlines()]
    heading, *rows = read_csv(bundle / "events.csv")
    assert [int(row[0]) for row in rows] == [event["seq"] for event in events]
    assert [int(row[-2]) for row in rows] == list(range(len(events)))
    assert {int(row[-1]) for row in rows} == {len(events)}
    assert len(heading) == len(rows[0])
    for row in read_csv(bundle / "cases.csv")[1:]:
        assert events[int(row[-2])]["case"] == row[0]


def test_a_table_too_long_for_a_sheet_goes_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    book = Workbook(write_only=True)
    sheets._write_sheet(book, "events", ("seq",), [(seq,) for seq in range(7)])
    book.save(tmp_path / "long.xlsx")
    written = load_workbook(tmp_path / "long.xlsx")
    assert [[row[0] for row in sheet.values] for sheet in written] == [["seq", 0, 1, 2], ["seq", 3, 4, 5], ["seq", 6]]


def test_no_cell_is_a_formula(bundle: Path) -> None:
    cells = [cell for name in ("cases", "events") for row in read_csv(bundle / f"{name}.csv") for cell in row]
    assert f"'{HOSTILE}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    book = load_workbook(bundle / "history.xlsx")
    values: list[Any] = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == f"'{HOSTILE}" for cell in values)
    assert {cell.data_type for cell in values} <= {"s", "n"}
    assert [sheet.max_row for sheet in book] == [len(read_csv(bundle / f"{name}.csv")) for name in ("cases", "events")]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", " =1", "＝1", "－1"])
def test_what_a_sheet_might_take_for_a_formula(text: str) -> None:
    assert neutralised(text) == f"'{text}"


@pytest.mark.parametrize("value", ["a=1", "", "2024-06-20", 5, None, -5])
def test_what_no_sheet_takes_for_one(value: Cell) -> None:
    assert neutralised(value) == value


def test_a_folder_that_is_not_empty(campaign: Campaign, bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for taken in (bundle, tmp_path / "file"):
        with pytest.raises(FolderTaken):
            export(campaign, taken)


def test_nothing_signed_yet(tmp_path: Path) -> None:
    campaign = found_rehearsal(f"sqlite:///{tmp_path / 'anli.db'}", tmp_path)
    with pytest.raises(NothingSigned):
        export(campaign, tmp_path / "bundle")
    campaign.engine.dispose()
