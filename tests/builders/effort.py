"""How hard the tests try: ``make test`` runs a sample, ``make soak`` as many times more as ANLI_TEST_EFFORT says."""

import os

EFFORT = int(os.environ.get("ANLI_TEST_EFFORT", "1"))


def times(sample: int) -> int:
    """That many examples, kills or rounds, or as many times more as are asked for."""
    return sample * EFFORT
