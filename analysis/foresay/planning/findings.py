"""Which of many drawn studies would find an effect: the interval that `auto` takes, all at once."""

from __future__ import annotations

import numpy as np
from scipy import special

from foresay.counts import Counts, Estimator, FloatArray, Sums

_STEP = 1e-5  # relative step of the derivative: near the cube root of the machine precision
_CELLS = 2_000_000


def times_found(
    counts: Counts,
    tested: Estimator,
    probability: FloatArray,
    *,
    clusters: int,
    level: float,
    runs: int,
    rng: np.random.Generator,
) -> int:
    """Draw studies and return in how many the interval of the estimate excludes 0.

    Parameters
    ----------
    counts : Counts
        Patterns to draw from; strata are ignored.
    tested : Estimator
        What is tested against 0.
    probability : array of shape (patterns,)
        How likely a cluster shows each pattern.
    clusters : int
        Clusters of each drawn study.
    level : float
        Confidence level.
    runs : int
        Studies.
    rng : numpy.random.Generator
        Where the draws come from.
    """
    at_once = max(1, _CELLS // max(counts.n_patterns, 1))
    found = 0
    for start in range(0, runs, at_once):
        size = min(at_once, runs - start)
        weights = rng.multinomial(clusters, probability, size=size).astype(np.float64)
        found += int(excludes_zero(counts, tested, weights, level).sum())
    return found


def excludes_zero(
    counts: Counts, tested: Estimator, weights: FloatArray, level: float
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return whether the interval of each study excludes 0, shape (studies,).

    Parameters
    ----------
    counts, tested, level
        As for `times_found`.
    weights : array of shape (studies, patterns)
        Clusters of each pattern in each study.

    Notes
    -----
    The linearised cluster-robust error with Satterthwaite's degrees of freedom: the intervals
    ``t_satterthwaite`` and ``logit_satterthwaite`` of `foresay.resampling`, for one stratum. A
    study in which no cluster differs from another has found nothing.
    """
    values = np.asarray(tested(counts.weighted(weights)))
    pull = _linearised(counts, tested, weights)
    n = weights.sum(axis=-1)
    pull = pull - (weights * pull).sum(axis=-1, keepdims=True) / n[:, None]
    square = pull**2
    second = (weights * square).sum(axis=-1)
    fourth = (weights * square**2).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(n / (n - 1) * second)
        spread = n * fourth / second**2 - (n - 3) / (n - 1)
        degrees = np.where(spread <= 0, n - 1, np.clip(2 * n / spread, 1.0, n - 1))
        statistic = np.abs(values) / error
        wide = special.stdtrit(degrees, (1 + level) / 2)
    return np.asarray(np.isfinite(statistic) & (second > 0) & (statistic > wide))


def _linearised(counts: Counts, tested: Estimator, weights: FloatArray) -> FloatArray:
    """Return how far one cluster of each pattern pulls the estimate of each study."""
    sums = counts.weighted(weights)
    pull = np.zeros(weights.shape)
    for j in range(len(counts.names)):
        own = counts.numerators[:, j].astype(np.float64)
        step = _STEP * np.maximum(np.abs(sums.numerators[..., j]), 1.0)
        ends = []
        for signed in (step, -step):
            moved = sums.numerators.copy()
            moved[..., j] += signed
            ends.append(np.asarray(tested(Sums(sums.names, moved, sums.scale))))
        with np.errstate(invalid="ignore"):
            slope = (ends[0] - ends[1]) / (2 * step)
        if np.any(slope != 0):
            pull += slope[..., None] * own
    return pull
