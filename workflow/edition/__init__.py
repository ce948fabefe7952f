"""The rule book of one year: a TOML file that quotes the notice, read into an Edition."""

from workflow.edition.load import built_in, find, parse
from workflow.edition.model import Deadline, Edition, Phase, Unit

__all__ = ["Deadline", "Edition", "Phase", "Unit", "built_in", "find", "parse"]
