"""The words of invented submissions, read once from the data files beside this package."""

import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any


@lru_cache
def load_invention(name: str) -> dict[str, Any]:
    """The table in ``invention/{name}.toml``: places, topics or phrases."""
    text = resources.files(__package__).joinpath("invention", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def phrase(table: str, key: str) -> Any:
    """One entry of phrases.toml: a sentence with str.format fields, or a list of them."""
    return load_invention("phrases")[table][key]
