"""Mails as intake has read them, and their forms, without a byte of mail: what deciding about them begins with."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from workflow.intake.dossier import Dossier
from workflow.intake.form import RecommendationForm
from workflow.intake.scan import Scan
from workflow.intake.submission import Submission

IN_TIME = datetime(2024, 6, 20, 2, 12, tzinfo=UTC)
SENDER = "wxb@wuhan.example"
_SOUND = RecommendationForm(
    applicant="示例单位",
    name="甲案",
    categories=(3,),
    contact_person="联系人甲",
    contact_phone="027-60000000",
    address="湖北省示例市示例路1号",
    summary="简介。" * 20,
    content="内容。" * 300,
    applicant_opinion="同意申报。",
    recommender_opinion="同意推荐。",
    headings_missing=(),
)


def dossier(name: str = "甲案", applicant: str = "示例单位", text: str = "", **changes: Any) -> Dossier:
    """A sound form with its scan; ``text`` tells it from others of the same case."""
    digest = sha256(f"{name}|{applicant}|{text}".encode()).hexdigest()
    values: dict[str, Any] = {
        "form": RecommendationForm(**{**vars(_SOUND), "name": name, "applicant": applicant}),
        "form_filename": "推荐表.docx",
        "form_sha256": digest,
        "scans": (Scan("盖章.pdf", "pdf", digest),),
        "pictures": (),
        "videos": (),
        "documents": (digest,),
        "filenames": ("推荐表.docx",),
        "reasons": (),
    }
    return Dossier(**values | changes)


def submission(*dossiers: Dossier, **changes: Any) -> Submission:
    """A mail with these forms, received in time as a server wrote down."""
    digest = sha256(repr((dossiers, sorted(changes.items()))).encode()).hexdigest()
    values: dict[str, Any] = {
        "message_id": f"<{digest[:16]}@mail.example>",
        "sha256": digest,
        "sender_address": SENDER,
        "sender_name": "",
        "subject": "案例",
        "received_at": IN_TIME,
        "received_proven": True,
        "dossiers": dossiers,
        "report": None,
        "originals": (),
        "unpaired": (),
        "reasons": (),
    }
    return Submission(**values | changes)
