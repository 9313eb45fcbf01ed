"""Observed: what intervals need to know of the observed data, computed where it is needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from foresay.counts import Counts, Estimator
from foresay.measures.kinds import Kind, Proportion
from foresay.resampling.beta_binomial import Clusters, whole_clusters
from foresay.resampling.clustered_proportions import ClusteredProportion, clustered_proportion
from foresay.resampling.designs import AnyCounts
from foresay.resampling.jackknife import Jackknife, delta_errors, jackknife


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """An estimate without its interval.

    Parameters
    ----------
    value : float
        The estimator on the observed data.
    kind : Proportion, Ratio or Difference
        What kind of number it is.
    n_clusters : int
        Clusters that contribute, of the level that has fewer where two are crossed.
    jackknife : callable
        Gives the delete-one-cluster jackknife.
    proportion : callable
        Gives the linearised proportion, or None where the estimand is none.
    error : callable
        Gives the linearised standard error, ``nan`` where the path has none.
    clusters : callable
        Gives right answers and trials by pattern of cluster, or None where they are not whole.
    """

    value: float
    kind: Kind
    n_clusters: int
    jackknife: Callable[[], Jackknife]
    proportion: Callable[[], ClusteredProportion | None]
    error: Callable[[], float]
    clusters: Callable[[], Clusters | None] = lambda: None


def observed(
    counts: AnyCounts, estimator: Estimator, kind: Kind, value: float, n_clusters: int
) -> Observed:
    """Return what intervals need to know of counts."""

    def error() -> float:
        if not isinstance(counts, Counts):
            return float("nan")
        return float(delta_errors(counts, estimator, counts.multiplicity.astype(np.float64)))

    return Observed(
        value=value,
        kind=kind,
        n_clusters=n_clusters,
        jackknife=lambda: jackknife(counts, estimator),
        proportion=lambda: (
            clustered_proportion(counts, kind) if isinstance(kind, Proportion) else None
        ),
        error=error,
        clusters=lambda: whole_clusters(counts, kind),
    )
