import pytest

from workflow.demo.places import find_place
from workflow.demo.submissions import write_mail
from workflow.demo.timetable import PlannedMail, plan_season
from workflow.intake.submission import Submission, read_submission

UNITS = {
    "武汉市": ("wxb@wuhan.example", 8),
    "恩施州": ("wxb@enshi.example", 6),
    "神农架林区": ("wxb@shennongjia.example", 3),
    "天门市": ("wxb@tianmen.example", 3),
    "湖北省教育厅": ("jyt@edu.example", 3),
    "荆楚示例网": ("bianji@news.example", 6),
    "楚天示例网": ("bianji@chutian.example", 6),
}


@pytest.fixture(scope="module")
def taken_in() -> list[tuple[PlannedMail, Submission]]:
    return [(mail, read_submission(write_mail(mail))) for mail in plan_season(UNITS)]


def test_every_form_is_read_as_it_was_filled(taken_in: list[tuple[PlannedMail, Submission]]) -> None:
    for mail, submission in taken_in:
        for case, dossier in zip(mail.cases, submission.dossiers, strict=True):
            form = dossier.form
            assert (form.name, form.applicant, form.categories) == (case.name, case.applicant, (case.category,))
            assert (form.contact_person, form.contact_phone, form.address) == (case.contact, case.phone, case.address)
            assert form.summary == case.summary
            assert form.content.split() == case.content.split()
            assert form.headings_missing == ()
            assert form.applicant_opinion == case.applicant_opinion
            assert form.recommender_opinion == case.recommender_opinion


def test_scans_and_media_find_their_case(taken_in: list[tuple[PlannedMail, Submission]]) -> None:
    for mail, submission in taken_in:
        assert submission.unpaired == ()
        for case, dossier in zip(mail.cases, submission.dossiers, strict=True):
            assert dossier.reasons == ()
            assert len(dossier.scans) == 1
            assert [picture.filename.rpartition(".")[2] for picture in dossier.pictures] == list(case.pictures)
            assert all(picture.dpi > 299.99 for picture in dossier.pictures)
            assert all(0 < picture.caption_characters <= 50 for picture in dossier.pictures)
            assert len(dossier.videos) == (case.video is not None)
            for video in dossier.videos:
                size = (1080, 1920) if case.video == "portrait" else (1920, 1080)
                assert (video.width, video.height) == size
                assert 0 < video.caption_characters <= 200


def test_time_is_proven_where_servers_left_their_stamp(taken_in: list[tuple[PlannedMail, Submission]]) -> None:
    for mail, submission in taken_in:
        assert (submission.received_at, submission.received_proven) == (mail.sent_at, mail.stamped)
        assert submission.message_id == mail.message_id
        assert submission.sender_address == mail.address


def test_report_agrees_with_the_forms(taken_in: list[tuple[PlannedMail, Submission]]) -> None:
    for mail, submission in taken_in:
        if mail.cases:
            assert {reason.code for reason in submission.reasons} <= {"received-time-unproven"}
            assert submission.report is not None
            assert submission.report.unit == find_place(mail.unit).office
        else:
            assert "no-form" in {reason.code for reason in submission.reasons}
