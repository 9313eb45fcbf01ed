"""Spearman's rank correlation of rows, weighted, and what each row does to it."""

from __future__ import annotations

import numpy as np

from foresay.counts import FloatArray


def places(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the place of each row among all, in 0..1 about a mean of 1/2; ties share the middle.

    Parameters
    ----------
    values, weights : arrays of shape (n,)
        Numbers, and how often each row counts.

    Examples
    --------
    >>> places(np.array([3.0, 1.0, 3.0, 2.0]), np.ones(4)).tolist()
    [0.75, 0.125, 0.75, 0.375]
    """
    return np.asarray(_below(values, weights) / weights.sum())


def _below(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the weight of smaller rows and half of that of equal ones."""
    _, place = np.unique(values, return_inverse=True)
    tied = np.bincount(place, weights=weights)
    return np.asarray((np.cumsum(tied) - tied / 2)[place])


def rank_correlation(x: FloatArray, y: FloatArray, weights: FloatArray) -> float:
    """Return Spearman's correlation of weighted rows.

    Parameters
    ----------
    x, y, weights : arrays of shape (n,)
        Numbers, and how often each row counts.

    Returns
    -------
    float
        Pearson's correlation of the mid-ranks, in -1..1; ``nan`` where either does not vary.
    """
    f, g = places(x, weights) - 0.5, places(y, weights) - 0.5
    v, w = float(weights @ f**2), float(weights @ g**2)
    return float(weights @ (f * g)) / float(np.sqrt(v * w)) if v > 0 and w > 0 else float("nan")


def rank_influence(x: FloatArray, y: FloatArray) -> FloatArray:
    """Return what each row does to the rank correlation: its influence, of mean 0.

    Parameters
    ----------
    x, y : arrays of shape (n,)
        Numbers; both vary.

    Returns
    -------
    array of shape (n,)
        Adding weight e to a row changes the correlation by about e / n times its influence. A row
        changes the ranks of the others too; leaving that out would be wrong where the two agree.

    References
    ----------
    Croux & Dehon 2010, doi:10.1007/s10260-010-0142-z (without ties).
    """
    ones = np.ones(len(x))
    f, g = places(x, ones) - 0.5, places(y, ones) - 0.5
    a, v, w = float((f * g).mean()), float((f**2).mean()), float((g**2).mean())
    of_a = f * g + _above(x, g) + _above(y, f) - 3 * a
    of_v = f**2 + 2 * _above(x, f) - 3 * v
    of_w = g**2 + 2 * _above(y, g) - 3 * w
    root = np.sqrt(v * w)
    return np.asarray(of_a / root - a / root / 2 * (of_v / v + of_w / w))


def _above(values: FloatArray, of: FloatArray) -> FloatArray:
    """Return the mean, for each row, of `of` over rows with larger values, equal ones half."""
    return _below(-values, of) / len(values)
