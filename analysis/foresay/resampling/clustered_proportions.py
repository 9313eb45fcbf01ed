"""A proportion of clustered trials: its linearised variance and what its intervals need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foresay.counts import Counts
from foresay.counts.crossed import CrossedCounts
from foresay.counts.nested import NestedCounts
from foresay.measures.kinds import Proportion
from foresay.resampling.degrees import satterthwaite_degrees
from foresay.resampling.designs import AnyCounts
from foresay.resampling.two_way import two_way_degrees, two_way_variance


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusteredProportion:
    """One proportion and how much its clusters vary.

    Parameters
    ----------
    value : float
        The sum of values over the number of trials, in 0..1; ``nan`` without trials.
    variance : float
        Linearised variance of `value` over clusters, within strata; 0 where clusters do not vary.
    trials : float
        Number of trials n.
    n_clusters : int
        Clusters that have a trial.
    degrees : float
        Degrees of freedom of the variance: clusters minus strata, of strata with two or more.
    satterthwaite : float
        Degrees of freedom that the kurtosis of the clusters' residuals leaves, in 1..`degrees`.
    copies : float
        The effective number of trials if all trials of a cluster were copies of one:
        ``(sum m)^2 / sum m^2`` for cluster sizes m.
    """

    value: float
    variance: float
    trials: float
    n_clusters: int
    degrees: float
    satterthwaite: float
    copies: float

    @property
    def standard_error(self) -> float:
        """Linearised standard error; 0 where clusters do not vary."""
        return float(np.sqrt(self.variance))

    @property
    def effective(self) -> float:
        """Number of independent trials with the same variance; infinite where there is none."""
        if self.variance == 0:
            return float("inf")
        return self.value * (1 - self.value) / self.variance


def clustered_proportion(counts: AnyCounts, kind: Proportion) -> ClusteredProportion:
    """Return a proportion with its variance over clusters.

    Parameters
    ----------
    counts : Counts, NestedCounts or CrossedCounts
        The sums per pattern. Of nested counts, the outer clusters vary: their sums hold what the
        inner ones add. For crossed counts see `foresay.resampling.two_way`.
    kind : Proportion
        Which sum is divided by which.

    Notes
    -----
    With residuals ``d = s - p m`` of a cluster's sum s and size m, the variance is
    ``sum_h n_h / (n_h - 1) sum (d - mean_h d)^2 / n^2``.

    References
    ----------
    Woodruff 1971, doi:10.1080/01621459.1971.10482279 (linearised variance of a ratio).
    """
    if isinstance(counts, CrossedCounts):
        return _crossed_proportion(counts, kind)
    if isinstance(counts, NestedCounts):
        counts = counts.outer_counts
    return _one_level(counts, kind)


def _crossed_proportion(counts: CrossedCounts, kind: Proportion) -> ClusteredProportion:
    items = _one_level(counts.item_counts, kind)
    runs = _one_level(counts.run_counts, kind)
    cells = _one_level(counts.cell_counts, kind)
    variance = two_way_variance(items.variance, runs.variance, cells.variance)
    return ClusteredProportion(
        value=items.value,
        variance=variance,
        trials=items.trials,
        n_clusters=min(items.n_clusters, runs.n_clusters),
        degrees=min(items.degrees, runs.degrees),
        satterthwaite=two_way_degrees(
            variance,
            (items.variance, items.satterthwaite),
            (runs.variance, runs.satterthwaite),
        ),
        copies=min(items.copies, runs.copies),
    )


def _one_level(counts: Counts, kind: Proportion) -> ClusteredProportion:
    column = {name: i for i, name in enumerate(counts.names)}
    size = counts.numerators[:, column[kind.denominator]] / counts.scale[column[kind.denominator]]
    score = counts.numerators[:, column[kind.numerator]] / counts.scale[column[kind.numerator]]
    has = size > 0
    size, score, weight = size[has], score[has], counts.multiplicity[has].astype(np.float64)
    totals = counts.totals
    trials = float(totals[kind.denominator])
    value = float(totals[kind.numerator]) / trials if trials else float("nan")
    residual = score - value * size
    # what is left of equal shares after rounding is no variation
    residual[np.abs(residual) <= 1e-12 * size] = 0.0
    _, place = np.unique(counts.stratum[has], return_inverse=True)
    clusters = np.bincount(place, weights=weight)
    varies = clusters[place] >= 2
    middle = np.bincount(place, weights=weight * residual, minlength=len(clusters)) / clusters
    # a total of 0 over all clusters leaves a mean that is only rounding where there is one stratum
    centred = np.where(varies, residual - (middle[place] if len(clusters) > 1 else 0.0), 0.0)
    correction = clusters[place] / np.maximum(clusters[place] - 1, 1)
    squares = float((weight * correction * centred**2).sum())
    degrees = float((clusters[clusters >= 2] - 1).sum())
    return ClusteredProportion(
        value=value,
        variance=squares / trials**2 if trials else float("nan"),
        trials=trials,
        n_clusters=int(weight.sum()),
        degrees=degrees,
        satterthwaite=satterthwaite_degrees(centred[varies], weight[varies], degrees),
        copies=trials**2 / float((weight * size**2).sum()) if trials else 0.0,
    )
