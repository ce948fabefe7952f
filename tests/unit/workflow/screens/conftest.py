"""The campaign that the history's own tests live through, read here as commands print it."""

from tests.unit.workflow.audit.conftest import lived, lived_url

__all__ = ["lived", "lived_url"]
