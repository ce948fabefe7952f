from collections.abc import Callable
from datetime import date
from random import Random

import pytest

from workflow.demo.cases import DemoCase, Inventor

SIGNED_ON = date(2024, 6, 18)


@pytest.fixture
def invent() -> Callable[..., DemoCase]:
    inventor = Inventor(Random(7))

    def invent_one(unit: str = "武汉市", **changes: object) -> DemoCase:
        return inventor.invent(unit, SIGNED_ON)._replace(**changes)  # type: ignore[arg-type]

    return invent_one
