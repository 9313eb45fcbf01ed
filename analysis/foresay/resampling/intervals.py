"""Which interval a name means, and which one ``auto`` chooses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from foresay.errors import ChoiceError
from foresay.measures.kinds import Kind, Mean, Proportion
from foresay.resampling.clustered_proportions import ClusteredProportion
from foresay.resampling.designs import DesignName
from foresay.resampling.jackknife import Jackknife
from foresay.resampling.proportion_intervals import (
    Bounds,
    cluster_t,
    exact,
    korn_graubard,
    logit_satterthwaite,
    logit_t,
    wilson,
)
from foresay.resampling.t_intervals import (
    jackknife_logit_satterthwaite,
    jackknife_logit_t,
    jackknife_t,
    t_satterthwaite,
)

BOOTSTRAP_INTERVALS = ("percentile", "basic", "bca", "studentized")
"""Intervals from replicates, for any estimand."""

PROPORTION_INTERVALS: Mapping[str, Callable[[ClusteredProportion, float], Bounds]] = (
    MappingProxyType(
        {
            "cluster_t": cluster_t,
            "logit_t": logit_t,
            "logit_satterthwaite": logit_satterthwaite,
            "wilson": wilson,
            "korn_graubard": korn_graubard,
            "exact": exact,
        }
    )
)
"""Closed-form intervals, for one proportion."""

T_INTERVALS: Mapping[str, Callable[[float, Jackknife, float], Bounds]] = MappingProxyType(
    {"cluster_t": jackknife_t, "t_satterthwaite": t_satterthwaite}
)
"""Closed-form intervals from the jackknife, for any estimand."""

MEAN_INTERVALS: Mapping[str, Callable[[float, Jackknife, float], Bounds]] = MappingProxyType(
    {"logit_t": jackknife_logit_t, "logit_satterthwaite": jackknife_logit_satterthwaite}
)
"""Closed-form intervals from the jackknife, for a mean of proportions."""

MODEL_INTERVAL = "beta_binomial"
"""The interval from a model of the clusters, for one proportion of whole trials."""

INTERVALS = tuple(
    dict.fromkeys(
        ["auto", *BOOTSTRAP_INTERVALS, *T_INTERVALS, *PROPORTION_INTERVALS, MODEL_INTERVAL]
    )
)
"""Every name that a choice of interval may take."""

AUTO_PROPORTION = "logit_satterthwaite"
AUTO_MEAN = "logit_satterthwaite"
AUTO_OTHER = "t_satterthwaite"


def choose_interval(interval: str, kind: Kind, design: DesignName = "one-level") -> tuple[str, str]:
    """Return the interval that `interval` means for an estimand of this kind, and a note.

    Parameters
    ----------
    interval : str
        One of `INTERVALS`. ``auto`` is what covers best in the simulations that
        `foresay.resampling.proportion_intervals` and `foresay.resampling.t_intervals` list:
        ``logit_satterthwaite`` for one proportion and for a mean of them, ``t_satterthwaite`` for
        a ratio or a difference. An interval of proportions becomes that of ``auto`` elsewhere,
        and the note says so: one study asks for many estimands.
    kind : Proportion, Ratio, Difference or Mean
        What is estimated.

    Raises
    ------
    ChoiceError
        The name is unknown.

    Examples
    --------
    >>> from foresay.measures import Difference
    >>> choose_interval("auto", Difference())
    ('t_satterthwaite', '')
    """
    if interval not in INTERVALS:
        raise ChoiceError(
            f"interval {interval!r} is not known; choose one of {', '.join(INTERVALS)}"
        )
    chosen = AUTO_PROPORTION if isinstance(kind, Proportion) else AUTO_OTHER
    if isinstance(kind, Mean):
        chosen = AUTO_MEAN
    if interval == "auto":
        return chosen, ""
    if interval == "studentized" and design != "one-level":
        return chosen, f"studentized is for one level of clusters: {chosen} instead"
    if interval == MODEL_INTERVAL and design != "one-level":
        return chosen, f"{MODEL_INTERVAL} is for one level of clusters: {chosen} instead"
    fits_any = interval in BOOTSTRAP_INTERVALS or interval in T_INTERVALS
    fits_mean = isinstance(kind, Mean) and interval in MEAN_INTERVALS
    if fits_any or fits_mean or isinstance(kind, Proportion):
        return interval, ""
    return chosen, f"{interval} is for one proportion: {chosen} instead"
