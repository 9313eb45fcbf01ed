"""Intervals that need no resampling, by name."""

from __future__ import annotations

import math
from dataclasses import replace

from foresay.resampling.beta_binomial import beta_binomial
from foresay.resampling.interval import Interval
from foresay.resampling.intervals import (
    AUTO_PROPORTION,
    MEAN_INTERVALS,
    MODEL_INTERVAL,
    PROPORTION_INTERVALS,
    T_INTERVALS,
)
from foresay.resampling.no_variation import interval_without_variation
from foresay.resampling.observed import Observed


def closed_form(observed: Observed, name: str, level: float) -> Interval:
    """Return the closed-form interval called `name`.

    Parameters
    ----------
    observed : Observed
        The estimate, from two clusters or more.
    name : str
        A key of `PROPORTION_INTERVALS` for a proportion, of `MEAN_INTERVALS` for a mean of them,
        or of `T_INTERVALS`; or `MODEL_INTERVAL`.
    level : float
        Confidence level in 0..1.

    Returns
    -------
    Interval
        The exact bound where no cluster varies.
    """
    if name == MODEL_INTERVAL:
        return _of_model(observed, level)
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
        known = MEAN_INTERVALS if name in MEAN_INTERVALS else T_INTERVALS
        bounds = known[name](value, found, level) if error > 0 else None
    if bounds is None:
        return interval_without_variation(observed, level)
    low, high = max(bounds[0], kind.low), min(bounds[1], kind.high)
    return Interval(low=low, high=high, standard_error=error, name=name)


def _of_model(observed: Observed, level: float) -> Interval:
    """Return the interval of the beta-binomial model, or that of ``auto`` where it has no place."""
    proportion, clusters = observed.proportion(), observed.clusters()
    why = "needs whole trials in one level of clusters without strata"
    if proportion is not None and clusters is not None:
        if not proportion.variance > 0:
            return interval_without_variation(observed, level)
        low, high = beta_binomial(clusters, level)
        if low < observed.value < high:
            error = proportion.standard_error
            return Interval(low=low, high=high, standard_error=error, name=MODEL_INTERVAL)
        why = "estimates the mean over clusters, which is far from that over trials"
    other = closed_form(observed, AUTO_PROPORTION, level)
    note = f"{MODEL_INTERVAL} {why}: {AUTO_PROPORTION} instead"
    return replace(other, notes=(note, *other.notes))
