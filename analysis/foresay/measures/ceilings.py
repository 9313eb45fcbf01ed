"""The highest score that repeats of the target allow, and accuracy as a share of it."""

from __future__ import annotations

from foresay.counts import FloatArray, Sums, ratio
from foresay.measures.kinds import Proportion, Ratio
from foresay.measures.measure import Measure


def ceiling_resample(sums: Sums) -> FloatArray:
    """Return the resample ceiling, shape ``(...)``, in 0..1.

    The mean of ``U_i = sum_y n_iy (n_iy - 1) / (k_i (k_i - 1))`` over the trials whose item has
    ``k_i >= 2`` repeats: unbiased for ``E sum_y p_iy^2``, whatever the numbers of repeats.
    """
    return ratio(sums["ceiling"], sums["pairs"])


def normalized_accuracy(sums: Sums) -> FloatArray:
    """Return accuracy over the resample ceiling of the same trials, shape ``(...)``, from 0 up.

    Values above 1 are legitimate: a predictor that gives the commonest answer beats one that runs
    the target once more. ``nan`` where the ceiling is 0.
    """
    return ratio(sums["match_paired"], sums["ceiling"])


CEILING_RESAMPLE = Measure(
    name="ceiling_resample",
    title="Resample ceiling",
    sums=("ceiling", "pairs"),
    estimator=ceiling_resample,
    kind=Proportion("ceiling", "pairs"),
    definition="What a predictor reaches that runs the target once more: the chance that two "
    "repeats of the target agree, over the trials whose item has two repeats or more.",
    formula=r"\frac{1}{n}\sum_i \sum_y \frac{n_{iy}(n_{iy}-1)}{k_i(k_i-1)}",
    source="the unbiased form of Simpson's index: Simpson 1949, doi:10.1038/163688a0",
)

NORMALIZED_ACCURACY = Measure(
    name="normalized_accuracy",
    title="Normalised accuracy",
    sums=("match_paired", "ceiling", "pairs"),
    estimator=normalized_accuracy,
    kind=Ratio(),
    definition="Accuracy as a share of the resample ceiling of the same trials; above 1 where "
    "predictions beat running the target once more.",
    formula=r"\frac{\sum_i X_i}{\sum_i U_i}",
)
