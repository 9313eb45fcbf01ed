from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import settings

from foresay.counts import Counts, FloatArray, Sums, collapse, ratio

MakeCounts = Callable[..., Counts]


@pytest.fixture
def counts_of() -> MakeCounts:
    """Counts of a proportion from cluster sizes and sums."""

    def make(match, trials, stratum=None) -> Counts:
        match, trials = np.asarray(match, np.int64), np.asarray(trials, np.int64)
        columns = {"match": match, "match_squared": match, "trials": trials}
        return collapse(columns, stratum=None if stratum is None else np.asarray(stratum))

    return make


@pytest.fixture
def share() -> Callable[[Sums], FloatArray]:
    """The proportion of those counts."""
    return lambda sums: ratio(sums["match"], sums["trials"])


# a busy machine is no failing property, and the same examples every time are easier to trust
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")
