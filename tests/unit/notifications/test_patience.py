"""How long letters wait between tries."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from notifications.patience import Patience

PATIENCE = Patience(6, timedelta(minutes=5), timedelta(hours=1))


@given(st.text(), st.integers(1, 200))
def test_the_wait_doubles_up_to_the_longest_and_ends(identity: str, tried: int) -> None:
    wait = PATIENCE.wait(identity, tried)
    assert wait == PATIENCE.wait(identity, tried)
    if tried >= PATIENCE.tries:
        assert wait is None
        return
    assert wait is not None
    doubled = min(timedelta(minutes=5) * 2 ** (tried - 1), timedelta(hours=1))
    assert 0.75 * doubled <= wait <= 1.25 * doubled


def test_the_longest_wait_is_never_too_long_to_reckon_with() -> None:
    patient = Patience(1_000, timedelta(days=1), timedelta(days=7))
    wait = patient.wait("<a@anli.example>", 999)
    assert wait is not None
    assert wait <= timedelta(days=9)


def test_letters_refused_together_come_back_apart() -> None:
    waits = {PATIENCE.wait(f"<{number}@anli.example>", 1) for number in range(100)}
    assert len(waits) == 100
