"""Words of a command that the rule book must have."""

import pytest

from workflow.edition import find
from workflow.edition.words import CategoryUnknown, UnitUnknown, check_category, check_unit

EDITION = find("hubei-2024")


def test_what_is_not_given_or_known_passes() -> None:
    check_unit(EDITION, None)
    check_category(EDITION, None)
    for unit in EDITION.units:
        check_unit(EDITION, unit)
    for category in EDITION.categories:
        check_category(EDITION, category)


def test_what_the_rule_book_lacks_is_named() -> None:
    with pytest.raises(UnitUnknown) as refused:
        check_unit(EDITION, "亚特兰蒂斯市")
    assert refused.value.values == {"unit": "亚特兰蒂斯市", "known": list(EDITION.units)}
    with pytest.raises(CategoryUnknown) as unknown:
        check_category(EDITION, 99)
    assert unknown.value.values == {"category": 99, "known": sorted(EDITION.categories)}
    assert {refused.value.exit_status, unknown.value.exit_status} == {2}
