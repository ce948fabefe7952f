"""A database file that was cut short: whatever is left of it, nobody is told that all is well."""

import shutil
from pathlib import Path

import pytest

from tests.builders.campaigns import MOMENTS, add_drafts, at, found_rehearsal, move, plain_drafts
from workflow.audit.check.verify import verify
from workflow.engine.campaign import DatabaseMissing, resume
from workflow.errors import AnliError
from workflow.settings import Settings
from workflow.store.address import DatabaseUnusable
from workflow.store.failures import DatabaseDamaged

PAGE = 4096


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of some dozen pages, with all of its log folded in."""
    folder = tmp_path_factory.mktemp("whole")
    file = folder / "anli.db"
    campaign = found_rehearsal(f"sqlite:///{file}", folder)
    move(at(campaign, MOMENTS["recommend"]), "recommend", add_drafts(campaign, plain_drafts(["武汉市"], 30)))
    campaign.engine.dispose()
    assert not file.with_name("anli.db-wal").exists()
    return file


def what_is_said(file: Path) -> AnliError | bool:
    """What verifying it complains of, or whether it holds."""
    try:
        campaign = resume(Settings(f"sqlite:///{file}", "maildir:unused", "zh", None, file.parent), read_only=True)
        with campaign.reading() as connection:
            problems = verify(connection, campaign.originals).problems
            return all(problem.what == "original-missing" for problem in problems)
    except AnliError as error:
        return error


def test_the_whole_file_holds(whole: Path) -> None:
    assert what_is_said(whole) is True


@pytest.mark.parametrize("off", [1, PAGE // 2, 0])
def test_no_part_of_it_does(whole: Path, tmp_path: Path, off: int) -> None:
    file = tmp_path / "anli.db"
    said = set()
    for size in range(PAGE, whole.stat().st_size, 3 * PAGE):
        shutil.copy(whole, file)
        with file.open("r+b") as opened:
            opened.truncate(size - off)
        found = what_is_said(file)
        assert found is False or isinstance(found, DatabaseDamaged | DatabaseMissing | DatabaseUnusable), size
        said.add(type(found))
    assert DatabaseDamaged in said
