"""The mail office's own tests send from the campaign that the engine's tests move."""

from tests.unit.workflow.engine.conftest import campaign

__all__ = ["campaign"]
