"""What each cluster contributes to a difference: the scores whose signs a test flips.

Of one study, or of many drawn ones at once; see `foresay.comparisons.permutations` for the test.
"""

from __future__ import annotations

import numpy as np

from foresay.comparisons.arms import SIGNS, Comparison, denominators, logarithm
from foresay.counts import Counts, FloatArray, Sums
from foresay.measures.measure import Measure
from foresay.resampling.jackknife import delete_one


def scores(counts: Counts, compared: Comparison, weights: FloatArray | None = None) -> FloatArray:
    """Return what one cluster of each pattern contributes to a difference, shape (..., patterns).

    Parameters
    ----------
    counts : Counts
        Sums of the arms per pattern.
    compared : Comparison
        What is compared.
    weights : array of shape (..., patterns), optional
        Clusters of each pattern in other studies; by default those that were counted.

    Returns
    -------
    array of shape (..., patterns)
        ``sum_arms sign (A - theta0 B) / B_total`` for estimates ``A / B``; their sum over clusters
        is the difference. For a ratio of ratios those of its logarithm, to first order. An
        estimate that is no ratio of sums is linearised; in other studies it is missing.
    """
    weights = counts.multiplicity.astype(np.float64) if weights is None else weights
    measure, total = compared.measure, counts.weighted(weights)
    # equality of two arms is the same on either scale; of two ratios it is not
    logs = compared.crossed and compared.scale == "ratio"
    thetas = [np.asarray(measure.estimator(total.arm(arm))) for arm in compared.arms]
    if logs:
        thetas = [logarithm(theta) for theta in thetas]
    pull = sum(sign * theta for sign, theta in zip(SIGNS, thetas, strict=False)) / len(thetas)
    result = np.zeros(weights.shape)
    for arm, sign, theta in zip(compared.arms, SIGNS, thetas, strict=False):
        null = np.asarray(theta - sign * pull)[..., None]
        null = np.exp(null) if logs else null
        upper, lower = parts(counts, arm, measure, weights)
        with np.errstate(divide="ignore", invalid="ignore"):
            result += sign * (upper - null * lower) / (null if logs else 1.0)
    return result


def parts(
    counts: Counts, arm: str, measure: Measure, weights: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return numerator and denominator of each pattern in an arm, over the arm's denominator.

    Most estimators are a ratio of linear sums, so that both follow from what a pattern adds to the
    total. For others the numerator is linearised about the estimate.
    """
    if measure.mean_of:
        found = [parts(counts, arm, part, weights) for part in measure.mean_of]
        upper, lower = (np.mean([part[side] for part in found], axis=0) for side in (0, 1))
        return upper, lower
    total = counts.weighted(weights).arm(arm)
    own = Sums(
        counts.names, counts.numerators.astype(np.float64), counts.scale.astype(np.float64)
    ).arm(arm)
    value = np.asarray(measure.estimator(total))[..., None]
    missing = np.full(weights.shape, np.nan)
    for below in denominators(measure):
        whole = np.asarray(total[below])[..., None]
        lower = own[below]
        with np.errstate(divide="ignore", invalid="ignore"):
            base = (total.numerators / whole)[..., None, :]
            grown = Sums(own.names, base + own.numerators, own.scale)
            upper = (np.asarray(measure.estimator(grown)) * (1 + lower) - value) / whole
            added = (weights * upper).sum(axis=-1, keepdims=True)
            good = np.abs(added - value) <= 1e-9 * np.maximum(1.0, np.abs(value))
            if (good | (whole == 0) | np.isnan(value)).all():
                empty = whole == 0
                return np.where(empty, np.nan, upper), np.where(empty, np.nan, lower / whole)
    if weights.ndim > 1:
        return missing, missing
    lower = own[denominators(measure)[0]] / whole
    return _influence(counts, arm, measure) + value * lower, lower


def _influence(counts: Counts, arm: str, measure: Measure) -> FloatArray:
    """Return what one cluster of each pattern does to the estimate of an arm, about 0."""
    n = counts.n_clusters
    left = delete_one(counts, measure.arm(arm).estimator)
    mean = float(counts.multiplicity @ left) / n
    return np.asarray((n - 1) * (mean - left) / n)
