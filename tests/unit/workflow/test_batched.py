"""Portions hold everything once, in its order, and are asked for as they are needed."""

from hypothesis import given
from hypothesis import strategies as st

from workflow.batched import batched


@given(st.lists(st.integers()), st.integers(1, 9))
def test_batches_are_full_but_for_the_last(things: list[int], size: int) -> None:
    batches = list(batched(things, size))
    assert [thing for batch in batches for thing in batch] == things
    assert all(len(batch) == size for batch in batches[:-1])
    assert [] not in batches


def test_no_more_is_taken_than_the_batch_that_is_asked_for() -> None:
    things = iter(range(10))
    batches = batched(things, 3)
    assert next(batches) == [0, 1, 2]
    assert next(things) == 3
