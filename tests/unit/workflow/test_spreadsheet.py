"""No text becomes a formula, and no text is lost."""

from hypothesis import given
from hypothesis import strategies as st

from workflow.spreadsheet import neutralise

RUN = "=+-@＝＋－＠"


@given(st.sampled_from(RUN), st.text(alphabet=" \t\r\n\u3000", max_size=3), st.text())
def test_what_a_spreadsheet_may_run_stands_behind_an_apostrophe(start: str, space: str, rest: str) -> None:
    assert neutralise(space + start + rest) == f"'{space}{start}{rest}"


@given(st.text())
def test_nothing_is_lost_and_nothing_runs(written: str) -> None:
    shown = neutralise(written)
    assert shown.removeprefix("'") == written.removeprefix("'")
    assert not shown.lstrip().startswith(tuple(RUN))


@given(st.sampled_from("\t\r\n"), st.text())
def test_what_some_leave_out_before_they_run_the_rest_stands_behind_one_too(start: str, rest: str) -> None:
    assert neutralise(start + rest) == f"'{start}{rest}"
