import pytest

from workflow.demo.shares import SAMPLED, share_out
from workflow.edition import find

QUOTAS = {unit.name: unit.quota for unit in find("hubei-2024").units.values()}
SENT_BY_SAMPLES = sum(SAMPLED.values())


def test_as_many_as_all_quotas_fill_every_one_exactly() -> None:
    shares = share_out(sum(QUOTAS.values()), QUOTAS)
    assert {unit: shares[unit] + SAMPLED.get(unit, 0) for unit in QUOTAS} == QUOTAS


@pytest.mark.parametrize("total", [15, 16, 40, 149, 151, 400, 5000])
def test_shares_add_up_to_the_total(total: int) -> None:
    assert sum(share_out(total, QUOTAS).values()) + SENT_BY_SAMPLES == total


@pytest.mark.parametrize("total", [1, 14, 15])
def test_the_samples_are_always_there(total: int) -> None:
    assert set(share_out(total, QUOTAS).values()) == {0}


@pytest.mark.parametrize("total", [16, 77, 150])
def test_no_unit_sends_more_than_its_places_allow(total: int) -> None:
    shares = share_out(total, QUOTAS)
    assert all(shares[unit] + SAMPLED.get(unit, 0) <= quota for unit, quota in QUOTAS.items())


def test_where_the_samples_leave_no_place_nothing_is_added() -> None:
    assert share_out(9, {"孝感市": 5}) == {"孝感市": 0}
