"""The history recomputed from its bytes, and everything that is kept held against it."""
