"""Resampled sums: clusters drawn with replacement within strata, in bounded memory.

Drawing clusters and counting how many show each pattern is drawing the counts from a multinomial
law. A pattern that many clusters share costs one binomial draw a replicate; the others are drawn
cluster by cluster, which is cheaper for them. Both give the same law, and a stratum may mix them.
`Draws.path` says which was taken:

- ``multinomial``: every pattern is drawn as a count;
- ``clusters``: every cluster is drawn by itself;
- ``multinomial+clusters``: common patterns as counts, rare ones cluster by cluster;
- ``fixed``: every stratum has a single cluster, so nothing varies;
- ``two-level: ...`` and ``two-way: ...``: the same for the inner clusters of
  `foresay.counts.nested` and the items of `foresay.counts.crossed`.

`foresay.resampling.weights` draws the weights of one level. However many estimands share the
clusters, the weights are drawn once and multiplied with all sums at once; where many clusters are
drawn one by one, `foresay.resampling.singles` does so chunk by chunk. `explain_draws` says which
way is taken for some counts, and what the others would cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from foresay.counts import Estimator, FloatArray, IntArray, Sums
from foresay.counts.crossed import CrossedCounts
from foresay.counts.nested import NestedCounts
from foresay.counts.patterns import WholeMatrix
from foresay.resampling.designs import AnyCounts
from foresay.resampling.jackknife import delta_errors
from foresay.resampling.singles import add_by_chunk, pays
from foresay.resampling.weights import (
    HEAVY,
    Stratum,
    fill,
    strata_of,
    ways,
)

BLOCK_CELLS = 2**18
"""Largest number of weights, or of single clusters, that one block of replicates draws."""

FEW_KINDS = 64
"""Up to this many kinds of outer clusters, each is drawn by a call of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """All replicates of the sums of one study part.

    Parameters
    ----------
    sums : Sums
        With leading axis (resamples,).
    errors : array of shape (estimators, resamples)
        Standard error of each estimator within each replicate; no rows unless asked for.
    path : str
        How they were drawn, as the module says.
    n_fixed : int
        Strata with a single cluster, which no replicate varies; of two levels, outer clusters
        whose single inner cluster is kept.
    """

    sums: Sums
    errors: FloatArray
    path: str
    n_fixed: int


def draw(
    counts: AnyCounts,
    resamples: int,
    rng: np.random.Generator,
    *,
    errors_of: Sequence[Estimator] = (),
) -> Draws:
    """Draw clusters with replacement within strata, `resamples` times.

    Parameters
    ----------
    counts : Counts, NestedCounts or CrossedCounts
        The sums per pattern. Of nested counts, outer clusters are drawn and then inner ones within
        each drawn copy; of crossed counts, items and runs independently.
    resamples : int
        Number of replicates B.
    rng : numpy.random.Generator
        The stream of this estimate.
    errors_of : sequence of Estimator, optional
        Estimators whose standard error is wanted within every replicate (studentised intervals);
        for one level of clusters alone.

    Returns
    -------
    Draws
        Sums of shape (B, sums). The same for any number of threads: sums of whole numbers.

    Notes
    -----
    Given that an outer cluster of a kind is drawn w times, the inner patterns of its copies are
    multinomial with w times its number of inner clusters: a sum of independent multinomials.

    References
    ----------
    Field & Welsh 2007, doi:10.1111/j.1467-9868.2007.00593.x (drawing whole clusters); Davison &
    Hinkley 1997, section 3.8 (two levels); Owen & Eckles 2012, doi:10.1214/12-AOAS547 (two ways).
    """
    if isinstance(counts, NestedCounts):
        return _draw_nested(counts, resamples, rng)
    if isinstance(counts, CrossedCounts):
        return _draw_crossed(counts, resamples, rng)
    strata, fixed = strata_of(counts.stratum, counts.multiplicity)
    sums = np.empty((resamples, len(counts.names)))
    errors = np.empty((len(errors_of), resamples))
    # errors within replicates need the weights of all patterns
    if not errors_of and pays(counts.numerators, strata, counts.n_clusters):
        add_by_chunk(counts, strata, sums, rng)
    else:
        matrix, done = WholeMatrix.of(counts.numerators), 0
        for weights in _blocks(counts.n_patterns, strata, resamples, rng):
            rows = slice(done, done + len(weights))
            sums[rows] = matrix.product(weights, counts.n_clusters)
            for i, estimator in enumerate(errors_of):
                errors[i, rows] = delta_errors(counts, estimator, weights)
            done += len(weights)
    return Draws(
        sums=Sums(counts.names, sums, counts.scale.astype(np.float64)),
        errors=errors,
        path=ways(strata),
        n_fixed=len(fixed),
    )


def _blocks(
    n_patterns: int, strata: Sequence[Stratum], resamples: int, rng: np.random.Generator
) -> Iterator[FloatArray]:
    """Yield the clusters drawn of each pattern, (replicates, patterns), always in one array."""
    rows = block_rows(n_patterns, *(s.n_light for s in strata))
    # a stratum with a single cluster is drawn as it is: its multiplicities are all 1
    block = np.ones((min(rows, resamples), n_patterns))
    for start in range(0, resamples, rows):
        weights = block[: resamples - start]
        for stratum in strata:
            fill(stratum, weights, np.full(len(weights), stratum.n_clusters), rng)
        yield weights


def block_rows(n_patterns: int, *singles: int) -> int:
    """Return how many replicates of one matrix of weights are drawn at once.

    Parameters
    ----------
    n_patterns : int
        Columns of the matrix.
    *singles : int
        Clusters of some strata that are drawn one by one.
    """
    return max(1, BLOCK_CELLS // max(n_patterns, *singles, 1))


def draws_by_kind(counts: NestedCounts) -> bool:
    """Say whether each kind of outer clusters is drawn by a call of its own.

    That pays where inner patterns are shared or kinds are few; else all copies are drawn at once.
    """
    shared = counts.n_inner >= HEAVY * counts.n_patterns
    return shared or len(counts.outer_multiplicity) <= FEW_KINDS


def _draw_nested(counts: NestedCounts, resamples: int, rng: np.random.Generator) -> Draws:
    kinds = len(counts.outer_multiplicity)
    outer, _ = strata_of(counts.outer_stratum, counts.outer_multiplicity)
    inner, fixed = strata_of(counts.outer, counts.multiplicity)
    by_kind = draws_by_kind(counts)
    matrix = WholeMatrix.of(counts.numerators)
    sums = np.empty((resamples, len(counts.names)))
    rows = block_rows(counts.n_patterns, counts.n_inner if not by_kind else 1)
    for start in range(0, resamples, rows):
        copies = np.ones((min(rows, resamples - start), kinds))
        for stratum in outer:
            fill(stratum, copies, np.full(len(copies), stratum.n_clusters), rng)
        drawn = copies.astype(np.int64)
        if by_kind:
            weights = np.empty((len(copies), counts.n_patterns))
            weights[:, fixed] = drawn[:, counts.outer[fixed]]
            for stratum in inner:
                fill(stratum, weights, drawn[:, stratum.label] * stratum.n_clusters, rng)
        else:
            weights = _copies_at_once(counts, drawn, rng)
        sums[start : start + len(weights)] = matrix.product(weights)
    return Draws(
        sums=Sums(counts.names, sums, counts.scale.astype(np.float64)),
        errors=np.empty((0, resamples)),
        path=f"two-level: {ways(inner) if by_kind else 'clusters'}",
        n_fixed=len(fixed),
    )


def _copies_at_once(counts: NestedCounts, drawn: IntArray, rng: np.random.Generator) -> FloatArray:
    """Draw the inner clusters of all copies, `drawn` (replicates, kinds), one by one."""
    sizes = counts.inner_sizes
    owner = np.repeat(np.arange(counts.n_patterns), counts.multiplicity)
    first = np.cumsum(sizes) - sizes
    singles = drawn * sizes
    kind = np.repeat(np.tile(np.arange(len(sizes)), len(drawn)), singles.reshape(-1))
    # below 1 times a whole number, and rounded down: never the number itself
    place = first[kind] + (rng.random(len(kind)) * sizes[kind]).astype(np.int64)
    row = np.repeat(np.arange(len(drawn)), singles.sum(axis=1))
    found = np.bincount(
        row * counts.n_patterns + owner[place], minlength=len(drawn) * counts.n_patterns
    )
    return found.reshape(len(drawn), counts.n_patterns).astype(np.float64)


def _draw_crossed(counts: CrossedCounts, resamples: int, rng: np.random.Generator) -> Draws:
    items, fixed = strata_of(np.zeros(counts.n_patterns, np.int64), counts.multiplicity)
    runs = counts.n_runs
    matrix = WholeMatrix.of(counts.numerators.reshape(counts.n_patterns, -1))
    sums = np.empty((resamples, len(counts.names)))
    done = 0
    for weights in _blocks(counts.n_patterns, items, resamples, rng):
        rows = slice(done, done + len(weights))
        of_run = rng.multinomial(runs, np.full(runs, 1 / runs), size=len(weights))
        per_run = matrix.product(weights).reshape(len(weights), runs, len(counts.names))
        sums[rows] = (per_run * of_run[:, :, None]).sum(axis=1)
        done += len(weights)
    return Draws(
        sums=Sums(counts.names, sums, counts.scale.astype(np.float64)),
        errors=np.empty((0, resamples)),
        path=f"two-way: {ways(items)}",
        n_fixed=len(fixed),
    )
