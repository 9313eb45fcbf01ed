"""What stands in the way of an interval, and what to warn of, from the numbers of clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foresay.counts import Counts
from foresay.counts.crossed import CrossedCounts
from foresay.counts.nested import NestedCounts
from foresay.measures.kinds import Kind, Proportion
from foresay.resampling.designs import AnyCounts

FEW_CLUSTERS = 30
"""Below this many clusters every estimate carries a warning."""

FEW_THAT_DIFFER = 10
"""With fewer clusters that are not all right (or not all wrong) a proportion carries a warning.

In the study of ``docs/validity.md`` ``auto`` covers at least .94 wherever ten clusters or more are
to be expected; with fewer the other intervals cover less than .93, and ``auto`` too where a cluster
is wholly wrong or not at all. What is fewer is the number that the whole interval rests on.
"""

UNDEFINED = "undefined: nothing in the denominator"
ALONE = "fewer than 2 clusters: interval undefined"
ALONE_IN_STRATA = "every stratum has a single cluster: interval undefined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """How many clusters there are, and what follows from it.

    Parameters
    ----------
    n_clusters : int
        Clusters that contribute: outer ones of two levels, the fewer of two ways.
    stop : str
        Why there can be no interval, or "".
    warnings : tuple of str
        What a reader of the interval should know.
    """

    n_clusters: int
    stop: str
    warnings: tuple[str, ...]


def support(counts: AnyCounts, kind: Kind) -> Support:
    """Return how many clusters contribute to an estimand, and what follows from it.

    Parameters
    ----------
    counts : Counts, NestedCounts or CrossedCounts
        The sums per pattern.
    kind : Proportion, Ratio or Difference
        A proportion counts the clusters that have a trial of its denominator.
    """
    if isinstance(counts, NestedCounts):
        return _two_level(counts, kind)
    if isinstance(counts, CrossedCounts):
        return _two_way(counts, kind)
    n = _contributing(counts, kind)
    stop, warnings = _of_level(n, "clusters")
    alone, kept = _single_strata(counts)
    warnings = (*warnings, *few_that_differ(counts, kind), *few_in_cells(counts))
    return Support(n_clusters=n, stop=stop or alone, warnings=(*warnings, *kept))


def _two_level(counts: NestedCounts, kind: Kind) -> Support:
    outer, inner = counts.levels
    flat = counts.outer_counts
    n = _contributing(flat, kind)
    stop, warnings = _of_level(n, f"clusters of {outer}")
    alone, kept = _single_strata(flat)
    units = f"clusters of {outer}"
    warnings = (*warnings, *few_that_differ(flat, kind, units), *few_in_cells(flat, units))
    warnings = (*warnings, *few_clusters(counts.n_inner, f"clusters of {inner}"))
    singles = int(counts.outer_multiplicity[counts.inner_sizes < 2].sum())
    if singles and singles == counts.n_clusters:
        stop = stop or f"fewer than 2 clusters of {inner} in every {outer}: interval undefined"
    elif singles:
        kept = (*kept, f"{outer} with a single {inner}, which is kept as it is: {singles}")
    return Support(n_clusters=n, stop=stop or alone, warnings=(*warnings, *kept))


def _two_way(counts: CrossedCounts, kind: Kind) -> Support:
    levels = zip(counts.levels, (counts.item_counts, counts.run_counts), strict=True)
    stops: list[str] = []
    said: list[str] = []
    sizes: list[int] = []
    for level, margin in levels:
        n = _contributing(margin, kind)
        stop, warnings = _of_level(n, f"clusters of {level}")
        sizes.append(n)
        stops.append(stop)
        said += warnings
    units, items = f"clusters of {counts.levels[0]}", counts.item_counts
    said += (*few_that_differ(items, kind, units), *few_in_cells(items, units))
    stop = next((s for s in stops if s), "")
    return Support(n_clusters=min(sizes), stop=stop, warnings=tuple(said))


def _contributing(counts: Counts, kind: Kind) -> int:
    if isinstance(kind, Proportion):
        counted = counts.numerators[:, counts.names.index(kind.denominator)] != 0
    else:
        counted = (counts.numerators != 0).any(axis=1)
    return int(counts.multiplicity[counted].sum())


def few_clusters(n: int, units: str = "clusters") -> tuple[str, ...]:
    """Return the warning of `n` units, or none where there are enough."""
    if n >= FEW_CLUSTERS:
        return ()
    return (f"fewer than {FEW_CLUSTERS} {units}: interval approximate",)


def few_that_differ(counts: Counts, kind: Kind, units: str = "clusters") -> tuple[str, ...]:
    """Return the warning of a proportion near 0 or 1, or none.

    Parameters
    ----------
    counts : Counts
        The sums per pattern.
    kind : Proportion, Ratio or Difference
        Only a proportion says what all right and all wrong are.
    units : str
        What the clusters are called.

    Returns
    -------
    tuple of str
        Nothing where there are few clusters at all, which is a warning of its own, or where none
        differs, so that the interval is exact and its note says so.

    Examples
    --------
    >>> import numpy as np
    >>> from foresay.counts import collapse
    >>> match, trials = np.repeat([1, 2], [4, 46]), np.full(50, 2)
    >>> few_that_differ(collapse({"m": match, "t": trials}), Proportion("m", "t"))
    ('only 4 of 50 clusters are not all right: interval approximate',)
    """
    if not isinstance(kind, Proportion):
        return ()
    sums = {name: counts.numerators[:, j] / counts.scale[j] for j, name in enumerate(counts.names)}
    score, size = sums[kind.numerator], sums[kind.denominator]
    n = int(counts.multiplicity[size > 0].sum())
    not_right = int(counts.multiplicity[score < size].sum())
    not_wrong = int(counts.multiplicity[score > 0].sum())
    fewer, what = min((not_right, "right"), (not_wrong, "wrong"))
    if n < FEW_CLUSTERS or not 0 < fewer < FEW_THAT_DIFFER:
        return ()
    are = "is" if fewer == 1 else "are"
    return (f"only {fewer} of {n} {units} {are} not all {what}: interval approximate",)


def few_in_cells(counts: Counts, units: str = "clusters") -> tuple[str, ...]:
    """Return the warning of a mean over cells one of which has few clusters, or none.

    Parameters
    ----------
    counts : Counts
        The sums per pattern; those of cell number j have ``cell{j}`` in their names (see
        `foresay.measures.macro`).
    units : str
        What the clusters are called.

    Returns
    -------
    tuple of str
        Nothing without cells, or where there are few clusters at all.

    Notes
    -----
    Every cell counts the same, so the mean is no better known than that of its smallest cell: in
    the study of ``docs/validity.md`` with 50 clusters, of which the smallest cell has five, the
    interval covers far less than .93 near 0 or 1.
    """
    columns: dict[str, list[int]] = {}
    for j, name in enumerate(counts.names):
        for part in name.split("."):
            if part.startswith("cell") and part.removeprefix("cell").isdecimal():
                columns.setdefault(part, []).append(j)
    if not columns or counts.n_clusters < FEW_CLUSTERS:
        return ()
    sizes = [
        int(counts.multiplicity[(counts.numerators[:, chosen] != 0).any(axis=1)].sum())
        for chosen in columns.values()
    ]
    small = sum(size < FEW_CLUSTERS for size in sizes)
    if not small:
        return ()
    cells = "cell has" if small == 1 else "cells have"
    return (f"{small} {cells} fewer than {FEW_CLUSTERS} {units}: interval approximate",)


def _of_level(n: int, units: str) -> tuple[str, tuple[str, ...]]:
    """Return what stops an interval of `n` units, and what to warn of."""
    if n < 2:
        return f"fewer than 2 {units}: interval undefined", ()
    return "", few_clusters(n, units)


def _single_strata(counts: Counts) -> tuple[str, tuple[str, ...]]:
    """Return the same for strata that hold a single cluster."""
    _, place = np.unique(counts.stratum, return_inverse=True)
    clusters = np.bincount(place, weights=counts.multiplicity.astype(np.float64))
    single = int((clusters == 1).sum())
    if single and single == len(clusters):
        return ALONE_IN_STRATA, ()
    kept = f"strata with a single cluster, kept as they are: {single}"
    return "", (kept,) if single else ()
