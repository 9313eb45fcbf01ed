"""Intervals from replicates, by name."""

from __future__ import annotations

import numpy as np

from foresay.counts import FloatArray
from foresay.resampling.bootstrap_intervals import Bounds, basic, bca, percentile, studentized
from foresay.resampling.interval import Interval
from foresay.resampling.no_variation import interval_without_variation
from foresay.resampling.observed import Observed


def from_replicates(
    observed: Observed,
    name: str,
    level: float,
    replicates: FloatArray,
    errors: FloatArray | None = None,
) -> Interval:
    """Return the bootstrap interval called `name`.

    Parameters
    ----------
    observed : Observed
        The estimate, from two clusters or more; bounds outside its range are cut.
    name : str
        One of `BOOTSTRAP_INTERVALS`.
    level : float
        Confidence level in 0..1.
    replicates : array of shape (resamples,)
        The estimator on each resample; ``nan`` where it is undefined, which is left out and noted.
    errors : array of shape (resamples,), optional
        Standard error within each resample; ``studentized`` needs them.

    Returns
    -------
    Interval
        The exact bound where no replicate differs; ``percentile`` where `name` is undefined.
    """
    defined = np.isfinite(replicates)
    kept = replicates if defined.all() else replicates[defined]
    if not len(kept) or kept.max() - kept.min() <= 1e-12 * max(abs(observed.value), 1e-300):
        return interval_without_variation(observed, level)
    notes = []
    if len(kept) < len(replicates):
        lost = len(replicates) - len(kept)
        notes.append(f"{lost} of {len(replicates)} resamples undefined, left out")
    if len(kept) * (1 - level) < 10:
        notes.append(f"{len(kept)} resamples are few for level {level:g}")
    within = None if errors is None else errors[defined]
    low, high = _bounds(observed, name, level, kept, within)
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        if name != "percentile":
            notes.append(f"{name} undefined here: percentile instead")
        name = "percentile"
        low, high = percentile(kept, level)
    if not low < high:
        return Interval(notes=(*notes, f"too few clusters differ for level {level:g}: undefined"))
    return Interval(
        low=max(low, observed.kind.low),
        high=min(high, observed.kind.high),
        standard_error=float(kept.std(ddof=1)),
        name=name,
        notes=tuple(notes),
    )


def _bounds(
    observed: Observed, name: str, level: float, kept: FloatArray, errors: FloatArray | None
) -> Bounds:
    if name == "bca":
        return bca(observed.value, kept, level, observed.jackknife().acceleration)
    if name == "basic":
        return basic(observed.value, kept, level)
    if name == "studentized" and errors is not None:
        return studentized(observed.value, observed.error(), kept, errors, level)
    return percentile(kept, level)
