"""Portions hold everything once, in its order, and are asked for as they are needed."""

from hypothesis import given
from hypothesis import strategies as st

from workflow.portions import in_portions


@given(st.lists(st.integers()), st.integers(1, 9))
def test_portions_are_full_but_for_the_last(things: list[int], size: int) -> None:
    portions = list(in_portions(things, size))
    assert [thing for portion in portions for thing in portion] == things
    assert all(len(portion) == size for portion in portions[:-1])
    assert [] not in portions


def test_no_more_is_taken_than_the_portion_that_is_asked_for() -> None:
    things = iter(range(10))
    portions = in_portions(things, 3)
    assert next(portions) == [0, 1, 2]
    assert next(things) == 3
