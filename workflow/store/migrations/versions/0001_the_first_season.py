"""The first season."""

import sqlalchemy as sa
from alembic import op

from workflow.store.migrations.protection import allow_erasing, protect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_POINTS_BACK = (
    sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name="case_form_id"),
    sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name="case_review_id"),
    sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name="case_survey_id"),
)


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("trail", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("received_proven", sa.Boolean(), nullable=False),
        sa.Column("recommended_at", sa.Text(), nullable=True),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column("survey_id", sa.Integer(), nullable=True),
        sa.Column("scores", sa.Integer(), nullable=False),
        sa.Column("score_total", sa.Integer(), nullable=False),
        sa.Column("selected_place", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('lapsed', 'declined', 'withdrawn', 'disqualified')) = (trail <> '')", name="case_trail"
        ),
        sa.CheckConstraint(
            "state IN ('drafted', 'recommended', 'prechecked', 'shortlisted', 'presented', 'surveyed', 'selected', 'archived', 'lapsed', 'declined', 'withdrawn', 'disqualified')",
            name="case_state",
        ),
        sa.CheckConstraint(
            "state NOT IN ('drafted', 'lapsed', 'withdrawn') OR recommended_at IS NULL", name="case_place_freed"
        ),
        sa.CheckConstraint(
            "state NOT IN ('prechecked', 'shortlisted', 'presented', 'surveyed', 'selected', 'archived') OR review_id IS NOT NULL",
            name="case_reviewed",
        ),
        sa.CheckConstraint(
            "state NOT IN ('presented', 'surveyed', 'selected', 'archived') OR scores > 0", name="case_scored"
        ),
        sa.CheckConstraint(
            "state NOT IN ('recommended', 'prechecked', 'shortlisted', 'presented', 'surveyed', 'selected', 'archived', 'declined') OR recommended_at IS NOT NULL",
            name="case_recommended",
        ),
        sa.CheckConstraint("state NOT IN ('selected', 'archived') OR selected_place IS NOT NULL", name="case_placed"),
        sa.CheckConstraint(
            "state NOT IN ('surveyed', 'selected', 'archived') OR survey_id IS NOT NULL", name="case_surveyed"
        ),
        *(_POINTS_BACK if _on_sqlite() else ()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("case_route", "cases", ["route", "unit"], unique=False)

    op.create_table(
        "edition_versions",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("adopted_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "staff",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account"),
    )
    op.create_table(
        "submissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("received_at", sa.Text(), nullable=True),
        sa.Column("received_proven", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("taken_at", sa.Text(), nullable=False),
        sa.CheckConstraint("status IN ('taken', 'partly-taken', 'set-aside', 'refused')", name="submission_status"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sha256"),
    )
    op.create_index("submission_message", "submissions", ["message_id"], unique=False)
    op.create_table(
        "fetches",
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("uid", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("mailbox", "uidvalidity", "uid"),
    )

    op.create_table(
        "batches",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("trigger", sa.String(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("edition_sha256", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.CheckConstraint("asked = moved + refused", name="batch_adds_up"),
        sa.ForeignKeyConstraint(
            ["edition_sha256"],
            ["edition_versions.sha256"],
        ),
        sa.ForeignKeyConstraint(
            ["undoes"],
            ["batches.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_batches_undoes", "batches", ["undoes"], unique=False)

    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("edition_sha256", sa.String(), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("mail_paused_at", sa.Text(), nullable=True),
        sa.Column("mail_paused_by", sa.String(), nullable=True),
        sa.Column("mail_paused_why", sa.String(), nullable=True),
        sa.CheckConstraint("id = 1", name="campaign_is_one"),
        sa.CheckConstraint(
            "(mail_paused_at IS NULL) = (mail_paused_by IS NULL) "
            "AND (mail_paused_at IS NULL) = (mail_paused_why IS NULL)",
            name="campaign_mail_paused",
        ),
        sa.ForeignKeyConstraint(
            ["edition_sha256"],
            ["edition_versions.sha256"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("received_proven", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("applicant", sa.String(), nullable=False),
        sa.Column("categories", sa.String(), nullable=False),
        sa.Column("summary_characters", sa.Integer(), nullable=False),
        sa.Column("content_characters", sa.Integer(), nullable=False),
        sa.Column("headings_missing", sa.String(), nullable=False),
        sa.Column("applicant_opinion", sa.Boolean(), nullable=False),
        sa.Column("recommender_opinion", sa.Boolean(), nullable=False),
        sa.Column("scans", sa.Integer(), nullable=False),
        sa.Column("media", sa.String(), nullable=False),
        sa.Column("documents", sa.String(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("applicant_opinion_text", sa.Text(), nullable=False),
        sa.Column("recommender_opinion_text", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_forms_case_id", "forms", ["case_id"], unique=False)
    op.create_index("ix_forms_submission_id", "forms", ["submission_id"], unique=False)

    op.create_table(
        "personal",
        sa.Column("form_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("contact_person", sa.String(), nullable=True),
        sa.Column("contact_person_salt", sa.LargeBinary(), nullable=True),
        sa.Column("contact_phone", sa.String(), nullable=True),
        sa.Column("contact_phone_salt", sa.LargeBinary(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("address_salt", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(address IS NULL) = (address_salt IS NULL)", name="personal_address"),
        sa.CheckConstraint("(contact_person IS NULL) = (contact_person_salt IS NULL)", name="personal_contact_person"),
        sa.CheckConstraint("(contact_phone IS NULL) = (contact_phone_salt IS NULL)", name="personal_contact_phone"),
        sa.ForeignKeyConstraint(
            ["form_id"],
            ["forms.id"],
        ),
        sa.PrimaryKeyConstraint("form_id"),
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("reviewer", sa.String(), nullable=False),
        sa.Column("standards_met", sa.String(), nullable=False),
        sa.Column("implemented_from", sa.String(), nullable=False),
        sa.Column("implemented_until", sa.String(), nullable=False),
        sa.Column("mainly_hubei", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_reviews_case_id", "reviews", ["case_id"], unique=False)

    op.create_table(
        "scores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("judge", sa.String(), nullable=False),
        sa.Column("hundredths", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.CheckConstraint("hundredths BETWEEN 0 AND 10000", name="score_range"),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "judge", name="score_once_a_judge"),
    )
    op.create_index("ix_scores_case_id", "scores", ["case_id"], unique=False)

    op.create_table(
        "surveys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("surveyor", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.CheckConstraint("mode IN ('online', 'onsite')", name="survey_mode"),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_surveys_case_id", "surveys", ["case_id"], unique=False)

    op.create_table(
        "events",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batches.id"],
        ),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("event_batch", "events", ["batch_id", "kind"], unique=False)
    op.create_index("event_case", "events", ["case_id"], unique=False)

    op.create_table(
        "nodes",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "place"),
    )
    op.create_table(
        "checkpoints",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size"),
    )
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("message", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("cases", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("queued_at", sa.String(), nullable=False),
        sa.Column("sent_at", sa.String(), nullable=True),
        sa.Column("next_try", sa.String(), nullable=True),
        sa.Column("leased_until", sa.String(), nullable=True),
        sa.Column("held_at", sa.String(), nullable=True),
        sa.Column("reported_at", sa.String(), nullable=True),
        sa.CheckConstraint("state <> 'sent' OR sent_at IS NOT NULL", name="letter_sent"),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'failed', 'unknown', 'cancelled', 'bounced')", name="letter_state"
        ),
        sa.CheckConstraint("(state = 'sending') = (leased_until IS NOT NULL)", name="letter_leased"),
        sa.CheckConstraint("state = 'queued' OR next_try IS NULL", name="letter_rests"),
        sa.CheckConstraint("state = 'queued' OR held_at IS NULL", name="letter_held"),
        sa.CheckConstraint("state IN ('failed', 'unknown', 'bounced') OR reported_at IS NULL", name="letter_reported"),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batches.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("batch_id", "recipient", "kind", name="letter_once"),
        sa.UniqueConstraint("message_id"),
    )
    op.create_index("letter_by_state", "letters", ["state", "id"], unique=False)

    op.create_table(
        "originals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=True),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_id"],
            ["forms.id"],
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_originals_form_id", "originals", ["form_id"], unique=False)
    op.create_index("ix_originals_submission_id", "originals", ["submission_id"], unique=False)
    op.create_index("original_sha256", "originals", ["sha256"], unique=False)

    op.create_table(
        "firings",
        sa.Column("batch_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("deadline", sa.String(), nullable=False),
        sa.Column("due", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.CheckConstraint("outcome IN ('fired', 'skipped')", name="firing_outcome"),
        sa.CheckConstraint("(outcome = 'skipped') = (why <> '')", name="firing_why"),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batches.id"],
        ),
        sa.PrimaryKeyConstraint("batch_id"),
        sa.UniqueConstraint("edition", "deadline", "due", name="firing_once"),
    )
    op.create_table(
        "heartbeats",
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("next_due", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("machine"),
    )
    if not _on_sqlite():
        op.create_foreign_key("case_form_id", "cases", "forms", ["form_id"], ["id"])
        op.create_foreign_key("case_review_id", "cases", "reviews", ["review_id"], ["id"])
        op.create_foreign_key("case_survey_id", "cases", "surveys", ["survey_id"], ["id"])
    protect("events", ["seq"], "UPDATE", "DELETE")
    protect("nodes", ["level", "place"], "UPDATE", "DELETE")
    protect("checkpoints", ["size"], "UPDATE", "DELETE")
    protect("edition_versions", ["sha256"], "UPDATE", "DELETE")
    protect("forms", ["id"], "UPDATE", "DELETE")
    protect("originals", ["id"], "UPDATE", "DELETE")
    protect("fetches", ["mailbox", "uidvalidity", "uid"], "UPDATE", "DELETE")
    protect("personal", ["form_id"], "DELETE")
    allow_erasing("personal", "form_id", "contact_person", "contact_phone", "address")
    protect("cases", ["id"], "DELETE")
    protect("batches", ["id"], "DELETE")
    protect("firings", ["batch_id"], "UPDATE", "DELETE")
    protect("firings", ["edition", "deadline", "due"])
