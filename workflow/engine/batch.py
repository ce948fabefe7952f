"""One batch: its row, its events and its letters, written in one transaction with what it changes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from notifications.bounced import Bounced, read_bounced
from states.reasons import Reason
from workflow import clock
from workflow.audit import events
from workflow.audit.actor import identify
from workflow.audit.events import UNSET, Event, Maybe, ReasonTold
from workflow.audit.log import Log
from workflow.batched import batched
from workflow.engine.campaign import Campaign
from workflow.engine.correspondence import Correspondence, Queued
from workflow.engine.plan import Decision, Move, Refusal
from workflow.engine.signing import sign_history
from workflow.errors import AnliError
from workflow.store import Batch

AT_ONCE = 2_000
_UPDATE = (
    "UPDATE cases SET state = {0}, version = version + 1, trail = {0}, recommended_at = {0}, selected_place = {0} "
    "WHERE id = {0} AND version = {0}"
)
_CLOSE = text("UPDATE batches SET asked = :asked, moved = :moved, refused = :refused WHERE id = :id")


class BatchUnknown(AnliError):
    """No batch of that number: values are batch."""

    code = "error.batch-unknown"


class PlanStale(AnliError):
    """What a plan rested on has moved since it was made: values are cases (numbers whose answer changed)."""

    code = "error.plan-stale"


class Moved(NamedTuple):
    case_id: int
    source: str
    target: str


class BatchReport(NamedTuple):
    """What a batch did, read back from what was written; ``moved`` and ``refused`` together are what was asked for.

    bounced: addresses that letters came back from, so that these will fare no better.
    """

    batch: int | None
    trigger: str
    at: str
    moved: list[Moved]
    refused: list[Refusal]
    letters: list[Queued]
    bounced: Mapping[str, Bounced] = MappingProxyType({})


class OpenBatch:
    """A batch being written. ``trigger`` is the law's, or what was done: ``intake``, ``undo``, ``import-scores``…

    due: for a deadline's batch, the moment it fell due; every event of the batch tells it. hold: its letters are kept
    back.
    """

    def __init__(
        self,
        campaign: Campaign,
        connection: Connection,
        trigger: str,
        why: str | None = None,
        undoes: int | None = None,
        due: datetime | None = None,
        hold: bool = False,
    ) -> None:
        self.campaign, self.connection, self.trigger, self.why = campaign, connection, trigger, why
        self.undoes = undoes
        actor = identify(connection)
        self.id: int = 1 + (connection.execute(text("SELECT max(id) FROM batches")).scalar() or 0)
        connection.execute(
            Batch.__table__.insert(),  # type: ignore[attr-defined]
            {
                "id": self.id,
                "trigger": trigger,
                "at": campaign.now,
                "account": actor.account,
                "role": actor.role,
                "edition_sha256": campaign.edition.sha256,
                "why": why,
                "undoes": undoes,
                "asked": 0,
                "moved": 0,
                "refused": 0,
            },
        )
        self.log = Log(connection, actor, campaign.edition.sha256, campaign.now, self.id, due)
        self.letters = Correspondence(campaign, self.id, why, hold)
        self.moved: list[Moved] = []
        self.refused: list[Refusal] = []
        marks = "?" if connection.dialect.paramstyle == "qmark" else "%s"
        self._update = _UPDATE.format(marks)

    def write(self, decisions: Iterable[Decision], note: bool = True, trigger: str | None = None) -> None:
        """Write moves and refusals as they come, a few thousand rows at a time.

        trigger: the law's, where it is not the batch's own.
        """
        for some in batched(decisions, AT_ONCE):
            moves = [decision for decision in some if isinstance(decision, Move)]
            self._move(moves)
            self.log.append(self._entries(some, trigger or self.trigger))
            for move in moves:
                self.moved.append(Moved(move.case_id, move.was.state, move.becomes.state))
                if note:
                    self.letters.tell_move(move)
            self.refused.extend(decision for decision in some if isinstance(decision, Refusal))

    def close(
        self,
        moved: int | None = None,
        refused: int | None = None,
        sheet: str | Maybe = UNSET,
        file: str | Maybe = UNSET,
    ) -> BatchReport:
        """Add up, post the letters, and write the batch's own event. sheet: of an import, its hash; file: its name."""
        moved = len(self.moved) if moved is None else moved
        refused = len(self.refused) if refused is None else refused
        posted = self.letters.post(self.connection, self.log)
        counts = {"asked": moved + refused, "moved": moved, "refused": refused}
        self.connection.execute(_CLOSE, {"id": self.id, **counts})
        self.log.append(
            [
                events.Batch(
                    asked=moved + refused,
                    moved=moved,
                    refused=refused,
                    letters=len(posted),
                    trigger=self.trigger,
                    undoes=self.undoes,
                    why=self.why,
                    file=file,
                    sheet=sheet,
                )
            ]
        )
        if (key := self.campaign.signing_key) is not None:
            sign_history(self.campaign, self.connection, key)
        at = clock.show(self.campaign.now)
        return BatchReport(self.id, self.trigger, at, self.moved, self.refused, posted, read_bounced(self.connection))

    def _move(self, moves: Sequence[Move]) -> None:
        if not moves:
            return
        rows = [(*move.becomes, move.case_id, move.version) for move in moves]
        changed = self.connection.exec_driver_sql(self._update, rows).rowcount
        if changed != len(moves):
            raise PlanStale(cases="")

    def _entries(self, decisions: Sequence[Decision], trigger: str) -> Iterator[Event]:
        number_of, why = self.campaign.edition.case_number, self.why
        for decision in decisions:
            if isinstance(decision, Move):
                yield _tell_move(decision, number_of(decision.case_id), trigger, why)
            else:
                yield events.Refusal(
                    case=number_of(decision.case_id),
                    reasons=[ReasonTold.of(reason) for reason in decision.reasons],
                    trigger=trigger,
                    state=decision.state,
                    unit=decision.unit,
                    why=why,
                )


def _tell_move(move: Move, number: str, trigger: str, why: str | None) -> events.Move:
    was, becomes = move.was, move.becomes
    return events.Move(
        case=number,
        documents=move.documents.split(),
        source=was.state,
        becomes=becomes[1:],
        letter=move.letter,
        reasons=[ReasonTold.of(reason) for reason in move.reasons],
        target=becomes.state,
        trigger=trigger,
        unit=move.unit,
        version=move.version + 1,
        was=was[1:],
        why=why,
    )


def write_reason(reason: Reason) -> dict[str, Any]:
    """A reason as JSON keeps it."""
    return {
        "code": reason.code,
        "clause": reason.clause,
        "blocking": reason.blocking,
        "values": dict(reason.values),
    }
