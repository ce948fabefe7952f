"""What an edition answers."""

from dataclasses import FrozenInstanceError
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from workflow.edition import Edition, find


@pytest.fixture(scope="module")
def edition() -> Edition:
    return find("hubei-2024")


@pytest.fixture(scope="module")
def next_year() -> Edition:
    return find(str(Path(__file__).with_name("example-2025.toml")))


@pytest.mark.parametrize("address", ["a@county.example", "A@COUNTY.EXAMPLE", "b@county.example", " b@county.example "])
def test_a_unit_is_known_by_each_address_however_written(next_year: Edition, address: str) -> None:
    unit = next_year.unit_of(address)
    assert unit is not None
    assert unit.name == "示例县"
    assert unit.address == "a@county.example"


@pytest.mark.parametrize(
    "address",
    ["", "wxb", "wxb@wuhan.example.org", "wxb@\u017fhiyan.example", "dq@ban\u212a.example", "x wxb@wuhan.example"],
)
def test_a_stranger_is_no_unit(edition: Edition, address: str) -> None:
    assert edition.unit_of(address) is None


def test_quota_of_a_stranger(edition: Edition) -> None:
    with pytest.raises(KeyError):
        edition.quota_of("月球市")


@pytest.mark.parametrize(("ordinal", "number"), [(1, "2024-0001"), (42, "2024-0042"), (10000, "2024-10000")])
def test_case_numbers(edition: Edition, ordinal: int, number: str) -> None:
    assert edition.case_number(ordinal) == number
    assert edition.case_ordinal(number) == ordinal


@pytest.mark.parametrize(
    "number",
    [
        "",
        "42",
        "2024-42",
        "2024-0000",
        "2024-00042",
        "2023-0042",
        "2024-0042 ",
        "2024-+042",
        "2024-００４２",
        "2024-0042\n",
        "2024-" + "9" * 5000,
    ],
)
def test_what_is_no_case_number(edition: Edition, number: str) -> None:
    with pytest.raises(ValueError, match="not a case's number"):
        edition.case_ordinal(number)


@pytest.mark.parametrize("ordinal", [0, -1, 1_000_000_000])
def test_what_is_no_ordinal(edition: Edition, ordinal: int) -> None:
    with pytest.raises(ValueError, match=str(ordinal)):
        edition.case_number(ordinal)


def test_local(edition: Edition) -> None:
    assert edition.local(datetime(2024, 6, 30, 16, tzinfo=UTC)).isoformat() == "2024-07-01T00:00:00+08:00"
    with pytest.raises(ValueError, match="zone"):
        edition.local(datetime(2024, 6, 30, 16))  # noqa: DTZ001


def test_nothing_can_be_changed(edition: Edition) -> None:
    with pytest.raises(FrozenInstanceError):
        edition.year = 2025  # type: ignore[misc]
    with pytest.raises(TypeError):
        edition.units["月球市"] = edition.units["武汉市"]  # type: ignore[index]
    with pytest.raises(TypeError):
        edition.rules().windows["recommend"] = edition.windows["archive"]  # type: ignore[index]
    with pytest.raises(ValidationError):
        edition.mail.sender = "else@where.example"
    with pytest.raises(AttributeError):
        edition.units["武汉市"].quota = 9  # type: ignore[misc]
