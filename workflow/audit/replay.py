"""Events -> the state they imply. No database: the same events give the same state."""

from collections.abc import Iterable

from workflow.audit.events import Event
from workflow.audit.state import Contradiction, State


def replay(events: Iterable[Event]) -> State:
    """The state after all ``events``, given in order; what does not follow is in its ``contradictions``."""
    state = State()
    for event in events:
        fold(state, event)
    return state


def fold(state: State, event: Event) -> None:
    """Let ``state`` live through one more event."""
    state.events += 1
    state.edition = event.edition
    try:
        event.change(state)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        state.contradictions.append(_incomplete(event.seq, event.kind))


def pass_over(state: State, seq: int, kind: str) -> None:
    """Let ``state`` live through an event that its kind does not know like this; it changes nothing."""
    state.events += 1
    state.contradictions.append(_incomplete(seq, kind))


def _incomplete(seq: int, kind: str) -> Contradiction:
    return Contradiction(f"events/{seq}", "event-incomplete", seq, {"kind": kind})
