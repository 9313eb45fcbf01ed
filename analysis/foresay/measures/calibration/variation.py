"""Total variation of two distributions of answers."""

from __future__ import annotations

from foresay.counts import FloatArray, Sums, ratio
from foresay.measures.kinds import Proportion
from foresay.measures.measure import Measure


def mean_variation(sums: Sums) -> FloatArray:
    """Return the mean total variation of the questions, shape ``(...)``, in 0..1."""
    return ratio(sums["match"], sums["trials"])


TOTAL_VARIATION = Measure(
    name="total_variation",
    title="Total variation",
    sums=("match", "match_squared", "trials"),
    estimator=mean_variation,
    kind=Proportion("match", "trials", "match_squared"),
    definition="Half the sum over answers of the distance between the predictor's probability and "
    "the target's share; mass on answers that the target never gives counts, answers that the "
    "predictor does not list are one. Finite repeats of the target set a floor above 0.",
    formula=r"\frac1n\sum_i \tfrac12 \sum_y |f_{iy} - n_{iy} / k_i|",
)
