"""A reason is what is left when the space around it is gone."""

import pytest

from workflow.engine.reason import ReasonNeeded, require_reason


@pytest.mark.parametrize("why", [None, "", " ", "\u3000\n"])
def test_space_is_no_reason(why: str | None) -> None:
    with pytest.raises(ReasonNeeded) as refused:
        require_reason(why, "mail pause")
    assert refused.value.values == {"command": "mail pause"}
    assert refused.value.exit_status == 2


def test_the_space_around_a_reason_goes() -> None:
    assert require_reason(" 误操作 \n", "undo") == "误操作"
