"""The papers of a case: what reviewers and judges work from, in a folder that can be handed to them."""
