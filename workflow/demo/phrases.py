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


def phrase(table: str, key: str) -> str:
    """One sentence of phrases.toml with its str.format fields."""
    return str(load_invention("phrases")[table][key])


def phrases(table: str, key: str) -> list[str]:
    """Several wordings of the same thing from phrases.toml."""
    return [str(wording) for wording in load_invention("phrases")[table][key]]
