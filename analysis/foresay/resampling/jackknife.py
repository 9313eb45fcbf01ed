"""Delete-one-cluster jackknife and the delta method, from patterns: the cost ignores clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foresay.counts import Counts, Estimator, FloatArray, IntArray, Sums
from foresay.counts.crossed import CrossedCounts
from foresay.counts.nested import NestedCounts
from foresay.resampling.degrees import satterthwaite_degrees
from foresay.resampling.designs import AnyCounts
from foresay.resampling.two_way import (
    two_way_acceleration,
    two_way_degrees,
    two_way_variance,
)

_STEP = 1e-5  # relative step of the derivative: near the cube root of the machine precision


@dataclass(frozen=True, slots=True)
class Jackknife:
    """What leaving out one cluster does to an estimate.

    Parameters
    ----------
    standard_error : float
        Jackknife standard error; 0 where no cluster matters, ``nan`` where it is undefined.
    acceleration : float
        The `a` of BCa; 0 where no cluster matters, ``nan`` where it is undefined.
    degrees : float
        Degrees of freedom of the design: clusters minus strata, of strata with two or more.
    satterthwaite : float
        Degrees of freedom that the kurtosis of the clusters' influence leaves, in 1..`degrees`.
    """

    standard_error: float
    acceleration: float
    degrees: float
    satterthwaite: float


def _clusters_of_stratum(counts: Counts) -> tuple[IntArray, FloatArray]:
    """Return the place of each pattern's stratum, and the number of clusters in each stratum."""
    if not len(counts.stratum) or (counts.stratum == counts.stratum[0]).all():
        # no strata: sorting a million patterns would cost more than everything else
        return np.zeros(counts.n_patterns, np.int64), np.array([float(counts.n_clusters)])
    _, place = np.unique(counts.stratum, return_inverse=True)
    clusters = np.zeros(int(place.max()) + 1)
    np.add.at(clusters, place, counts.multiplicity)
    return place.astype(np.int64), clusters


def delete_one(counts: Counts, estimator: Estimator) -> FloatArray:
    """Return the estimate without one cluster of each pattern, shape (patterns,).

    With strata, the other clusters of the stratum stand in for the one left out (their weight
    becomes ``n / (n - 1)``), so that strata keep their shares; ``nan`` in a stratum of one cluster.
    """
    own = counts.numerators.astype(np.float64)
    total = counts.totals.numerators
    place, clusters = _clusters_of_stratum(counts)
    if len(clusters) <= 1:
        # the estimators are ratios, so plain deletion is the same, and whole numbers stay whole
        left = total - own
    else:
        within = np.zeros((len(clusters), len(counts.names)))
        np.add.at(within, place, own * counts.multiplicity[:, None])
        size = clusters[place][:, None]
        left = total + (within[place] - size * own) / np.maximum(size - 1, 1)
    values = np.array(
        estimator(Sums(counts.names, left, counts.scale.astype(np.float64))), dtype=np.float64
    )
    values[clusters[place] < 2] = np.nan
    return values


def jackknife(counts: AnyCounts, estimator: Estimator) -> Jackknife:
    """Return jackknife standard error and acceleration over clusters, within strata.

    Parameters
    ----------
    counts : Counts, NestedCounts or CrossedCounts
        The sums per pattern. Of nested counts, outer clusters are left out; of crossed counts,
        items, runs and cells, put together as `foresay.resampling.two_way` says.
    estimator : Estimator
        A pure function of sums.

    Notes
    -----
    With ``l = (n_h - 1)(mean of the stratum - value without the cluster)``, the variance is
    ``sum l^2 / (n_h (n_h - 1))`` and ``a = sum (l / n_h)^3 / (6 (sum (l / n_h)^2)^1.5)``; without
    strata these are the textbook formulas.

    References
    ----------
    Efron 1987, doi:10.1080/01621459.1987.10478410; Davison & Hinkley 1997, section 5.3.2.
    """
    if isinstance(counts, CrossedCounts):
        return _two_way(counts, estimator)
    if isinstance(counts, NestedCounts):
        counts = counts.outer_counts
    place, _ = _clusters_of_stratum(counts)
    values = delete_one(counts, estimator)
    return jackknife_of(values, counts.multiplicity, place)


def _two_way(counts: CrossedCounts, estimator: Estimator) -> Jackknife:
    items = jackknife(counts.item_counts, estimator)
    runs = jackknife(counts.run_counts, estimator)
    cells = jackknife(counts.cell_counts, estimator)
    variances = [found.standard_error**2 for found in (items, runs, cells)]
    variance = two_way_variance(*variances)
    return Jackknife(
        standard_error=float(np.sqrt(variance)),
        acceleration=two_way_acceleration(
            (variances[0], items.acceleration), (variances[1], runs.acceleration)
        ),
        degrees=min(items.degrees, runs.degrees),
        satterthwaite=two_way_degrees(
            variance, (variances[0], items.satterthwaite), (variances[1], runs.satterthwaite)
        ),
    )


def jackknife_of(
    values: FloatArray, multiplicity: IntArray, place: IntArray | None = None
) -> Jackknife:
    """Return the jackknife from the estimates without one cluster.

    Parameters
    ----------
    values : array of shape (patterns,)
        The estimate without one cluster of each pattern.
    multiplicity : int64 array of shape (patterns,)
        Clusters of each pattern.
    place : int64 array of shape (patterns,), optional
        Stratum of each pattern, numbered from 0; strata of one cluster contribute nothing.
    """
    if place is None:
        place = np.zeros(len(values), np.int64)
    clusters = np.bincount(place, weights=multiplicity.astype(np.float64))
    degrees = float((clusters[clusters >= 2] - 1).sum())
    varies = clusters[place] >= 2
    values = values[varies]
    if not len(values) or not np.isfinite(values).all():
        return Jackknife(np.nan, np.nan, degrees, degrees)
    place, weight = place[varies], multiplicity[varies].astype(np.float64)
    size = clusters[place]
    middle = np.bincount(place, weights=weight * values, minlength=len(clusters))[place] / size
    influence = (size - 1) * (middle - values)
    # differences that are only rounding are none
    influence[np.abs(middle - values) <= 1e-13 * np.maximum(np.abs(values), 1e-300)] = 0.0
    spread = float((weight * (influence / size) ** 2).sum())
    if spread == 0:
        return Jackknife(0.0, 0.0, degrees, degrees)
    variance = float((weight * influence**2 / (size * (size - 1))).sum())
    skew = float((weight * (influence / size) ** 3).sum())
    return Jackknife(
        standard_error=float(np.sqrt(variance)),
        acceleration=skew / (6 * spread**1.5),
        degrees=degrees,
        satterthwaite=satterthwaite_degrees(influence / size, weight, degrees),
    )


def delta_errors(counts: Counts, estimator: Estimator, weights: FloatArray) -> FloatArray:
    """Return the linearised standard error of an estimator under `weights`, shape (...,).

    Parameters
    ----------
    counts : Counts
        The sums per pattern.
    estimator : Estimator
        A smooth function of sums.
    weights : array of shape (..., patterns)
        Clusters of each pattern: the multiplicities, or those of a replicate.

    Notes
    -----
    The derivative of the estimator in each sum, taken numerically, makes each cluster's sums one
    number; the variance is ``n_h / (n_h - 1)`` times their sum of squares about the stratum's mean.
    """
    sums = counts.weighted(weights)
    influence = np.zeros(weights.shape)
    for j in range(len(counts.names)):
        step = _STEP * np.maximum(np.abs(sums.numerators[..., j]), 1.0)
        up, down = sums.numerators.copy(), sums.numerators.copy()
        up[..., j] += step
        down[..., j] -= step
        rise = np.asarray(
            estimator(Sums(sums.names, up, sums.scale))
            - estimator(Sums(sums.names, down, sums.scale))
        )
        slope = rise / (up[..., j] - down[..., j])
        influence += slope[..., None] * counts.numerators[:, j].astype(np.float64)
    place, clusters = _clusters_of_stratum(counts)
    variance = np.zeros(weights.shape[:-1])
    for h, size in enumerate(clusters):
        if size < 2:
            continue
        w, x = weights[..., place == h], influence[..., place == h]
        middle = (w * x).sum(axis=-1, keepdims=True) / size
        variance += size / (size - 1) * (w * (x - middle) ** 2).sum(axis=-1)
    return np.asarray(np.sqrt(variance))
