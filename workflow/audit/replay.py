"""Events -> the state they imply. No database: the same events give the same state."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from workflow import clock
from workflow.audit.commitment import digest, digest_cases
from workflow.audit.state import (
    BatchState,
    CaseStanding,
    CaseState,
    Contradiction,
    FetchState,
    FiringState,
    FormState,
    JudgementState,
    LetterState,
    State,
    SubmissionState,
)
from workflow.store.personal import FIELDS

Event = Mapping[str, Any]

_OF_A_PERSON = ("given", "personal")
REMARKS = ("held", "released", "reported")
"""What is said of a letter that leaves its state as it is."""


def replay(events: Iterable[Event]) -> State:
    """The state after all ``events``, given in order; what does not follow is in its ``contradictions``."""
    state = State()
    for event in events:
        fold(state, event)
    return state


def fold(state: State, event: Event) -> None:
    """Let ``state`` live through one more event. Kinds that change no row are passed over."""
    state.events += 1
    try:
        state.edition = event["edition"]
        if (change := _CHANGES.get(event["kind"])) is not None:
            change(state, event)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        _contradict(state, f"events/{event['seq']}", "event-incomplete", event, kind=event["kind"])


def ordinal_of(number: str) -> int:
    """The ordinal in a case's number: 42 of ``2024-0042``. Raises ValueError where there is none."""
    return int(number.rpartition("-")[2])


def _contradict(state: State, where: str, code: str, event: Event, **values: object) -> None:
    state.contradictions.append(Contradiction(where, code, event["seq"], values))


@lru_cache(maxsize=1_000)
def _stored(shown: str) -> str:
    return clock.write(clock.read(shown))


def _found(state: State, event: Event) -> None:
    state.token, state.rehearsal = event["token"], event["rehearsal"]
    state.created_at = _stored(event["at"])
    state.editions[event["edition"]] = event["seq"]
    state.staff[event["account"]] = (event["actor"]["role"], state.created_at, event["seq"])


def _enlist(state: State, event: Event) -> None:
    """Somebody given a role, by whoever could give it."""
    known = state.staff.get(event["account"])
    was = known[0] if known else None
    if event["was"] != was:
        where = f"staff/{event['account']}"
        _contradict(state, where, "does-not-follow", event, column="role", found=event["was"], expected=was)
    state.staff[event["account"]] = (event["role"], _stored(event["at"]), event["seq"])


def _note_key(state: State, event: Event) -> None:
    state.keys.append(event["public_key"])


def _take_in(state: State, event: Event) -> None:
    seq = event["seq"]
    if "fetched" in event:
        _fetch(state, event)
    if "mail" not in event:
        return
    originals = frozenset(bytes.fromhex(each) for each in (event["mail"], *event["documents"]))
    for each in originals:
        state.originals[each] = seq
        state.originals_erased.pop(each, None)
    number = event["submission"]
    if number is None:
        return
    if (submission := state.submissions.get(number)) is not None:
        submission.status, submission.unit, submission.since = event["status"], event["unit"], seq
        return
    state.submissions[number] = SubmissionState(
        event["mail"],
        event["message_id"],
        event["file"],
        event["unit"],
        _stored(event["received"]) if event["received"] else None,
        event["received_proven"],
        event["status"],
        originals,
        seq,
    )


def _fetch(state: State, event: Event) -> None:
    """A mail's place on a server, which is told once."""
    mailbox, uidvalidity, uid = (event["fetched"][part] for part in ("mailbox", "uidvalidity", "uid"))
    if (mailbox, uidvalidity, uid) in state.fetches:
        _contradict(state, f"fetches/{mailbox}/{uidvalidity}/{uid}", "fetched-twice", event)
    state.fetches[mailbox, uidvalidity, uid] = FetchState(event.get("mail"), event["seq"])


def _draft(state: State, event: Event) -> None:
    ordinal, read, seq = ordinal_of(event["case"]), event["read"], event["seq"]
    person = tuple(bytes.fromhex(read["personal"][name]) for name in FIELDS)
    commitment = digest({key: each for key, each in read.items() if key not in _OF_A_PERSON})
    given = tuple(read["given"])
    state.forms[event["form"]] = FormState(ordinal, event["submission"], commitment, person, given, seq)
    if event["superseded_by"] is not None:
        return
    case = state.cases.get(ordinal)
    standing = case.form if case else None
    if event["supersedes"] != standing:
        values = {"column": "form_id", "found": event["supersedes"], "expected": standing}
        _contradict(state, _case(event), "does-not-follow", event, **values)
    if case is None:
        state.cases[ordinal] = case = CaseState(
            event["case"], event["unit"], event["route"], "", "", "", event["form"], "", False, seq
        )
    else:
        case.version += 1
    case.name, case.applicant, case.categories = read["name"], read["applicant"], read["categories"]
    case.form, case.documents, case.since = event["form"], read.get("documents", ""), seq
    case.received_at, case.received_proven, case.spelt = _stored(event["received"]), event["received_proven"], None


def _redact(state: State, event: Event) -> None:
    """Fields of the case's forms erased, each once and only where it was given; and files that were kept."""
    ordinal, seq = ordinal_of(event["case"]), event["seq"]
    for each in event["erased"]:
        number, fields = each["form"], each["fields"]
        form = state.forms.get(number)
        if form is None or form.case != ordinal:
            _contradict(state, f"forms/{number}", "form-unknown", event)
            continue
        held = dict(zip(FIELDS, form.person, strict=True))
        for name in fields:
            if name not in form.given or held[name] is None:
                _contradict(state, f"personal/{number}", "erased-already", event, column=name)
        person = tuple(None if name in fields else held[name] for name in FIELDS)
        state.forms[number] = form._replace(person=person, erased=seq)
    for name in event["originals"]:
        state.originals_erased[bytes.fromhex(name)] = seq


def _move(state: State, event: Event) -> None:
    case = _known(state, event)
    was = (event["from"], *event["was"])
    if was != case.standing or event["version"] != case.version + 1:
        _say_what_differs(state, event, case, was)
    trail, recommended_at, selected_place = event["is"]
    case.standing = CaseStanding(event["to"], trail, recommended_at, selected_place)
    case.version, case.since = event["version"], event["seq"]
    if event["batch"] is not None:
        state.counts.setdefault(event["batch"], [0, 0])[0] += 1


def _say_what_differs(state: State, event: Event, case: CaseState, was: tuple[Any, ...]) -> None:
    columns = (*CaseStanding._fields, "version")
    said, known = (*was, event["version"] - 1), (*case.standing, case.version)
    for column, one, other in zip(columns, said, known, strict=True):
        if one != other:
            _contradict(state, _case(event), "does-not-follow", event, column=column, found=one, expected=other)


def _refuse(state: State, event: Event) -> None:
    """A refusal changes nothing; one of a sheet's row may know of no case, and says of none where it stood."""
    if event["case"] is not None:
        case = _known(state, event)
        if (told := event.get("state", case.state)) != case.state:
            values = {"column": "state", "found": told, "expected": case.state}
            _contradict(state, _case(event), "does-not-follow", event, **values)
    if event["batch"] is not None:
        state.counts.setdefault(event["batch"], [0, 0])[1] += 1


def _write_letter(state: State, event: Event) -> None:
    key, to, seq = event["letter"], event["to"], event["seq"]
    letter = state.letters.get(key)
    if letter is None:
        state.letters[key] = letter = LetterState(
            event["batch"],
            event["recipient"],
            event["letter_kind"],
            event["address"],
            event["sha256"],
            digest_cases(event["cases"]),
            _stored(event["at"]),
            seq,
            seq,
        )
        letter.held_at = letter.queued_at if to == "held" else None
        return
    letter.since = seq
    if to in REMARKS:
        _remark(letter, to, _stored(event["at"]))
        return
    letter.state = to
    letter.next_try = letter.leased_until = None
    if to in ("sending", "queued", "cancelled"):
        letter.reported_at = None
    if to != "queued":
        letter.held_at = None
    if to == "sending":
        letter.attempts += 1
        letter.tries += 1
        letter.leased_until = _stored(event["until"])
    elif to == "queued":
        letter.tries, letter.answer = event["tries"], event["answer"] or letter.answer
        letter.next_try = _stored(event["next_try"]) if event["next_try"] else None
    elif to == "cancelled":
        letter.answer = event.get("answer") or letter.answer
    elif to in ("sent", "failed", "unknown", "bounced"):
        letter.answer = event["answer"]
        letter.sent_at = _stored(event["at"]) if to == "sent" else letter.sent_at


def _return_letter(state: State, event: Event) -> None:
    if event["outcome"] == "bounced":
        _write_letter(state, {**event, "to": "bounced"})


def _remark(letter: LetterState, to: str, at: str) -> None:
    if to == "reported":
        letter.reported_at = at
    else:
        letter.held_at = at if to == "held" else None


def _pause(state: State, event: Event) -> None:
    state.paused = (_stored(event["at"]), event["actor"]["account"], event["why"])


def _resume(state: State, _event: Event) -> None:
    state.paused = (None, None, None)


def _close_batch(state: State, event: Event) -> None:
    number, seq = event["batch"], event["seq"]
    if "sheet" in event:
        state.originals[bytes.fromhex(event["sheet"])] = seq
        state.originals_erased.pop(bytes.fromhex(event["sheet"]), None)
    state.batches[number] = BatchState(
        event["trigger"],
        _stored(event["at"]),
        event["actor"]["account"],
        event["actor"]["role"],
        event["edition"],
        event["why"],
        event["undoes"],
        event["asked"],
        event["moved"],
        event["refused"],
        seq,
    )
    moved, refused = state.counts.pop(number, (0, 0))
    told = (moved or event["moved"], refused or event["refused"])
    if told != (event["moved"], event["refused"]):
        _contradict(state, f"batches/{number}", "batch-does-not-add-up", event, moved=moved, refused=refused)


def _amend(state: State, event: Event) -> None:
    state.editions[event["edition"]] = event["seq"]


def _fire(state: State, event: Event) -> None:
    key = (event["rule_book"], event["deadline"], _stored(event["due"]))
    if key in state.firings:
        _contradict(state, f"firings/{key[1]}", "fired-twice", event, due=key[2])
    state.firings[key] = FiringState(
        event["batch"], _stored(event["at"]), event["outcome"], event["skipped_because"], event["seq"]
    )


def _review(state: State, event: Event) -> None:
    standards = ",".join(map(str, event["standards_met"]))
    row = (event["reviewer"], standards, event["implemented_from"], event["implemented_until"], event["mainly_hubei"])
    _judge(state, event)
    state.reviews.setdefault(ordinal_of(event["case"]), []).append(_judgement(event, *row))


def _survey(state: State, event: Event) -> None:
    row = (event["mode"], event["verified"], event["surveyor"])
    _judge(state, event)
    state.surveys.setdefault(ordinal_of(event["case"]), []).append(_judgement(event, *row))


def _score(state: State, event: Event) -> None:
    key, hundredths = (ordinal_of(event["case"]), event["judge"]), event["hundredths"]
    earlier = state.scores.get(key)
    was = earlier.row[0] if earlier else None
    if event["was"] != was:
        _contradict(state, _case(event), "does-not-follow", event, column="score", found=event["was"], expected=was)
    case = _judge(state, event)
    case.scores += earlier is None
    case.score_total += hundredths - (was or 0)
    state.scores[key] = _judgement(event, hundredths)


def _judgement(event: Event, *row: object) -> JudgementState:
    return JudgementState((*row, event["note"], _stored(event["at"])), event["seq"])


def _judge(state: State, event: Event) -> CaseState:
    case = _known(state, event)
    if event["version"] != case.version + 1:
        values = {"column": "version", "found": event["version"] - 1, "expected": case.version}
        _contradict(state, _case(event), "does-not-follow", event, **values)
    case.version, case.since = event["version"], event["seq"]
    return case


def _known(state: State, event: Event) -> CaseState:
    """The case an event is about; one that no draft has made is made up, and said to be."""
    ordinal = ordinal_of(event["case"])
    case = state.cases.get(ordinal)
    if case is None or case.number != event["case"]:
        _contradict(state, _case(event), "case-unknown", event)
        case = CaseState(event["case"], event.get("unit", ""), "", "", "", "", 0, "", False, event["seq"])
        state.cases[ordinal] = case
    return case


def _case(event: Event) -> str:
    return f"cases/{event['case']}"


_CHANGES: Mapping[str, Callable[[State, Event], None]] = {
    "init": _found,
    "intake": _take_in,
    "draft": _draft,
    "redaction": _redact,
    "move": _move,
    "refusal": _refuse,
    "letter": _write_letter,
    "bounce": _return_letter,
    "batch": _close_batch,
    "firing": _fire,
    "key": _note_key,
    "staff": _enlist,
    "amendment": _amend,
    "pause": _pause,
    "resume": _resume,
    "review": _review,
    "score": _score,
    "survey": _survey,
}
