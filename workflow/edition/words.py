"""Words of a command that must be in the rule book."""

from workflow.edition.model import Edition
from workflow.errors import UsageError


class UnitUnknown(UsageError):
    """No unit of that name in the edition: values are unit, known."""

    code = "error.unit-unknown"
    asked = "unit"


class CategoryUnknown(UsageError):
    """No category of that number in the edition: values are category, known."""

    code = "error.category-unknown"


def check_unit(edition: Edition, unit: str | None) -> None:
    """Raises UnitUnknown where ``unit`` is given and the rule book has none of that name."""
    if unit is not None and unit not in edition.units:
        raise UnitUnknown(unit=unit, known=list(edition.units))


def check_category(edition: Edition, category: int | None) -> None:
    """Raises CategoryUnknown where ``category`` is given and the rule book has none of that number."""
    if category is not None and category not in edition.categories:
        raise CategoryUnknown(category=category, known=sorted(edition.categories))
