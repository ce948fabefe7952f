"""What every event is: a typed leaf of the history."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar, TypeAlias

import msgspec
import orjson
from msgspec import UNSET, Struct, UnsetType

from states.reasons import Reason
from workflow import clock
from workflow.audit.state import CaseStanding, CaseState, Contradiction, State
from workflow.audit.tlog.canonical import encode

Maybe: TypeAlias = UnsetType
"""A field of this type may be left out of the leaf."""

Written: TypeAlias = tuple[str, str | None, int | None]
"""A case's standing without its state: trail, time of recommendation, place among the selected."""

_ENCODER = msgspec.json.Encoder(order="sorted")


class ActorTold(Struct, frozen=True, forbid_unknown_fields=True):
    """Who acted. role: ``none`` where the campaign gives none."""

    account: str
    role: str
    machine: str
    program: str

    def fields(self) -> dict[str, Any]:
        """As JSON has it, in the order of the leaf."""
        fields: dict[str, Any] = msgspec.to_builtins(self, order="sorted")
        return fields


class ReasonTold(Struct, frozen=True, forbid_unknown_fields=True):
    """A rule's word on a case, as the law gave it."""

    code: str
    clause: str
    blocking: bool
    values: dict[str, Any]

    def fields(self) -> dict[str, Any]:
        """As JSON has it, in the order of the leaf."""
        fields: dict[str, Any] = msgspec.to_builtins(self, order="sorted")
        return fields

    @classmethod
    def of(cls, reason: Reason) -> "ReasonTold":
        """Raises TypeError where its values have no canonical form."""
        values = dict(reason.values)
        if values:
            encode(values)
        return cls(reason.code, reason.clause, reason.blocking, values)


def spell_reasons(reasons: Sequence[ReasonTold]) -> str:
    """Reasons as one text, the same for the same reasons."""
    return orjson.dumps([each.fields() for each in reasons], option=orjson.OPT_SORT_KEYS).decode()


NOBODY = ActorTold("", "", "", "")


class Event(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """One thing that happened. Who makes an event gives the fields of its kind; the log fills in what every leaf tells.

    A kind is a class; its first line says what happened. The JSON names of its fields and their order are those of the
    leaf. An earlier version of a kind is a class of its own that can be lifted to the one after it.
    """

    actor: ActorTold = NOBODY
    """`account`, `role` (`none` where the campaign gives none), `machine`, `program`"""
    at: str = ""
    """the moment of the command"""
    batch: int | None = None
    """the batch's number; null outside one"""
    due: str | Maybe = UNSET
    """for what a deadline did: the moment it fell due, as of which the law was asked"""
    edition: str = ""
    """the hash of the rule book in force"""
    seq: int = 0
    """the event's number: 1, 2, 3, … without a gap"""
    v: int = 1
    """the version of its kind's description"""

    NAMES: ClassVar[Mapping[str, str]] = {}
    """For each field whose value people know by a name: the family of these names in the catalogue."""

    @property
    def kind(self) -> str:
        """The word by which leaves and filters call it."""
        return kind_of(type(self))

    @property
    def ended(self) -> str:
        """How it ended, in a word that ``audit log --outcome`` takes."""
        return "done"

    @property
    def numbers(self) -> tuple[str, ...]:
        """The cases that it is about or lists."""
        number = self.number
        return (number,) if number is not None else ()

    @property
    def number(self) -> str | None:
        """The one case that it is about."""
        return None

    @property
    def addressee(self) -> str | None:
        """The unit that it concerns, where it says so."""
        return None

    @property
    def findings(self) -> Sequence[ReasonTold]:
        """What the law or intake said."""
        return ()

    @property
    def rests_on(self) -> Sequence[str]:
        """SHA-256 (hex) of the documents that it rests on."""
        return ()

    @property
    def given(self) -> str | None:
        """The reason that a person gave."""
        return None

    def change(self, state: State) -> None:
        """Let the state live through it; most that is only told of changes nothing."""

    def lift(self) -> "Event":
        """The same in the version that this program writes."""
        return self

    def leaf(self) -> bytes:
        """Its canonical form (RFC 8785). Raises TypeError for text that is no Unicode."""
        try:
            return _ENCODER.encode(self)
        except UnicodeEncodeError as error:
            raise TypeError(str(error)) from None

    def fields(self) -> dict[str, Any]:
        """As JSON has it, in the order of the leaf."""
        fields: dict[str, Any] = msgspec.to_builtins(self, order="sorted")
        return fields

    def contradict(self, state: State, where: str, code: str, **values: object) -> None:
        """Put on the state's record that this event does not follow from those before it."""
        state.contradictions.append(Contradiction(where, code, self.seq, values))


class OfCase(Event, kw_only=True):
    """What is about one case, by its number."""

    case: str
    """its number"""

    @property
    def number(self) -> str | None:
        return self.case

    @property
    def where(self) -> str:
        """The case as problems name it."""
        return f"cases/{self.case}"

    def known(self, state: State) -> CaseState:
        """The case; one that no draft has made is made up, and said to be."""
        ordinal = ordinal_of(self.case)
        case = state.cases.get(ordinal)
        if case is None or case.number != self.case:
            self.contradict(state, self.where, "case-unknown")
            case = CaseState(self.case, self.addressee or "", "", "", "", "", 0, "", False, self.seq)
            state.cases[ordinal] = case
        return case


class Unknown(Event, kw_only=True, forbid_unknown_fields=False, tag=False):
    """What a later program wrote: its kind, or its version of the kind, is not known here. It changes nothing."""

    kind: str
    case: str | None = None

    @property
    def number(self) -> str | None:
        return self.case


def kind_of(shape: type[Event]) -> str:
    """The word by which leaves and filters call the events of a class."""
    return str(shape.__struct_config__.tag)


def version_of(shape: type[Event]) -> int:
    """The version that leaves of a class bear."""
    return int(_defaults(shape)["v"])


def knows(shape: type[Event], field: str) -> bool:
    """Whether leaves of a class may tell a field."""
    return field in shape.__struct_fields__


def always_tells(shape: type[Event], field: str) -> bool:
    """Whether every leaf of a class tells a field that the log does not fill in."""
    return knows(shape, field) and _defaults(shape).get(field, msgspec.NODEFAULT) is msgspec.NODEFAULT


def _defaults(shape: type[Event]) -> Mapping[str, Any]:
    fields, defaults = shape.__struct_fields__, shape.__struct_defaults__
    return dict(zip(reversed(fields), reversed(defaults), strict=False))


def ordinal_of(number: str) -> int:
    """The ordinal in a case's number: 42 of ``2024-0042``. Raises ValueError where there is none."""
    return int(number.rpartition("-")[2])


@lru_cache(maxsize=1_000)
def stored(shown: str) -> str:
    """A moment of a leaf as the database keeps it."""
    return clock.write(clock.read(shown))


def show(moment: datetime | None) -> str | None:
    """A moment as leaves hold it."""
    return None if moment is None else clock.show(moment)


def standing(state: str, written: Written) -> CaseStanding:
    return CaseStanding(state, *written)
