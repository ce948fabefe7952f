"""What happened, by whom, when and why: written in the transition's own transaction, and checked from its bytes."""
