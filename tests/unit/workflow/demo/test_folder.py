from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from workflow.demo.folder import FolderNameUnusable, FolderNotEmpty, FolderUnusable, make_folder


@pytest.fixture(autouse=True)
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_demo_gets_a_folder_of_its_own() -> None:
    assert [make_folder(None).path.name for _ in range(3)] == ["anli-demo", "anli-demo-2", "anli-demo-3"]


def test_folder_is_shown_from_the_working_folder(working_folder: Path) -> None:
    assert make_folder(working_folder / "kept" / "here").path == Path("kept/here")
    assert make_folder(Path("../elsewhere-of-" + working_folder.name)).path.is_absolute()


def test_database_and_mailbox_lie_in_the_folder() -> None:
    folder = make_folder(Path("my season"))
    assert make_url(folder.database).database == "my season/anli.db"
    assert folder.mailbox.is_dir()
    assert folder.sheets.is_dir()


def test_an_empty_folder_that_is_there_will_do() -> None:
    Path("ready").mkdir()
    assert make_folder(Path("ready")).mailbox.is_dir()


def test_a_folder_with_anything_in_it_is_left_alone() -> None:
    Path("full").mkdir()
    kept = Path("full/report.docx")
    kept.write_text("kept")
    with pytest.raises(FolderNotEmpty) as refused:
        make_folder(Path("full"))
    assert refused.value.values == {"folder": "full"}
    assert list(Path("full").iterdir()) == [kept]


def test_a_file_is_no_folder() -> None:
    Path("file").write_text("")
    with pytest.raises(FolderUnusable):
        make_folder(Path("file"))
    with pytest.raises(FolderUnusable):
        make_folder(Path("file/below"))


def test_a_name_that_a_url_would_cut_off_is_refused() -> None:
    with pytest.raises(FolderNameUnusable):
        make_folder(Path("what?"))
    assert not list(Path().iterdir())
