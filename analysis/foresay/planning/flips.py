"""Which of many drawn studies the sign-flip test would find an effect in, all at once."""

from __future__ import annotations

import numpy as np

from foresay.comparisons.arms import Comparison
from foresay.comparisons.flip_scores import scores
from foresay.counts import Counts, FloatArray

FEW = 100
"""Clusters below which the sign-flip test finds so much less than the interval that it is planned.

From here on the two find an effect about equally often.
"""

MOST_SIGNS = 4_096
"""Signs of a study's clusters that are tried: all of them up to 13 clusters, else drawn."""

_CELLS = 2_000_000
_ROUNDING = 1e-9


def smallest_p(clusters: int) -> float:
    """Return the smallest two-sided p-value that flipping so many clusters can have."""
    return float(2.0 ** (1 - clusters))


def can_flip(counts: Counts, compared: Comparison) -> bool:
    """Return whether drawn studies of a comparison can be flipped: its arms are ratios of sums."""
    weights = counts.multiplicity.astype(np.float64)[None]
    return bool(np.isfinite(scores(counts, compared, weights)).all())


def times_flipped(
    counts: Counts,
    compared: Comparison,
    probability: FloatArray,
    *,
    clusters: int,
    level: float,
    runs: int,
    rng: np.random.Generator,
) -> int:
    """Draw studies and return in how many the sign-flip test has p of at most ``1 - level``.

    Parameters
    ----------
    counts : Counts
        Patterns to draw from; strata are ignored.
    compared : Comparison
        What is tested; see `can_flip`.
    probability, clusters, level, runs, rng
        As for `foresay.planning.findings.times_found`.

    Notes
    -----
    The test of `foresay.comparisons.permutations`, two-sided: exact up to 13 clusters. With more,
    the signs are drawn, the same for some hundreds of studies, and the observed ones count.
    """
    every = _all_signs(clusters) if 2 ** (clusters - 1) <= MOST_SIGNS else None
    at_once = max(1, _CELLS // max(counts.n_patterns, MOST_SIGNS))
    found = 0
    for start in range(0, runs, at_once):
        size = min(at_once, runs - start)
        weights = rng.multinomial(clusters, probability, size=size)
        contributed = _by_cluster(scores(counts, compared, weights.astype(np.float64)), weights)
        if every is None:
            drawn = 2.0 * rng.integers(0, 2, size=(MOST_SIGNS - 1, clusters)) - 1
            p = _p_values(contributed, np.asarray(drawn, np.float64), every=False)
        else:
            p = _p_values(contributed, every, every=True)
        found += int((p <= 1 - level + _ROUNDING).sum())
    return found


def _by_cluster(
    contributed: FloatArray, weights: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
) -> FloatArray:
    """Return what each cluster contributes, shape (studies, clusters), from that of patterns."""
    studies, patterns = weights.shape
    place = np.repeat(np.tile(np.arange(patterns), studies), weights.reshape(-1))
    return np.take_along_axis(contributed, place.reshape(studies, -1), axis=1)


def _p_values(contributed: FloatArray, signs: FloatArray, *, every: bool) -> FloatArray:
    """Return two-sided p-values, shape (studies,); 1 where an arm of a study is empty."""
    known = np.asarray(np.isfinite(contributed).all(axis=1))
    used = np.where(known[:, None], contributed, 0.0)
    slack = _ROUNDING * np.abs(used).sum(axis=1)
    reach = np.abs(used.sum(axis=1)) - slack
    beyond = (np.abs(used @ signs.T) >= reach[:, None]).sum(axis=1)
    p = beyond / len(signs) if every else (beyond + 1) / (len(signs) + 1)
    return np.where(known, p, 1.0)


def _all_signs(clusters: int) -> FloatArray:
    """Return all signs but those that only turn all of them, shape (signs, clusters)."""
    numbers = np.arange(2 ** (clusters - 1))[:, None]
    bits = (numbers >> np.arange(clusters)[None, :]) & 1
    return np.asarray(1.0 - 2.0 * bits)
