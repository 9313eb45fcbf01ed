"""Intervals from replicates, by name."""

from __future__ import annotations

import numpy as np

from foresay.counts import Counts, Estimator, FloatArray
from foresay.measures.kinds import Kind
from foresay.resampling.bootstrap_intervals import Bounds, basic, bca, percentile, studentized
from foresay.resampling.interval import Interval
from foresay.resampling.jackknife import delta_errors, jackknife
from foresay.resampling.no_variation import interval_without_variation


def from_replicates(
    counts: Counts,
    estimator: Estimator,
    kind: Kind,
    name: str,
    level: float,
    n_clusters: int,
    replicates: FloatArray,
    errors: FloatArray | None = None,
) -> Interval:
    """Return the bootstrap interval called `name`.

    Parameters
    ----------
    counts : Counts
        The sums per pattern, of two clusters or more.
    estimator : Estimator
        A pure function of sums that is defined on these.
    kind : Proportion, Ratio or Difference
        What kind of number it gives; bounds outside its range are cut.
    name : str
        One of `BOOTSTRAP_INTERVALS`.
    level : float
        Confidence level in 0..1.
    n_clusters : int
        Clusters that contribute.
    replicates : array of shape (resamples,)
        The estimator on each resample; ``nan`` where it is undefined, which is left out and noted.
    errors : array of shape (resamples,), optional
        Standard error within each resample; ``studentized`` needs them.

    Returns
    -------
    Interval
        The exact bound where no replicate differs; ``percentile`` where `name` is undefined.
    """
    value = float(estimator(counts.totals))
    defined = np.isfinite(replicates)
    kept = replicates[defined]
    if not len(kept) or np.ptp(kept) <= 1e-12 * max(abs(value), 1e-300):
        return interval_without_variation(counts, value, kind, level, n_clusters)
    notes = []
    if len(kept) < len(replicates):
        lost = len(replicates) - len(kept)
        notes.append(f"{lost} of {len(replicates)} resamples undefined, left out")
    if len(kept) * (1 - level) < 10:
        notes.append(f"{len(kept)} resamples are few for level {level:g}")
    within = None if errors is None else errors[defined]
    low, high = _bounds(counts, estimator, name, level, kept, within)
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        if name != "percentile":
            notes.append(f"{name} undefined here: percentile instead")
        name = "percentile"
        low, high = percentile(kept, level)
    if not low < high:
        return Interval(notes=(*notes, f"too few clusters differ for level {level:g}: undefined"))
    return Interval(
        low=max(low, kind.low),
        high=min(high, kind.high),
        standard_error=float(kept.std(ddof=1)),
        name=name,
        notes=tuple(notes),
    )


def _bounds(
    counts: Counts,
    estimator: Estimator,
    name: str,
    level: float,
    kept: FloatArray,
    errors: FloatArray | None,
) -> Bounds:
    value = float(estimator(counts.totals))
    if name == "bca":
        return bca(value, kept, level, jackknife(counts, estimator).acceleration)
    if name == "basic":
        return basic(value, kept, level)
    if name == "studentized" and errors is not None:
        error = float(delta_errors(counts, estimator, counts.multiplicity.astype(np.float64)))
        return studentized(value, error, kept, errors, level)
    return percentile(kept, level)
