"""Intervals that need no resampling, by name."""

from __future__ import annotations

import math

from foresay.counts import Counts, Estimator
from foresay.measures.kinds import Kind, Proportion
from foresay.resampling.clustered_proportions import clustered_proportion
from foresay.resampling.interval import Interval
from foresay.resampling.intervals import PROPORTION_INTERVALS, T_INTERVALS
from foresay.resampling.jackknife import jackknife
from foresay.resampling.no_variation import interval_without_variation


def closed_form(
    counts: Counts, estimator: Estimator, kind: Kind, name: str, level: float, n_clusters: int
) -> Interval:
    """Return the closed-form interval called `name`.

    Parameters
    ----------
    counts : Counts
        The sums per pattern, of two clusters or more.
    estimator : Estimator
        A pure function of sums that is defined on these.
    kind : Proportion, Ratio or Difference
        What kind of number it gives.
    name : str
        A key of `PROPORTION_INTERVALS` for a proportion, or of `T_INTERVALS`.
    level : float
        Confidence level in 0..1.
    n_clusters : int
        Clusters that contribute.

    Returns
    -------
    Interval
        The exact bound where no cluster varies.
    """
    value = float(estimator(counts.totals))
    if isinstance(kind, Proportion) and name in PROPORTION_INTERVALS:
        proportion = clustered_proportion(counts, kind)
        error = proportion.standard_error
        varies = error > 0 and proportion.degrees >= 1
        bounds = PROPORTION_INTERVALS[name](proportion, level) if varies else None
    else:
        found = jackknife(counts, estimator)
        error = found.standard_error
        if math.isnan(error) or found.degrees < 1:
            reason = f"undefined without one of the clusters: {name} undefined"
            return Interval(notes=(reason,))
        bounds = T_INTERVALS[name](value, found, level) if error > 0 else None
    if bounds is None:
        return interval_without_variation(counts, value, kind, level, n_clusters)
    low, high = max(bounds[0], kind.low), min(bounds[1], kind.high)
    return Interval(low=low, high=high, standard_error=error, name=name)
