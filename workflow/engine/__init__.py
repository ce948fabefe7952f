"""Facts, plan, apply, undo: how a batch travels."""
