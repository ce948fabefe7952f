from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from workflow.demo.postbag import Postbag, fill_mailbox
from workflow.intake.submission import read_submission

UNITS = {"十堰市": ("wxb@shiyan.example", 3), "湖北省总工会": ("zgh@union.example", 2)}
CORRECTED_AT = datetime(2024, 7, 8, 2, 12, tzinfo=UTC)
OPENS = datetime(2024, 5, 28, 1, tzinfo=UTC)
SAMPLES = 12


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mailbox")


@pytest.fixture(scope="module")
def postbag(folder: Path) -> Postbag:
    return fill_mailbox(folder, UNITS, 2024, 2024, CORRECTED_AT)


def test_every_file_in_the_folder_is_in_the_bag_once(folder: Path, postbag: Postbag) -> None:
    paths = [mail.path for mail in postbag.mails]
    assert sorted(paths) == sorted(folder.iterdir())
    assert [mail.received_at for mail in postbag.mails] == sorted(mail.received_at for mail in postbag.mails)


def test_mails_arrive_in_half_open_spans(postbag: Postbag) -> None:
    middle = postbag.mails[5].received_at
    early, late = postbag.arrived(OPENS, middle), postbag.arrived(middle, CORRECTED_AT + timedelta(seconds=1))
    assert [*early, *late] == [mail.path for mail in postbag.mails]
    assert postbag.mails[5].path in late


def test_one_mail_comes_twice_byte_for_byte(folder: Path) -> None:
    (again,) = folder.glob("*-twice.eml")
    assert again.read_bytes() == (folder / again.name.replace("-twice", "")).read_bytes()


def test_the_returned_case_comes_again_as_it_was(folder: Path, postbag: Postbag) -> None:
    assert postbag.returned is not None
    (corrected,) = folder.glob("corrected-*.eml")
    submission = read_submission(corrected.read_bytes())
    assert submission.received_at == CORRECTED_AT
    assert [dossier.form.name for dossier in submission.dossiers] == [postbag.returned.case.name]
    assert submission.dossiers[0].form.applicant == postbag.returned.case.applicant


def test_samples_alone_need_no_invention(tmp_path: Path) -> None:
    postbag = fill_mailbox(tmp_path, {"十堰市": ("wxb@shiyan.example", 0)}, 2024, 2024, CORRECTED_AT)
    assert len(postbag.mails) == SAMPLES
    assert postbag.returned is None
