"""Intervals that need no resampling, by name."""

from __future__ import annotations

import math

from foresay.resampling.interval import Interval
from foresay.resampling.intervals import PROPORTION_INTERVALS, T_INTERVALS
from foresay.resampling.no_variation import interval_without_variation
from foresay.resampling.observed import Observed


def closed_form(observed: Observed, name: str, level: float) -> Interval:
    """Return the closed-form interval called `name`.

    Parameters
    ----------
    observed : Observed
        The estimate, from two clusters or more.
    name : str
        A key of `PROPORTION_INTERVALS` for a proportion, or of `T_INTERVALS`.
    level : float
        Confidence level in 0..1.

    Returns
    -------
    Interval
        The exact bound where no cluster varies.
    """
    value, kind = observed.value, observed.kind
    proportion = observed.proportion() if name in PROPORTION_INTERVALS else None
    if proportion is not None:
        error = proportion.standard_error
        varies = error > 0 and proportion.degrees >= 1
        bounds = PROPORTION_INTERVALS[name](proportion, level) if varies else None
    else:
        found = observed.jackknife()
        error = found.standard_error
        if math.isnan(error) or found.degrees < 1:
            reason = f"undefined without one of the clusters: {name} undefined"
            return Interval(notes=(reason,))
        bounds = T_INTERVALS[name](value, found, level) if error > 0 else None
    if bounds is None:
        return interval_without_variation(observed, level)
    low, high = max(bounds[0], kind.low), min(bounds[1], kind.high)
    return Interval(low=low, high=high, standard_error=error, name=name)
