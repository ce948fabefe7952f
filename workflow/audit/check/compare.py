"""The live tables against the state that the events imply, row by row."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from hashlib import sha256

import orjson
from sqlalchemy import Connection, text

from notifications.message import read_subject
from workflow.audit.check import (
    compare_clock,
    compare_fetches,
    compare_guards,
    compare_judging,
    compare_mails,
    compare_personal,
)
from workflow.audit.check.problem import Problem
from workflow.audit.check.rows import compare_rows, differ, missing
from workflow.audit.events import Letter, read
from workflow.audit.events.commitment import FORM_COLUMNS, digest_row
from workflow.audit.rows import read_rows
from workflow.audit.state import CasesDigest, Covered, LetterState, State

BOOKS_AT_ONCE = 10
"""A letter to a large unit is as long as a book, and so is a rule book."""

_CASES = """SELECT id, state, trail, recommended_at, selected_place, version, unit, route, form_id, received_at,
  received_proven, scores, score_total, review_id, survey_id,
  (SELECT max(id) FROM reviews WHERE case_id = cases.id), (SELECT max(id) FROM surveys WHERE case_id = cases.id)
  FROM cases ORDER BY id"""
_LETTERS = """SELECT message_id, message, subject, batch_id, recipient, kind, address, sha256, cases, queued_at, state,
  attempts, tries, answer, sent_at, next_try, leased_until, held_at, reported_at FROM letters ORDER BY id"""
_BATCHES = """SELECT id, trigger, at, account, role, edition_sha256, why, undoes, asked, moved, refused
  FROM batches ORDER BY id"""
_LEAF = text("SELECT leaf FROM events WHERE seq = :seq")
_CAMPAIGN = """SELECT id, token, rehearsal, created_at, edition_sha256, mail_paused_at, mail_paused_by, mail_paused_why
  FROM campaign"""
_STAFF = "SELECT account, role, since FROM staff ORDER BY account"
_EDITIONS = "SELECT sha256, source, name, adopted_at FROM edition_versions ORDER BY sha256"


def compare_tables(connection: Connection, state: State) -> Iterator[Problem]:
    """Every row that no event accounts for, every event whose row is gone, every column that is not as told."""
    for compare in _COMPARISONS:
        yield from compare(connection, state)


def _compare_cases(connection: Connection, state: State) -> Iterator[Problem]:
    columns = (
        "state", "trail", "recommended_at", "selected_place", "version", "unit", "route", "form_id", "received_at",
        "received_proven", "scores", "score_total", "review_id", "survey_id",
    )  # fmt: skip
    seen = set()
    for row in read_rows(connection, _CASES):
        case = state.cases.get(row[0])
        if case is None:
            yield Problem(f"cases/{row[0]}", "row-without-event", None)
            continue
        seen.add(case.number)
        expected = (
            *case.standing, case.version, case.unit, case.route, case.form, case.received_at, case.received_proven,
            case.scores, case.score_total, *row[-2:],
        )  # fmt: skip
        if tuple(row[1:-2]) != expected:
            yield from differ(f"cases/{case.number}", case.since, columns, row[1:-2], expected)
    yield from missing("cases", {case.number: case.since for case in state.cases.values()}, seen)


def _compare_letters(connection: Connection, state: State) -> Iterator[Problem]:
    columns = (
        "batch_id", "recipient", "kind", "address", "sha256", "cases", "queued_at", "state", "attempts", "tries",
        "answer", "sent_at", "next_try", "leased_until", "held_at", "reported_at",
    )  # fmt: skip
    seen = set()
    for key, message, subject, *row in read_rows(connection, _LETTERS, BOOKS_AT_ONCE):
        letter = state.letters.get(key)
        if letter is None:
            yield Problem(f"letters/{key}", "row-without-event", None)
            continue
        seen.add(key)
        row[5] = cases = _numbers(row[5])
        written = cases if _listed(cases) == letter.cases else _cases_written(connection, letter)
        expected = [
            letter.batch, letter.recipient, letter.kind, letter.address, letter.sha256, written, letter.queued_at,
            letter.state, letter.attempts, letter.tries, letter.answer, letter.sent_at, letter.next_try,
            letter.leased_until, letter.held_at, letter.reported_at,
        ]  # fmt: skip
        if row != expected:
            yield from differ(f"letters/{key}", letter.since, columns, row, expected)
        if type(message) is not bytes or sha256(message).hexdigest() != letter.sha256:
            yield Problem(f"letters/{key}", "letter-altered", letter.since)
        else:
            yield from differ(f"letters/{key}", letter.since, ("subject",), (subject,), (read_subject(message),))
    yield from missing("letters", {key: letter.since for key, letter in state.letters.items()}, seen)


def _compare_batches(connection: Connection, state: State) -> Iterator[Problem]:
    columns = ("trigger", "at", "account", "role", "edition_sha256", "why", "undoes", "asked", "moved", "refused")
    return compare_rows("batches", read_rows(connection, _BATCHES), state.batches, columns, lambda told: told[:-1])


def _compare_forms(connection: Connection, state: State) -> Iterator[Problem]:
    seen, columns = set(), FORM_COLUMNS[max(FORM_COLUMNS)]
    query = f"SELECT id, case_id, submission_id, {', '.join(columns)} FROM forms ORDER BY id"  # noqa: S608
    for number, case, submission, *values in read_rows(connection, query):
        form = state.forms.get(number)
        if form is None:
            yield Problem(f"forms/{number}", "row-without-event", None)
            continue
        seen.add(number)
        yield from differ(
            f"forms/{number}",
            form.since,
            ("case_id", "submission_id"),
            (case, submission),
            (form.case, form.submission),
        )
        if _digest(dict(zip(columns, values, strict=True)), form.covered) != form.digest:
            yield Problem(f"forms/{number}", "form-altered", form.since)
    yield from missing("forms", {number: form.since for number, form in state.forms.items()}, seen)


def _digest(row: Mapping[str, object], covered: Covered) -> bytes | None:
    """None where the columns hold what no form's columns can, or some are gone."""
    try:
        return digest_row(row, covered)
    except (TypeError, ValueError, KeyError):
        return None


def _compare_campaign(connection: Connection, state: State) -> Iterator[Problem]:
    columns = (
        "id", "token", "rehearsal", "created_at", "edition_sha256", "mail_paused_at", "mail_paused_by",
        "mail_paused_why",
    )  # fmt: skip
    expected = (1, state.token, state.rehearsal, state.created_at, state.edition, *state.paused)
    for row in read_rows(connection, _CAMPAIGN):
        yield from differ("campaign", state.events, columns, row, expected)
    seen = set()
    for account, role, since in read_rows(connection, _STAFF):
        if account not in state.staff:
            yield Problem(f"staff/{account}", "row-without-event", None)
            continue
        seen.add(account)
        *told, seq = state.staff[account]
        yield from differ(f"staff/{account}", seq, ("role", "since"), (role, since), told)
    yield from missing("staff", {account: entry[2] for account, entry in state.staff.items()}, seen)


def _compare_editions(connection: Connection, state: State) -> Iterator[Problem]:
    seen = set()
    for key, source, *adopted in read_rows(connection, _EDITIONS, BOOKS_AT_ONCE):
        seen.add(key)
        edition = state.editions.get(key)
        if edition is None:
            yield Problem(f"editions/{key}", "row-without-event", None)
            continue
        yield from differ(f"editions/{key}", edition.since, ("name", "adopted_at"), adopted, edition[:2])
        if type(source) is not bytes or sha256(source).hexdigest() != key:
            yield Problem(f"editions/{key}", "edition-altered", edition.since)
    yield from missing("editions", {key: edition.since for key, edition in state.editions.items()}, seen)


def _numbers(kept: object) -> object:
    """A JSON list as SQLite and PostgreSQL give it; what is none stays as it is, and equals nothing."""
    try:
        value = orjson.loads(kept) if isinstance(kept, str) else kept
    except ValueError:
        return kept
    return tuple(value) if isinstance(value, list) else kept


def _listed(cases: object) -> CasesDigest | None:
    try:
        return CasesDigest.of(cases) if isinstance(cases, tuple) else None
    except TypeError:
        return None


def _cases_written(connection: Connection, letter: LetterState) -> object:
    """The cases by the event that wrote the letter, or their SHA-256 in hex where that cannot be read again."""
    leaf = connection.execute(_LEAF, {"seq": letter.written}).scalar()
    with suppress(ValueError):
        event = read(bytes(leaf or b""))
        if isinstance(event, Letter) and CasesDigest.of(event.numbers) == letter.cases:
            return event.numbers
    return str(letter.cases)


_COMPARISONS: tuple[Callable[[Connection, State], Iterator[Problem]], ...] = (
    _compare_campaign,
    _compare_editions,
    _compare_batches,
    *compare_mails.COMPARISONS,
    *compare_fetches.COMPARISONS,
    _compare_forms,
    *compare_personal.COMPARISONS,
    *compare_judging.COMPARISONS,
    *compare_clock.COMPARISONS,
    _compare_cases,
    _compare_letters,
    *compare_guards.COMPARISONS,
)
