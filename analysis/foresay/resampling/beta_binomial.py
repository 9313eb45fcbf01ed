"""An interval from a model of the clusters: beta-binomial counts, integrated on a grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from foresay.counts import Counts, FloatArray, IntArray
from foresay.measures.kinds import Proportion

Bounds = tuple[float, float]

_ODDS = np.linspace(-12.0, 12.0, 801)
_CORRELATIONS = np.concatenate([[1e-4, 0.01, 0.03], np.linspace(0.06, 0.96, 21)])


@dataclass(frozen=True, slots=True)
class Clusters:
    """Whole numbers of right answers and trials, by pattern of cluster.

    Parameters
    ----------
    right, trials, multiplicity : int64 arrays of shape (patterns,)
        Right answers and trials of one cluster, and how many clusters show them.
    """

    right: IntArray
    trials: IntArray
    multiplicity: IntArray


def whole_clusters(counts: object, kind: object) -> Clusters | None:
    """Return the clusters of one proportion of 0/1 trials; None for any other estimand or design.

    Parameters
    ----------
    counts : Counts, NestedCounts or CrossedCounts
        One level without strata is asked for.
    kind : Kind
        A `Proportion` is asked for; a trial that is right in part has no binomial law.
    """
    if not isinstance(counts, Counts) or not isinstance(kind, Proportion) or counts.stratum.any():
        return None
    places = [counts.names.index(name) for name in (kind.numerator, kind.denominator)]
    if (counts.scale[places] != 1).any():
        return None
    right, trials = (counts.numerators[:, place] for place in places)
    there = trials > 0
    if (right[there] > trials[there]).any() or (right < 0).any():
        return None
    return Clusters(right[there], trials[there], counts.multiplicity[there])


def beta_binomial(clusters: Clusters, level: float) -> Bounds:
    """Return the central posterior interval of the mean rate of clusters, in 0..1.

    The model: a cluster's rate is beta with mean p and intra-cluster correlation r, its right
    answers are binomial. Jeffreys' prior for p, uniform for r, integrated on a grid of log odds
    and correlations.

    It is about half as wide as ``logit_satterthwaite`` near 0 or 1 with few clusters and covers
    as often where the model holds (`docs/validity.md`). It estimates the mean over *clusters*:
    not where large clusters are easier or harder than small ones, nor where a rare kind of
    cluster holds the errors, which no beta law allows. So it is a choice and not ``auto``.

    Parameters
    ----------
    clusters : Clusters
        See `whole_clusters`.
    level : float
        Confidence level in 0..1.

    References
    ----------
    Griffiths 1973, doi:10.2307/2529131 (the model); Brown, Cai & DasGupta 2001,
    doi:10.1214/ss/1009213286 (Jeffreys' prior for a binomial proportion).
    """
    p = scipy.special.expit(_ODDS)[:, None]
    total = (1 / _CORRELATIONS - 1)[None, :]
    wrong = clusters.trials - clusters.right
    logs = (
        _log_rising(p * total, clusters.right, clusters.multiplicity)
        + _log_rising(scipy.special.expit(-_ODDS)[:, None] * total, wrong, clusters.multiplicity)
        - _log_rising(total, clusters.trials, clusters.multiplicity)
    )
    # uniform in r by the spacing of its grid; Jeffreys' prior, dp / sqrt(p (1 - p)), is
    # sqrt(p (1 - p)) on a grid of log odds
    prior = np.sqrt(scipy.special.expit(_ODDS) * scipy.special.expit(-_ODDS))
    weight = np.exp(logs - logs.max()) @ np.gradient(_CORRELATIONS) * prior
    below = np.cumsum(weight) - weight / 2
    tail = (1 - level) / 2
    low, high = np.interp([tail, 1 - tail], below / weight.sum(), _ODDS)
    return float(scipy.special.expit(low)), float(scipy.special.expit(high))


def _log_rising(start: FloatArray, steps: IntArray, multiplicity: IntArray) -> FloatArray:
    """Return the sum over clusters of ``log(start (start + 1) ... (start + steps - 1))``."""
    distinct, place = np.unique(steps, return_inverse=True)
    many = np.bincount(place.reshape(-1), weights=multiplicity)
    found = np.zeros_like(start)
    for n, weight in zip(distinct.tolist(), many.tolist(), strict=True):
        found += weight * (scipy.special.gammaln(start + n) - scipy.special.gammaln(start))
    return found
