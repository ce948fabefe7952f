"""Whoever changes rows or files behind the history's back is found out, and what was changed is named."""

import orjson
import pytest
from sqlalchemy import text

from tests.unit.workflow.audit.attack import CASE, last_event_about, named, read_event, run, verified, write_event
from tests.unit.workflow.audit.lived import attacking, check
from workflow.audit.tlog.canonical import encode
from workflow.engine.campaign import Campaign


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("state", "'presented'"),
        ("version", "version + 1"),
        ("trail", "'drafted'"),
        ("unit", "'武汉市'"),
        ("route", "'别的案例'"),
        ("form_id", "1"),
        ("received_at", "'2024-06-01T00:00:00.000000Z'"),
        ("received_proven", "NOT received_proven"),
        ("recommended_at", "'2024-06-01T00:00:00.000000Z'"),
        ("review_id", "1"),
        ("survey_id", "1"),
        ("scores", "9"),
        ("score_total", "score_total + 1"),
        ("selected_place", "1"),
    ],
)
def test_a_case_changed_without_an_event(lived: Campaign, column: str, value: str) -> None:
    with attacking(lived) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE cases DROP CONSTRAINT case_trail"))
        run(connection, f"UPDATE cases SET {column} = {value} WHERE id = 2")
        problems = verified(lived, connection)
        assert named(problems) == {(CASE, "row-differs", column)}
        assert problems[0].since == last_event_about(connection, 2)


def test_a_case_removed(lived: Campaign) -> None:
    with attacking(lived) as connection:
        run(connection, "DELETE FROM cases WHERE id = 2")
        assert named(verified(lived, connection)) == {(CASE, "event-without-row", None)}


def test_a_case_smuggled_in(lived: Campaign) -> None:
    with attacking(lived) as connection:
        columns = "state, version, trail, unit, route, received_at, received_proven, scores, score_total"
        run(connection, f"INSERT INTO cases (id, {columns}) SELECT 99, {columns} FROM cases WHERE id = 10")
        assert named(verified(lived, connection)) == {("cases/99", "row-without-event", None)}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("recipient", "'别处'"),
        ("kind", "'别的'"),
        ("address", "'elsewhere@example.example'"),
        ("sha256", "'00'"),
        ("cases", "'[]'"),
        ("queued_at", "'2024-06-01T00:00:00.000000Z'"),
        ("state", "'cancelled'"),
        ("attempts", "attempts + 1"),
        ("answer", "'550'"),
        ("sent_at", "'2024-06-01T00:00:00.000000Z'"),
    ],
)
def test_a_letter_changed_without_an_event(lived: Campaign, column: str, value: str) -> None:
    with attacking(lived) as connection:
        key = run(connection, "SELECT message_id FROM letters WHERE state = 'sent' ORDER BY id DESC").scalar()
        run(connection, f"UPDATE letters SET {column} = {value} WHERE message_id = :key", key=key)
        problems = verified(lived, connection)
        assert named(problems) == {(f"letters/{key}", "row-differs", column)}
        _, event = read_event(connection, f"seq = {problems[0].since}")
        assert event["letter"] == key
        assert event["to"] == "sent"


def test_a_letters_cases_are_those_its_event_tells(lived: Campaign) -> None:
    with attacking(lived) as connection:
        key = run(connection, "SELECT message_id FROM letters ORDER BY id").scalar()
        numbers = orjson.loads(str(run(connection, "SELECT CAST(cases AS TEXT) FROM letters ORDER BY id").scalar()))
        run(connection, "UPDATE letters SET cases = '[\"2024-0099\"]' WHERE message_id = :key", key=key)
        (problem,) = verified(lived, connection)
        assert (problem.values["found"], problem.values["expected"]) == (("2024-0099",), tuple(numbers))


def test_a_letters_cases_where_its_event_cannot_be_found_again(lived: Campaign) -> None:
    with attacking(lived) as connection:
        seq, event = read_event(connection, "seq = (SELECT min(seq) FROM events WHERE kind = 'letter')")
        old, key = event["letter"], "<another@letter.example>"
        write_event(connection, seq, encode({**event, "letter": key, "seq": 10**6}))
        run(connection, "UPDATE letters SET message_id = :key, cases = '[]' WHERE message_id = :old", key=key, old=old)
        differing = {
            problem.values["column"]: problem.values["expected"]
            for problem in verified(lived, connection)
            if problem.where == f"letters/{key}" and problem.what == "row-differs"
        }
        assert len(bytes.fromhex(differing["cases"])) == 32


def test_a_letter_reworded(lived: Campaign) -> None:
    with attacking(lived) as connection:
        key, message = run(connection, "SELECT message_id, message FROM letters ORDER BY id DESC").first()
        run(
            connection,
            "UPDATE letters SET message = :message WHERE message_id = :key",
            key=key,
            message=bytes(message).replace(b"Subject:", b"Subject: "),
        )
        assert named(verified(lived, connection)) == {(f"letters/{key}", "letter-altered", None)}


def test_a_letter_removed(lived: Campaign) -> None:
    with attacking(lived) as connection:
        key = run(connection, "SELECT message_id FROM letters ORDER BY id DESC").scalar()
        run(connection, "DELETE FROM letters WHERE message_id = :key", key=key)
        assert named(verified(lived, connection)) == {(f"letters/{key}", "event-without-row", None)}


def test_a_letter_smuggled_in(lived: Campaign) -> None:
    with attacking(lived) as connection:
        columns = "batch_id, recipient, address, subject, message, sha256, cases, attempts, tries, answer, queued_at"
        run(
            connection,
            f"INSERT INTO letters (message_id, kind, state, {columns}) "
            f"SELECT '<forged@mail.example>', 'forged', 'queued', {columns} FROM letters WHERE id = 1",
        )
        assert named(verified(lived, connection)) == {("letters/<forged@mail.example>", "row-without-event", None)}


@pytest.mark.parametrize(
    ("change", "where", "what", "column"),
    [
        ("UPDATE batches SET why = '另有原因' WHERE id = 16", "batches/16", "row-differs", "why"),
        ("UPDATE batches SET account = 'nobody' WHERE id = 16", "batches/16", "row-differs", "account"),
        ("UPDATE batches SET at = '2024-06-01T00:00:00.000000Z' WHERE id = 16", "batches/16", "row-differs", "at"),
        ("UPDATE submissions SET unit = '武汉市' WHERE id = 1", "submissions/1", "row-differs", "unit"),
        ("UPDATE submissions SET received_at = NULL WHERE id = 1", "submissions/1", "row-differs", "received_at"),
        ("UPDATE submissions SET status = 'taken' WHERE id = 12", "submissions/12", "row-differs", "status"),
        ("UPDATE forms SET categories = '1' WHERE id = 2", "forms/2", "form-altered", None),
        ("UPDATE forms SET summary_characters = 1 WHERE id = 2", "forms/2", "form-altered", None),
        ("UPDATE forms SET content = content || '。' WHERE id = 2", "forms/2", "form-altered", None),
        ("UPDATE forms SET applicant_opinion = NOT applicant_opinion WHERE id = 2", "forms/2", "form-altered", None),
        ("UPDATE personal SET contact_phone = '' WHERE form_id = 2", "personal/2", "person-altered", "contact_phone"),
        ("UPDATE forms SET scans = 0 WHERE id = 2", "forms/2", "form-altered", None),
        ("UPDATE forms SET case_id = 3 WHERE id = 2", "forms/2", "row-differs", "case_id"),
        ("DELETE FROM forms WHERE id = 1", "forms/1", "event-without-row", None),
        ("UPDATE reviews SET standards_met = '1' WHERE id = 2", "reviews/2", "row-differs", "standards_met"),
        ("UPDATE reviews SET reviewer = '乙' WHERE id = 2", "reviews/2", "row-differs", "reviewer"),
        ("DELETE FROM reviews WHERE case_id = 2", "reviews/2024-0002", "event-without-row", None),
        ("UPDATE surveys SET verified = NOT verified WHERE id = 1", "surveys/1", "row-differs", "verified"),
        (
            "UPDATE scores SET hundredths = 10000 WHERE case_id = 2 AND judge = '评委乙'",
            "scores/2024-0002/评委乙",
            "row-differs",
            "hundredths",
        ),
        (
            "DELETE FROM scores WHERE case_id = 2 AND judge = '评委乙'",
            "scores/2024-0002/评委乙",
            "event-without-row",
            None,
        ),
        (
            "INSERT INTO scores (case_id, judge, hundredths, note, recorded_at) VALUES (2, '评委丁', 1, '', '')",
            "scores/2024-0002/评委丁",
            "row-without-event",
            None,
        ),
        (
            "INSERT INTO staff (account, role, since) VALUES ('nobody', 'organiser', '')",
            "staff/nobody",
            "row-without-event",
            None,
        ),
        ("UPDATE campaign SET rehearsal = NOT rehearsal", "campaign", "row-differs", "rehearsal"),
        (
            "UPDATE campaign SET mail_paused_at = created_at, mail_paused_by = 'nobody', mail_paused_why = ''",
            "campaign",
            "row-differs",
            "mail_paused_by",
        ),
    ],
)
def test_any_other_row_changed_without_an_event(
    lived: Campaign, change: str, where: str, what: str, column: str | None
) -> None:
    with attacking(lived) as connection:
        run(connection, change)
        problems = verified(lived, connection)
        assert (where, what, column) in named(problems)
        assert {problem.where for problem in problems} <= {where, CASE}


def test_the_rule_book_rewritten(lived: Campaign) -> None:
    with attacking(lived) as connection:
        key, source = run(connection, "SELECT sha256, source FROM edition_versions").one()
        changed = bytes(source).replace(b"quota = 8", b"quota = 9")
        assert changed != bytes(source)
        run(connection, "UPDATE edition_versions SET source = :source", source=changed)
        assert named(verified(lived, connection)) == {(f"editions/{key}", "edition-altered", None)}


def test_an_original_struck_from_the_list(lived: Campaign) -> None:
    with attacking(lived) as connection:
        digest = run(connection, "SELECT sha256 FROM originals WHERE submission_id = 1 AND role <> 'mail'").scalar()
        run(connection, "DELETE FROM originals WHERE sha256 = :digest", digest=digest)
        assert named(verified(lived, connection)) == {(f"originals/{digest}", "event-without-row", None)}


def test_an_original_altered_and_one_removed(lived: Campaign) -> None:
    files = sorted(path for path in lived.originals.folder.rglob("*") if path.is_file())
    altered, removed = files[0], files[-1]
    kept = {path: path.read_bytes() for path in (altered, removed)}
    try:
        altered.chmod(0o644)
        altered.write_bytes(bytes([kept[altered][0] ^ 1]) + kept[altered][1:])
        removed.unlink()
        assert named(check(lived).problems) == {
            (f"originals/{altered.name}", "original-altered", None),
            (f"originals/{removed.name}", "original-missing", None),
        }
    finally:
        for path, data in kept.items():
            path.write_bytes(data)
    assert check(lived).ok


def test_values_that_no_column_can_hold(lived: Campaign) -> None:
    if lived.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL holds columns to their types")
    with attacking(lived) as connection:
        for column in ("scans", "content", "filename"):
            run(connection, f"UPDATE forms SET {column} = x'ff00' WHERE id = 2")
        run(connection, "UPDATE originals SET sha256 = x'ff' WHERE id = 2")
        run(connection, "UPDATE letters SET cases = '[', message = 'text' WHERE id = 2")
        run(connection, "UPDATE events SET leaf = 'text' WHERE seq = 20")
        problems = {problem.what for problem in verified(lived, connection)}
        assert {"form-altered", "row-without-event", "letter-altered", "leaf-unreadable"} <= problems
