"""Bins of confidence: fixed on the observed data, closed at both ends, ties never parted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foresay.counts import FloatArray, IntArray
from foresay.measures.calibration.levels import Levels

BINS = 15
"""Bins of the calibration errors, as in Guo et al. 2017."""

DECILES = 10
"""Bins of the mean absolute deviation, as published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binned:
    """Sums of each bin, arrays of shape ``(..., bins)``.

    Parameters
    ----------
    n, y, squares : arrays
        As in `Levels`.
    f : array
        Sum of the confidences.
    """

    n: FloatArray
    y: FloatArray
    squares: FloatArray
    f: FloatArray


def equal_mass(levels: Levels, bins: int = BINS) -> IntArray:
    """Return the bin of each level, shape (levels,): about as many trials in each bin.

    A level belongs to the bin in which the middle of its trials lies, so trials of one confidence
    are never parted; bins that get none are left out. There are no more bins than half the trials.

    Examples
    --------
    >>> even = Levels.observed(np.arange(6) / 5, np.ones(6), np.ones(6))
    >>> equal_mass(even, 3).tolist()
    [0, 0, 1, 1, 2, 2]
    """
    total = float(levels.mass.sum())
    bins = int(min(bins, max(1, total // 2)))
    middle = np.cumsum(levels.mass) - levels.mass / 2
    return _numbered(np.floor(bins * middle / max(total, 1)))


def equal_width(levels: Levels, bins: int = BINS) -> IntArray:
    """Return the bin of each level: [0, 1/bins), ..., [1 - 1/bins, 1], the last one closed."""
    # 0.6 * 15 is 9.0 only after rounding away what the float adds
    return _numbered(np.minimum(np.floor(np.round(levels.value * bins, 9)), bins - 1))


def quantile_bins(levels: Levels, bins: int = DECILES) -> IntArray:
    """Return the bin of each level between quantiles of the confidence; equal edges are one.

    The bins of ``pandas.qcut(confidence, bins, duplicates="drop")``: many equal confidences leave
    few and very unequal bins.
    """
    ends = np.cumsum(levels.mass)
    place = np.linspace(0, 1, bins + 1) * max(ends[-1] - 1, 0)
    below = levels.value[_at(ends, np.floor(place))]
    above = levels.value[_at(ends, np.ceil(place))]
    edges = np.unique(below + (above - below) * (place - np.floor(place)))
    inside = np.searchsorted(edges, levels.value - 1e-12, side="left") - 1
    return _numbered(np.clip(inside, 0, max(len(edges) - 2, 0)))


def _at(ends: FloatArray, place: FloatArray) -> IntArray:
    """Return the level of the trial at each place, counted from 0 in order of confidence."""
    return np.minimum(np.searchsorted(ends, place, side="right"), len(ends) - 1).astype(np.int64)


def _numbered(bins: FloatArray | IntArray) -> IntArray:
    return np.unique(bins, return_inverse=True)[1].reshape(-1).astype(np.int64)


def binned(levels: Levels, bins: IntArray) -> Binned:
    """Add levels up by their bin; `bins` (levels,) ascends with the confidence."""
    starts = np.flatnonzero(np.diff(bins, prepend=-1))

    def add(sums: FloatArray) -> FloatArray:
        return np.asarray(np.add.reduceat(sums, starts, axis=-1))

    return Binned(
        n=add(levels.n),
        y=add(levels.y),
        squares=add(levels.squares),
        f=add(levels.n * levels.value),
    )
