"""The interval where no cluster varies, which is never one of width 0."""

from __future__ import annotations

import math

from foresay.resampling.interval import Interval
from foresay.resampling.observed import Observed
from foresay.resampling.proportion_intervals import exact


def interval_without_variation(observed: Observed, level: float) -> Interval:
    """Return the exact bound that the number of clusters leaves, where they all agree.

    Parameters
    ----------
    observed : Observed
        The estimate, the same whichever clusters are drawn. A proportion gives the exact interval
        that takes the trials of a cluster for copies. For anything else with bounds, at most a
        share ``q = 1 - ((1 - level) / 2)^(1 / n_clusters)`` of the clusters can differ from those
        seen, and these by no more than the bounds. An estimand without bounds has no interval.
    level : float
        Confidence level in 0..1.

    Returns
    -------
    Interval
        Named ``exact`` or ``none``; its note says which case it is.
    """
    value, kind = observed.value, observed.kind
    proportion = observed.proportion()
    if proportion is not None:
        what = {1.0: "all right", 0.0: "all wrong"}.get(value, "no variation between clusters")
        low, high = exact(proportion, level)
    elif math.isfinite(kind.low) and math.isfinite(kind.high):
        what = "no variation between clusters"
        share = 1 - ((1 - level) / 2) ** (1 / observed.n_clusters)
        low = value - share * (value - kind.low)
        high = value + share * (kind.high - value)
    else:
        return Interval(notes=("no variation between clusters: interval undefined",))
    return Interval(
        low=low, high=high, name="exact", notes=(f"{what}: exact bound, no standard error",)
    )
