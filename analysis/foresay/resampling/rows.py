"""Estimates of statistics that need every row: ranks, isotonic fits, unbinned areas.

A statistic that is no function of sums is computed anew on every resample, with the weight of its
cluster on each row. It is the same bootstrap as on patterns, at the cost of the statistic times
the number of resamples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from foresay.counts import FloatArray, IntArray
from foresay.measures.kinds import Kind
from foresay.resampling.closed_forms import closed_form
from foresay.resampling.estimate import Estimate, check_numbers
from foresay.resampling.from_replicates import from_replicates
from foresay.resampling.interval import Interval
from foresay.resampling.intervals import BOOTSTRAP_INTERVALS, T_INTERVALS, choose_interval
from foresay.resampling.jackknife import Jackknife, jackknife_of
from foresay.resampling.observed import Observed
from foresay.resampling.obstacles import ALONE, few_clusters

Statistic = Callable[[FloatArray, FloatArray], float]
"""From values (n, d) and whole weights (n,) to a number; ``nan`` where it is undefined."""

UNDEFINED = "undefined: the statistic gives no number on these rows"


def estimate_rows(
    values: FloatArray,
    clusters: IntArray,
    statistic: Statistic,
    *,
    kind: Kind,
    interval: str = "auto",
    level: float = 0.95,
    resamples: int = 10_000,
    rng: np.random.Generator,
) -> Estimate:
    """Estimate one number from rows, with its interval over clusters.

    Parameters
    ----------
    values : array of shape (n, d)
        The rows.
    clusters : integer array of shape (n,)
        Which cluster each row belongs to; any integers. Clusters are what the interval
        generalises to.
    statistic : callable
        ``statistic(values, weights)``: values in an order that no order of the input changes, and
        how often each row counts. It must not change them, nor use randomness of its own.
    kind : Proportion, Ratio or Difference
        Bounds of the number; `Difference` with ``low=0, high=1`` for an area under a curve.
    interval : str
        ``auto``, ``percentile``, ``basic``, ``bca``, ``cluster_t`` or ``t_satterthwaite``; others
        become the choice of ``auto``, and the note says so.
    level, resamples, rng
        As for `foresay.resampling.estimate`.

    Returns
    -------
    Estimate
        Its `path` is ``rows``. The interval is ``t_satterthwaite`` under ``auto``: a jackknife
        costs one call of the statistic for each distinct cluster; with more of these than
        resamples, ``auto`` is ``percentile``.

    Raises
    ------
    ChoiceError
        `interval`, `level` or `resamples` cannot be.
    ValueError
        The shapes do not fit.

    Examples
    --------
    >>> from foresay.measures import Difference
    >>> from foresay.resampling import stream
    >>> def median(values, weights):
    ...     return float(np.median(np.repeat(values[:, 0], weights.astype(int))))
    >>> x = np.arange(101.0)[:, None]
    >>> kind = Difference(low=0, high=100)
    >>> found = estimate_rows(
    ...     x, np.arange(101), median, kind=kind, interval="percentile", resamples=500,
    ...     rng=stream(1),
    ... )
    >>> found.value, found.path
    (50.0, 'rows')
    """
    check_numbers(level, resamples)
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 2 or np.shape(clusters) != (len(values),):
        raise ValueError(
            f"values must be (n, d) and clusters (n,); got {values.shape} and {np.shape(clusters)}"
        )
    rows = _Rows(values, np.asarray(clusters))
    value = rows.observed(statistic)
    name, replaced = _choose(interval, kind, rows.n_distinct, resamples)
    seen = Observed(
        value=value,
        kind=kind,
        n_clusters=rows.n_clusters,
        jackknife=lambda: rows.jackknife(statistic),
        proportion=lambda: None,
        error=lambda: float("nan"),
    )
    replicates = np.empty(0)
    notes: tuple[str, ...] = ()
    if not np.isfinite(value):
        value, found, notes = float("nan"), Interval(), (UNDEFINED,)
    elif rows.n_clusters < 2:
        found, notes = Interval(), (ALONE,)
    else:
        notes = tuple(note for note in (replaced, *few_clusters(rows.n_clusters)) if note)
        if name in BOOTSTRAP_INTERVALS:
            replicates = np.fromiter(rows.replicates(statistic, resamples, rng), np.float64)
            found = from_replicates(seen, name, level, replicates)
        else:
            found = closed_form(seen, name, level)
    return Estimate(
        value=value,
        low=found.low,
        high=found.high,
        level=level,
        standard_error=found.standard_error,
        interval=found.name,
        replicates=replicates,
        n_clusters=rows.n_clusters,
        note="; ".join([*notes, *found.notes]),
        path="rows",
    )


def _choose(interval: str, kind: Kind, n_distinct: int, resamples: int) -> tuple[str, str]:
    """Return the interval that a name means for rows, and a note."""
    choose_interval(interval, kind)  # refuses a name that is not known
    chosen = "t_satterthwaite" if n_distinct <= resamples else "percentile"
    if interval == "auto":
        return chosen, ""
    fits = (set(BOOTSTRAP_INTERVALS) - {"studentized"}) | set(T_INTERVALS)
    if interval in fits:
        return interval, ""
    return chosen, f"{interval} needs sums, this statistic needs rows: {chosen} instead"


class _Rows:
    """Rows sorted by their clusters' content, so that neither order nor labels matter."""

    def __init__(self, values: FloatArray, clusters: IntArray) -> None:
        values = values + 0.0  # -0 and 0 are equal, and sort by their place otherwise
        _, place = np.unique(clusters, return_inverse=True)
        place = place.reshape(-1)
        order = np.lexsort((*values.T[::-1], place))
        values, place = values[order], place[order]
        sizes = np.bincount(place)
        ranked, kind = _by_content(values, sizes)
        starts = np.cumsum(sizes) - sizes
        first = np.repeat(starts[ranked] - _starts(sizes[ranked]), sizes[ranked])
        values = values[first + np.arange(len(values))]
        values.setflags(write=False)
        self.values = values
        self.sizes = sizes[ranked]
        self.multiplicity = np.bincount(kind).astype(np.int64) if len(kind) else np.zeros(0, int)

    @property
    def n_clusters(self) -> int:
        return len(self.sizes)

    @property
    def n_distinct(self) -> int:
        return len(self.multiplicity)

    def observed(self, statistic: Statistic) -> float:
        if not len(self.values):
            return float("nan")
        return float(statistic(self.values, np.ones(len(self.values))))

    def replicates(
        self, statistic: Statistic, resamples: int, rng: np.random.Generator
    ) -> Iterator[float]:
        """Yield the statistic on each resample, one at a time: memory for one set of weights."""
        n = self.n_clusters
        for _ in range(resamples):
            drawn = np.bincount(rng.integers(n, size=n), minlength=n)
            yield float(statistic(self.values, np.repeat(drawn, self.sizes).astype(np.float64)))

    def jackknife(self, statistic: Statistic) -> Jackknife:
        """Leave out one cluster of each content."""
        weights = np.ones(len(self.values))
        starts = _starts(self.sizes)
        without = []
        for c in np.cumsum(self.multiplicity) - self.multiplicity:
            inside = slice(starts[c], starts[c] + self.sizes[c])
            weights[inside] = 0.0
            without.append(float(statistic(self.values, weights.copy())))
            weights[inside] = 1.0
        return jackknife_of(np.array(without), self.multiplicity)


def _starts(sizes: IntArray) -> IntArray:
    return np.asarray(np.cumsum(sizes) - sizes)


def _by_content(values: FloatArray, sizes: IntArray) -> tuple[IntArray, IntArray]:
    """Return the clusters in the order of their size and rows, and the content of each of these.

    Parameters
    ----------
    values : array of shape (n, d)
        Rows, cluster after cluster, sorted within each.
    sizes : int64 array of shape (clusters,)
        Rows of each cluster.
    """
    starts = _starts(sizes)
    ranked, kinds, n_kinds = [], [], 0
    for size in np.unique(sizes):
        members = np.flatnonzero(sizes == size)
        rows = values[(starts[members][:, None] + np.arange(size))].reshape(len(members), -1)
        order = np.lexsort(rows.T[::-1]) if rows.shape[1] else np.arange(len(members))
        ordered = rows[order]
        same = (ordered[1:] == ordered[:-1]) | (np.isnan(ordered[1:]) & np.isnan(ordered[:-1]))
        new = np.append(True, ~same.all(axis=1))
        ranked.append(members[order])
        kinds.append(n_kinds + np.cumsum(new) - 1)
        n_kinds += int(new.sum())
    empty = np.zeros(0, np.int64)
    return np.concatenate([empty, *ranked]), np.concatenate([empty, *kinds])
